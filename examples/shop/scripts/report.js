/** What is in the shop: `node scripts/report.js`. Asks nothing but the public API. */
import { Capsule, DB, Schema } from 'guruorm'
import config from '../guruorm.config.js'

const OWN = ['migrations', 'migration_logs', 'seeders']

const capsule = new Capsule()
capsule.addConnection(config.connections.shop)
capsule.setAsGlobal()

const { tables } = await Schema.inspect()
let total = 0
for (const { name } of tables.filter((table) => !OWN.includes(table.name))) {
  const count = await DB.table(name).count()
  total += count
  console.log(`${name.padEnd(20)} ${count}`)
}
console.log(`${'total'.padEnd(20)} ${total}`)
await capsule.disconnect()
