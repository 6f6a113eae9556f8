// A program that uses the package as yours would: it asks some questions and takes one transaction back.
import { strictEqual } from 'node:assert/strict'
import { createRequire } from 'node:module'
import { Capsule, DB } from 'guruorm'

const config = createRequire(import.meta.url)('./guruorm.config.cjs')

const capsule = new Capsule()
capsule.addConnection(config.connections.shop)
capsule.setAsGlobal()

/** Runs one piece of the tour and prints its answer and its time. */
async function show(title, work) {
  const started = performance.now()
  const answer = await work()
  console.log(
    `${title.padEnd(44)} ${(performance.now() - started).toFixed(1).padStart(8)} ms  ${JSON.stringify(answer)}`,
  )
  return answer
}

const rows = await show('rows in both tables', async () => {
  return (await DB.table('customers').count()) + (await DB.table('orders').count())
})
strictEqual(rows, 1000)

const first = await show('first customer by name', () =>
  DB.table('customers').where('name', 'like', 'Customer 1%').orderBy('name').select('id', 'name').first(),
)
strictEqual(first.name, 'Customer 1')

const best = await show('three customers with the most turnover', () =>
  DB.table('orders')
    .join('customers', 'customers.id', '=', 'orders.customer_id')
    .select('customers.name', DB.raw('sum(orders.total) as turnover'))
    .where('orders.status', '<>', 'returned')
    .groupBy('customers.name')
    .orderByDesc('turnover')
    .orderBy('customers.name')
    .limit(3)
    .get(),
)
strictEqual(best.length, 3)

const paid = await show('orders paid', () => DB.table('orders').where('status', 'paid').count())
await show('a transaction that fails, so nothing stays', async () => {
  try {
    await DB.transaction(async () => {
      await DB.table('orders').where('status', 'paid').delete()
      strictEqual(await DB.table('orders').where('status', 'paid').count(), 0)
      throw new Error('changed our mind')
    })
  } catch (error) {
    if (error.message !== 'changed our mind') throw error
    return error.message
  }
})
strictEqual(
  await show('orders paid after the rollback', () => DB.table('orders').where('status', 'paid').count()),
  paid,
)

await capsule.disconnect()
