import { defineConfig } from 'vitest/config'

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  test: {
    include: ['__test__/**/*.test.ts'],
    globalSetup: './__test__/support/global-setup.ts',
    // A process per file: the addon has one native environment per process, and a crash must not take other files along.
    pool: 'forks',
    // Two at a time: the databases and the tests share the machine's cores.
    maxWorkers: 2,
    // Projects that tests write are loaded by Node, as users' are.
    server: { deps: { external: [/guruorm-project-/] } },
    // Promises about time are tested with servers, proxies and this machine's two cores: one busy moment is no defect.
    retry: process.env.CI === undefined ? 0 : 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
  },
})
