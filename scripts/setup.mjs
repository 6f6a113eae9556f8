/** Prepares a clone for work: tools checked, npm modules, debug build of engine and JavaScript. */
import { setUp } from './lib/setup.mjs'
import { main } from './lib/terminal.mjs'

await main(async () => {
  await setUp()
  console.log('\nReady: `npm test` runs everything, `npm run quickstart` shows the package at work.')
})
