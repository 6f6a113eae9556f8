import { tryRandomSchemas } from './round-trip/try-schemas'

tryRandomSchemas('sqlite')
