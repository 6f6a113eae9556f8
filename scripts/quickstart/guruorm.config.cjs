const url = process.env.DATABASE_URL

module.exports = {
  default: 'shop',
  connections: {
    shop: url ? { url } : { driver: 'sqlite', database: `${__dirname}/shop.sqlite` },
  },
}
