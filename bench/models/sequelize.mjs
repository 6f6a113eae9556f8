import { DataTypes, Sequelize } from 'sequelize'
import { MODELS, PARENTS } from './shape.mjs'

const key = { type: DataTypes.BIGINT, primaryKey: true }

export function open({ url }) {
  const sequelize = new Sequelize(url, { dialect: 'postgres', logging: false, pool: { max: 10 } })
  const define = (name, tableName, columns) => sequelize.define(name, columns, { tableName, timestamps: false })
  const User = define('User', 'users', {
    id: key,
    name: DataTypes.TEXT,
    email: DataTypes.TEXT,
    age: DataTypes.INTEGER,
    balance: DataTypes.DECIMAL(12, 2),
    active: DataTypes.BOOLEAN,
    meta: DataTypes.JSONB,
    created_at: DataTypes.DATE,
  })
  const Post = define('Post', 'posts', { id: key, title: DataTypes.TEXT, body: DataTypes.TEXT })
  const Comment = define('Comment', 'comments', { id: key, body: DataTypes.TEXT })
  User.hasMany(Post, { as: 'posts', foreignKey: 'user_id' })
  Post.hasMany(Comment, { as: 'comments', foreignKey: 'post_id' })
  const include = [{ model: Post, as: 'posts', include: [{ model: Comment, as: 'comments' }] }]
  const firstUsers = (limit, more) => User.findAll({ order: [['id', 'ASC']], limit, ...more })
  return {
    connect: () => sequelize.query('select 1'),
    family: () => firstUsers(PARENTS, { include }),
    models: () => firstUsers(MODELS),
    plain: () => firstUsers(MODELS, { raw: true }),
    close: () => sequelize.close(),
  }
}
