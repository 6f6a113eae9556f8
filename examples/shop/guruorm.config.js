/** One variable chooses the database: DATABASE_URL, or DB_CONNECTION with DB_HOST, DB_PORT, … */
const { DATABASE_URL, DB_CONNECTION, DB_HOST, DB_PORT, DB_DATABASE, DB_USERNAME, DB_PASSWORD } = process.env

const parts = {
  driver: DB_CONNECTION,
  host: DB_HOST,
  port: DB_PORT && Number(DB_PORT),
  database: DB_DATABASE,
  username: DB_USERNAME,
  password: DB_PASSWORD,
}
const given = Object.fromEntries(Object.entries(parts).filter(([, value]) => value))

export default {
  connections: {
    shop: DB_CONNECTION ? given : { url: DATABASE_URL ?? 'sqlite:database/shop.sqlite' },
  },
  migrations: { path: 'database/migrations' },
  seeders: { path: 'database/seeders' },
}
