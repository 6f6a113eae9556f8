import { testTypes } from './type-tests'
import { POSTGRES } from './types/postgres'

testTypes('postgres', POSTGRES)
