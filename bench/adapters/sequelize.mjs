import { DataTypes, Op, Sequelize } from 'sequelize'

const key = { type: DataTypes.BIGINT, primaryKey: true }
const { BIGINT, BOOLEAN, DATE, DECIMAL, INTEGER, JSONB, TEXT } = DataTypes

export function open({ url, connections }) {
  const sequelize = new Sequelize(url, { logging: false, pool: { max: connections }, define: { timestamps: false } })
  const users = sequelize.define(
    'users',
    {
      id: key,
      name: TEXT,
      email: TEXT,
      age: INTEGER,
      balance: DECIMAL(12, 2),
      active: BOOLEAN,
      meta: JSONB,
      created_at: DATE,
    },
    { tableName: 'users' },
  )
  const posts = sequelize.define('posts', { id: key, user_id: BIGINT, title: TEXT, body: TEXT })
  const comments = sequelize.define('comments', { id: key, post_id: BIGINT, body: TEXT })
  const accounts = sequelize.define('accounts', { id: key, coins: INTEGER })
  const inserts = sequelize.define('inserts', { id: key, name: TEXT, email: TEXT, age: INTEGER })
  users.hasMany(posts, { foreignKey: 'user_id', as: 'posts' })
  posts.hasMany(comments, { foreignKey: 'post_id', as: 'comments' })
  const order = [['id', 'asc']]
  return {
    findUser: (id) => users.findByPk(id, { raw: true }),
    usersFrom: (id, limit) => users.findAll({ where: { id: { [Op.gt]: id } }, order, limit, raw: true }),
    firstUsers: (limit) => users.findAll({ order, limit, raw: true }),
    insertOne: (row) => inserts.create(row),
    insertMany: (rows) => inserts.bulkCreate(rows),
    transfer: (from, to) =>
      sequelize.transaction(async (transaction) => {
        await accounts.findByPk(from, { transaction, raw: true })
        await accounts.findByPk(to, { transaction, raw: true })
        await accounts.decrement('coins', { by: 1, where: { id: from }, transaction })
        await accounts.increment('coins', { by: 1, where: { id: to }, transaction })
      }),
    // `separate` loads what is below with a query of its own, as its manual advises for lists in lists.
    usersWithPosts: (limit) =>
      users.findAll({
        order,
        limit,
        include: [
          { model: posts, as: 'posts', separate: true, include: [{ model: comments, as: 'comments', separate: true }] },
        ],
      }),
    firstModels: (limit) => users.findAll({ order, limit }),
    close: () => sequelize.close(),
  }
}
