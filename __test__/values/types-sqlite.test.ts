import { testTypes } from './type-tests'
import { SQLITE } from './types/sqlite'

testTypes('sqlite', SQLITE)
