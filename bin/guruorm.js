#!/usr/bin/env node
require('../dist/cli/main')
  .main(process.argv.slice(2))
  .then((code) => {
    process.exitCode = code
    // Ended by a signal: what the migration still waits for must not keep the process.
    if (code > 128) process.exit()
  })
