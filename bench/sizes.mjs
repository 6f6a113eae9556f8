/** How much data, and how often each workload is done. `small` is for trying the harness, not for figures. */
export const SIZES = {
  full: {
    users: 100_000,
    posts: 300_000,
    comments: 600_000,
    accounts: 10_000,
    structure: { tables: 500, columns: 20 },
    migrations: 100,
    scale: { users: 1_000_000, posts: 300_000, comments: 5_000_000, wide: 1000 },
    effort: 1,
  },
  small: {
    users: 12_000,
    posts: 20_000,
    comments: 40_000,
    accounts: 1_000,
    structure: { tables: 40, columns: 20 },
    migrations: 10,
    scale: { users: 20_000, posts: 10_000, comments: 100_000, wide: 1000 },
    effort: 0.1,
  },
}
