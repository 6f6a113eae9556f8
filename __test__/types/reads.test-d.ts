/** What reading calls answer, by type. `npm run lint` compiles this file; nothing runs it. */
import {
  Capsule,
  type Connection,
  type CursorPaginator,
  DB,
  type LazyCollection,
  type LengthAwarePaginator,
  raw,
} from '../../js/index'

interface User {
  id: number
  name: string
  email: string | null
  born: Date
}

/** Whether two types are the same, not only assignable. */
type Same<One, Other> = (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false

/** Compiles when the answer of a call has exactly this type. */
declare function answers<Wanted>(): <Given>(given: Promise<Given>, same: Same<Given, Wanted>) => void

const users = DB.table<User>('users')
declare const connection: Connection

// Rows
answers<User[]>()(users.get(), true)
answers<User[]>()(connection.table<User>('users').get(), true)
answers<User[]>()(Capsule.table<User>('users').get(), true)
answers<User[]>()(new Capsule().table<User>('users').all(), true)
answers<{ id: number; name: string }[]>()(users.get('id', 'name'), true)
answers<{ id: number; name: string }[]>()(users.get(['id', 'name']), true)
answers<{ label: string }[]>()(users.get('name as label'), true)
answers<{ id: number }[]>()(users.select('id').get(), true)
answers<{ id: number }[]>()(users.select('id').get('name'), true)
answers<Record<string, unknown>[]>()(DB.table('users').get(), true)
answers<Record<string, unknown>[]>()(DB.table('users').get('id'), true)

// One row
answers<User | null>()(users.first(), true)
answers<{ name: string } | null>()(users.first('name'), true)
answers<User | null>()(users.find(1), true)
answers<{ id: number } | null>()(users.find(1, 'id'), true)
answers<User>()(users.firstOrFail(), true)
answers<User>()(users.findOrFail(1), true)
answers<{ email: string | null }>()(users.sole('email'), true)
answers<User | 'none'>()(
  users.firstOr(() => 'none' as const),
  true,
)
answers<User | 'none'>()(
  users.findOr(1, async () => 'none' as const),
  true,
)
answers<User | null>()(users.firstWhere('name', 'Ada'), true)

// Values
answers<string | null>()(users.value('name'), true)
answers<string | null>()(users.value('email'), true)
answers<number | null>()(users.value('users.id'), true)
answers<unknown>()(DB.table('users').value('name'), true)
answers<string | null>()(DB.table('users').value<string>('name'), true)
answers<string | null>()(users.value<string>(raw('upper(name)')), true)
answers<string | null>()(users.soleValue('email'), true)
answers<string[]>()(users.pluck('name'), true)
answers<Record<string, string>>()(users.pluck('name', 'id'), true)
answers<(string | null)[]>()(users.pluck('email'), true)
answers<unknown[]>()(DB.table('users').pluck('name'), true)
answers<string[]>()(DB.table('users').pluck<string>('name'), true)
answers<Date | null>()(users.max('born'), true)
answers<number | null>()(users.min('id'), true)
answers<number>()(users.count(), true)
answers<number>()(DB.table('users').max<number>('votes'), true)

// Pages and pieces
answers<LengthAwarePaginator<User>>()(users.paginate(15, 2), true)
answers<LengthAwarePaginator<{ id: number }>>()(users.paginate(15, ['id']), true)
answers<CursorPaginator<User>>()(users.cursorPaginate(15, null, 'born'), true)
answers<CursorPaginator<{ id: number }>>()(users.cursorPaginate(15, ['id'], 'cursor', null), true)
answers<number[]>()(
  users.chunkMap(({ id }) => id),
  true,
)
users.chunk(10, (rows: User[]) => rows.length)
users.each((user: User) => user.name)
const lazy: LazyCollection<User> = users.lazy()
const names: LazyCollection<string> = users.cursor().map(({ name }) => name)
void [lazy, names]

// Mistakes
// @ts-expect-error there is no such column
users.get('nme')
// @ts-expect-error there is no such column
users.value('nme')
// @ts-expect-error there is no such column
users.pluck('nme')
// @ts-expect-error there is no such column
users.max('nme')
// @ts-expect-error a row may be missing
users.first().then((user) => user.name)
// @ts-expect-error only what was read is there
users.first('id').then((user) => user?.name)
// @ts-expect-error a page has a number
users.paginate(15, true)
// @ts-expect-error a signal is no number
users.withSignal(5)
