/** Names: from one writing to another, from singular to plural. */
import { onDemand } from './on-demand'

const pluralize = onDemand<typeof import('pluralize')>('pluralize')

/** Words that have no plural in Laravel, so that its tables are found. */
const UNCOUNTABLE = /^(?:feedback|money)$/i

/** `CreateUsersTable` and `create-users-table` become `create_users_table`. */
export function snakeCase(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[-_]+/g, '_')
    .replaceAll(/^_|_$/g, '')
    .toLowerCase()
}

/** `create_users_table` becomes `CreateUsersTable`. */
export function studlyCase(name: string): string {
  return name.replaceAll(/(?:^|[-_]+)([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase()).replaceAll('_', '')
}

/** `create_users_table` becomes `createUsersTable`. */
export function camelCase(name: string): string {
  const studly = studlyCase(name)
  return studly.charAt(0).toLowerCase() + studly.slice(1)
}

/** `order_line` becomes `order_lines`, `category` becomes `categories`, `news` stays. */
export function plural(name: string): string {
  const at = name.lastIndexOf('_') + 1
  const word = name.slice(at)
  return UNCOUNTABLE.test(word) ? name : name.slice(0, at) + pluralize()(word)
}
