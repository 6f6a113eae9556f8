import { tryRandomSchemas } from './round-trip/try-schemas'

tryRandomSchemas('postgres')
