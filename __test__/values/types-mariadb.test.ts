import { testTypes } from './type-tests'
import { MARIADB } from './types/mariadb'

testTypes('mysql', MARIADB)
