/** Bare words of SQL that are no columns. */

const list = (text) => new Set(text.trim().split(/\s+/))

/** Words of the grammar. */
export const KEYWORDS = list(`
  select distinct all as from where and or not in is null true false unknown between like ilike rlike regexp glob
  similar to escape exists any some case when then else end on using natural join inner left right full outer cross
  straight_join lateral group by having order asc desc nulls first last limit offset fetch next row rows only ties
  percent top union intersect except minus with recursive materialized insert into values value default update set
  delete replace ignore returning conflict constraint do nothing duplicate key for share nowait skip locked lock mode
  no of over partition range unbounded preceding following current window filter within ordinality tablesample
  cast collate interval binary at time zone div mod xor sounds against boolean language query expansion match
  use force index indexed explain truncate table restart identity cascade of year month day hour minute second
  current_timestamp current_date current_time localtime localtimestamp isnull notnull array rollup cube sets grouping
  abort fail rollback hash inherit absent`)

/** Words before a parenthesis that call no function. */
export const NOT_FUNCTIONS = list(`
  select distinct all as from where and or not in is between like ilike rlike regexp exists any some case when then
  else on using join group by having order limit offset union intersect except with recursive materialized insert
  into values returning conflict set over partition within filter lateral key nothing update`)

/** Words of types after `::` or in a cast. */
export const TYPE_WORDS = list(`
  double precision character varying with without time zone local`)

/** Words that end the list of tables of a query. */
export const AFTER_TABLES = list(`
  where group having order limit offset union intersect except for lock returning set on window fetch values`)
