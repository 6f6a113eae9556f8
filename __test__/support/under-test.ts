/** What files of a test's project import from `guruorm`: the package that is tested, whose sources only vitest can load. */
import * as guruorm from '../../js'

const SHARED = '__guruormUnderTest'
Object.assign(globalThis, { [SHARED]: guruorm })

/** Files of a project, in which it is installed. */
export const PACKAGE_UNDER_TEST = {
  'node_modules/guruorm/package.json': JSON.stringify({
    name: 'guruorm',
    exports: { import: './index.mjs', require: './index.js' },
  }),
  'node_modules/guruorm/index.js': `module.exports = globalThis.${SHARED}`,
  'node_modules/guruorm/index.mjs': `export const { ${Object.keys(guruorm).join(', ')} } = globalThis.${SHARED}`,
}
