#!/usr/bin/env node
// From Node 22.1 on, what is compiled for one run is kept for the next.
require('node:module').enableCompileCache?.()

require('../dist/cli')
  .main(process.argv.slice(2))
  .then((code) => {
    process.exitCode = code
    // Ended by a signal: what the migration still waits for must not keep the process.
    if (code > 128) process.exit()
  })
