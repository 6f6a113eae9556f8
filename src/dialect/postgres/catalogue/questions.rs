//! The questions to PostgreSQL's catalogue. What newer servers added is read by its name from the
//! whole row, so that older ones answer as well.

use crate::dialect::catalogue::{CatalogueQuery, Inspection};

/// Which tables a question is about: `t` in the namespace `n`.
const OF_TABLES: &str = "t.relkind in ('r', 'p') and not t.relispartition";

const SERVER: &str =
    "select current_schema()::text as namespace, current_setting('server_version') as version";

const TABLES: &str = "\
    select t.oid::text as id, n.nspname::text as namespace, t.relname::text as name, \
    obj_description(t.oid, 'pg_class') as comment, \
    case when t.relkind = 'p' then pg_get_partkeydef(t.oid) end as partition_by \
    from pg_class t join pg_namespace n on n.oid = t.relnamespace \
    where {tables} order by n.nspname, t.relname";

/// A `serial` takes its default from a sequence that it owns (`a`), an identity column has one
/// inside of it (`i`).
const COLUMNS: &str = "\
    select t.oid::text as id, a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type, \
    not a.attnotnull as nullable, pg_get_expr(d.adbin, d.adrelid) as expression, \
    a.attgenerated::text as generated, a.attidentity::text as identity, \
    col_description(t.oid, a.attnum) as comment, c.collname::text as collation, \
    c.oid is null or pg_collation_is_visible(c.oid) as collation_is_visible, \
    a.attstorage <> y.typstorage or a.attcompression <> '' as is_stored_otherwise, \
    s.kind, s.type as counts, s.start, s.increment, s.minimum, s.maximum, s.cache, s.cycle \
    from pg_class t join pg_namespace n on n.oid = t.relnamespace \
    join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped \
    join pg_type y on y.oid = a.atttypid \
    left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum \
    left join pg_collation c on c.oid = a.attcollation and a.attcollation <> y.typcollation \
    left join lateral (\
    select o.deptype::text as kind, format_type(q.seqtypid, null) as type, q.seqstart::text as start, \
    q.seqincrement::text as increment, q.seqmin::text as minimum, q.seqmax::text as maximum, \
    q.seqcache::text as cache, q.seqcycle::text as cycle \
    from pg_depend o join pg_sequence q on q.seqrelid = o.objid \
    where (a.atthasdef or a.attidentity <> '') and o.classid = 'pg_class'::regclass \
    and o.refclassid = 'pg_class'::regclass and o.refobjid = t.oid and o.refobjsubid = a.attnum \
    and (o.deptype = 'i' or o.deptype = 'a' and exists (\
    select from pg_depend u where u.classid = 'pg_attrdef'::regclass and u.objid = d.oid \
    and u.refclassid = 'pg_class'::regclass and u.refobjid = o.objid)) limit 1) s on true \
    where {tables} order by t.oid, a.attnum";

/// One row for each column or expression of an index.
const INDEXES: &str = "\
    select i.indexrelid::text as id, t.oid::text as table_id, x.relname::text as name, m.amname::text as method, \
    i.indisunique as is_unique, i.indisprimary as is_primary, i.indisvalid as is_valid, \
    coalesce(to_jsonb(i)->>'indnullsnotdistinct', 'false') as nulls_are_equal, \
    c.contype::text as constraint_type, coalesce(c.condeferrable, false) as is_deferrable, \
    coalesce(c.condeferred, false) as is_deferred, coalesce(to_jsonb(c)->>'conperiod', 'false') as is_period, \
    pg_get_expr(i.indpred, i.indrelid) as predicate, x.reloptions::text as options, \
    k.place <= i.indnkeyatts as is_key, a.attname::text as \"column\", \
    case when k.number = 0 then pg_get_indexdef(i.indexrelid, k.place::int, false) end as expression, \
    i.indoption[k.place - 1]::text as ordering, \
    case when not o.opcdefault then o.opcname::text end as class, \
    o.oid is null or o.opcdefault or pg_opclass_is_visible(o.oid) as class_is_visible, \
    r.attoptions::text as class_options, l.collname::text as collation, \
    l.oid is null or pg_collation_is_visible(l.oid) as collation_is_visible, \
    case when k.number = 0 and l.oid is not null then position(\
    pg_get_indexdef(i.indexrelid, k.place::int, false) || ' COLLATE ' in pg_get_indexdef(i.indexrelid)) > 0 \
    else true end as names_collation \
    from pg_index i join pg_class t on t.oid = i.indrelid join pg_namespace n on n.oid = t.relnamespace \
    join pg_class x on x.oid = i.indexrelid join pg_am m on m.oid = x.relam \
    left join pg_constraint c on c.conindid = i.indexrelid and c.contype in ('p', 'u', 'x') \
    join lateral unnest(i.indkey) with ordinality as k(number, place) on true \
    left join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number and k.number <> 0 \
    left join pg_attribute r on r.attrelid = i.indexrelid and r.attnum = k.place \
    left join pg_opclass o on o.oid = i.indclass[k.place - 1] and k.place <= i.indnkeyatts \
    left join pg_collation l on l.oid = i.indcollation[k.place - 1] and k.place <= i.indnkeyatts \
    and l.oid is distinct from a.attcollation \
    where {tables} order by t.oid, x.relname, k.place";

/// One row for each pair of columns. A key to a partitioned table has copies for the partitions,
/// which have a parent.
const FOREIGN_KEYS: &str = "\
    select c.oid::text as id, t.oid::text as table_id, c.conname::text as name, \
    l.attname::text as \"column\", fn.nspname::text as on_namespace, f.relname::text as on_table, \
    r.attname::text as on_column, c.confdeltype::text as on_delete, c.confupdtype::text as on_update, \
    c.condeferrable as is_deferrable, c.condeferred as is_deferred, not c.convalidated as not_valid, \
    c.confmatchtype = 'f' as is_full, to_jsonb(c)->>'confdelsetcols' as set_columns, \
    coalesce(to_jsonb(c)->>'conperiod', 'false') as is_period, \
    coalesce(to_jsonb(c)->>'conenforced', 'true') as is_enforced \
    from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_namespace n on n.oid = t.relnamespace \
    join pg_class f on f.oid = c.confrelid join pg_namespace fn on fn.oid = f.relnamespace \
    join lateral unnest(c.conkey, c.confkey) with ordinality as k(here, there, place) on true \
    join pg_attribute l on l.attrelid = c.conrelid and l.attnum = k.here \
    join pg_attribute r on r.attrelid = c.confrelid and r.attnum = k.there \
    where c.contype = 'f' and c.conparentid = 0 and {tables} order by t.oid, c.conname, k.place";

const CHECKS: &str = "\
    select t.oid::text as table_id, c.conname::text as name, pg_get_expr(c.conbin, c.conrelid) as expression, \
    not c.convalidated as not_valid, c.connoinherit as is_not_inherited, \
    coalesce(to_jsonb(c)->>'conenforced', 'true') as is_enforced \
    from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_namespace n on n.oid = t.relnamespace \
    where c.contype = 'c' and {tables} order by t.oid, c.conname";

const ENUMERATIONS: &str = "\
    select t.oid::text as id, n.nspname::text as namespace, t.typname::text as name, v.enumlabel::text as value \
    from pg_type t join pg_namespace n on n.oid = t.typnamespace \
    left join pg_enum v on v.enumtypid = t.oid \
    where t.typtype = 'e' and {namespaces} and {free:pg_type} \
    order by n.nspname, t.typname, v.enumsortorder";

const TRIGGERS: &str = "\
    select 'trigger' as kind, n.nspname::text as namespace, g.tgname::text as name, t.relname::text as table_name, \
    null::text as overload, pg_get_triggerdef(g.oid) as definition \
    from pg_trigger g join pg_class t on t.oid = g.tgrelid join pg_namespace n on n.oid = t.relnamespace \
    where not g.tgisinternal and not t.relispartition and {named}";

const EXTENSIONS: &str = "\
    select 'extension', n.nspname::text, e.extname::text, null, null, null \
    from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname <> 'plpgsql'";

const VIEWS: &str = "\
    select case t.relkind when 'm' then 'stored view' else 'view' end, n.nspname::text, t.relname::text, \
    null, null, pg_get_viewdef(t.oid) \
    from pg_class t join pg_namespace n on n.oid = t.relnamespace \
    where t.relkind in ('v', 'm') and {namespaces} and {free:pg_class}";

const SEQUENCES: &str = "\
    select 'sequence', n.nspname::text, t.relname::text, null, null, \
    format('create sequence %I.%I as %s increment by %s minvalue %s maxvalue %s start with %s cache %s%s', \
    n.nspname, t.relname, format_type(q.seqtypid, null), q.seqincrement, q.seqmin, q.seqmax, q.seqstart, \
    q.seqcache, case when q.seqcycle then ' cycle' else '' end) \
    from pg_sequence q join pg_class t on t.oid = q.seqrelid join pg_namespace n on n.oid = t.relnamespace \
    where {namespaces} and not exists (select from pg_depend e where e.classid = 'pg_class'::regclass \
    and e.objid = t.oid and e.deptype in ('a', 'i', 'e'))";

/// Functions of one name differ by the types that they take.
const ROUTINES: &str = "\
    select 'routine', n.nspname::text, t.proname::text, null, \
    case when count(*) over (partition by t.pronamespace, t.proname) > 1 \
    then oidvectortypes(t.proargtypes) end, pg_get_functiondef(t.oid) \
    from pg_proc t join pg_namespace n on n.oid = t.pronamespace \
    where t.prokind in ('f', 'p', 'w') and {namespaces} and {free:pg_proc}";

/// What belongs to tables, and has no place in the description of one.
const LEFT_OUT_OF_TABLES: &str = "\
    select n.nspname::text as namespace, t.relname::text as name, null::text as part, \
    'it is a partition of ' || p.inhparent::regclass as reason \
    from pg_class t join pg_namespace n on n.oid = t.relnamespace join pg_inherits p on p.inhrelid = t.oid \
    where t.relkind in ('r', 'p', 'f') and t.relispartition and {named} \
    union all select n.nspname::text, t.relname::text, null, 'it is a foreign table' \
    from pg_class t join pg_namespace n on n.oid = t.relnamespace \
    where t.relkind = 'f' and not t.relispartition and {named} \
    union all select n.nspname::text, t.relname::text, null, 'it inherits from ' || p.inhparent::regclass \
    from pg_class t join pg_namespace n on n.oid = t.relnamespace join pg_inherits p on p.inhrelid = t.oid \
    where {tables} \
    union all select n.nspname::text, t.relname::text, null, w.reason \
    from pg_class t join pg_namespace n on n.oid = t.relnamespace cross join lateral (values \
    (t.relpersistence = 'u', 'it is not logged'), \
    (t.relrowsecurity, 'its rows are guarded by policies'), \
    (t.reloptions is not null, 'its storage parameters: ' || array_to_string(t.reloptions, ', '))) w(holds, reason) \
    where w.holds and {tables} \
    union all select n.nspname::text, t.relname::text, p.polname::text, 'it is a policy' \
    from pg_policy p join pg_class t on t.oid = p.polrelid join pg_namespace n on n.oid = t.relnamespace \
    where {tables} \
    union all select n.nspname::text, t.relname::text, r.rulename::text, 'it is a rule' \
    from pg_rewrite r join pg_class t on t.oid = r.ev_class join pg_namespace n on n.oid = t.relnamespace \
    where r.ev_type <> '1' and {tables} \
    union all select n.nspname::text, t.relname::text, s.stxname::text, 'it is statistics of several columns' \
    from pg_statistic_ext s join pg_class t on t.oid = s.stxrelid join pg_namespace n on n.oid = t.relnamespace \
    where {tables} \
    union all select n.nspname::text, t.relname::text, x.relname::text, 'the comment of an index' \
    from pg_index i join pg_class t on t.oid = i.indrelid join pg_namespace n on n.oid = t.relnamespace \
    join pg_class x on x.oid = i.indexrelid \
    where obj_description(x.oid, 'pg_class') is not null and {tables} \
    union all select n.nspname::text, t.relname::text, c.conname::text, 'the comment of a constraint' \
    from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_namespace n on n.oid = t.relnamespace \
    where obj_description(c.oid, 'pg_constraint') is not null and {tables} \
    union all select n.nspname::text, t.relname::text, g.tgname::text, 'it is a trigger that is not enabled as usual' \
    from pg_trigger g join pg_class t on t.oid = g.tgrelid join pg_namespace n on n.oid = t.relnamespace \
    where g.tgenabled <> 'O' and not g.tgisinternal and {tables}";

/// What belongs to namespaces.
const LEFT_OUT_OF_NAMESPACES: &str = " \
    union all select n.nspname::text, t.typname::text, null, 'it is a ' || case t.typtype when 'd' then 'domain' \
    when 'c' then 'composite type' when 'r' then 'range type' else 'base type' end \
    from pg_type t join pg_namespace n on n.oid = t.typnamespace left join pg_class c on c.oid = t.typrelid \
    where (t.typtype in ('d', 'r') or t.typtype = 'c' and c.relkind = 'c' \
    or t.typtype = 'b' and t.typcategory <> 'A') and {namespaces} and {free:pg_type} \
    union all select n.nspname::text, t.collname::text, null, 'it is a collation' \
    from pg_collation t join pg_namespace n on n.oid = t.collnamespace \
    where {namespaces} and {free:pg_collation} \
    union all select n.nspname::text, t.proname::text, null, 'it is an aggregate' \
    from pg_proc t join pg_namespace n on n.oid = t.pronamespace \
    where t.prokind = 'a' and {namespaces} and {free:pg_proc} \
    union all select n.nspname::text, t.oprname::text, null, 'it is an operator' \
    from pg_operator t join pg_namespace n on n.oid = t.oprnamespace \
    where {namespaces} and {free:pg_operator} \
    union all select n.nspname::text, t.cfgname::text, null, 'it is a configuration of text search' \
    from pg_ts_config t join pg_namespace n on n.oid = t.cfgnamespace \
    where {namespaces} and {free:pg_ts_config} \
    union all select n.nspname::text, x.relname::text, null, 'it is an index of a stored view' \
    from pg_index i join pg_class t on t.oid = i.indrelid join pg_class x on x.oid = i.indexrelid \
    join pg_namespace n on n.oid = t.relnamespace \
    where t.relkind = 'm' and {namespaces} and {free:pg_class}";

/// The questions. Those about tables alone, where only some tables are inspected.
pub(super) fn questions(inspection: &Inspection) -> Vec<CatalogueQuery> {
    let everything = inspection.tables.is_empty();
    let mut definitions = format!("{TRIGGERS} union all {EXTENSIONS}");
    let mut left_out = LEFT_OUT_OF_TABLES.to_owned();
    if everything {
        for more in [VIEWS, SEQUENCES, ROUTINES] {
            definitions = format!("{definitions} union all {more}");
        }
        left_out.push_str(LEFT_OUT_OF_NAMESPACES);
    }
    definitions.push_str(" order by 1, 2, 3, 4, 5");
    left_out.push_str(" order by 1, 2, 3, 4");
    [
        ("server", SERVER),
        ("tables", TABLES),
        ("columns", COLUMNS),
        ("indexes", INDEXES),
        ("foreign keys", FOREIGN_KEYS),
        ("checks", CHECKS),
        ("enumerations", ENUMERATIONS),
        ("definitions", &definitions),
        ("left out", &left_out),
    ]
    .into_iter()
    .map(|(about, template)| Template { inspection, texts: Vec::new() }.fill(about, template))
    .collect()
}

/// A question whose places in braces are filled, and the texts that they bind.
struct Template<'i> {
    inspection: &'i Inspection,
    texts: Vec<String>,
}

impl Template<'_> {
    fn fill(mut self, about: &'static str, template: &str) -> CatalogueQuery {
        let mut parts = template.split('{');
        let mut sql = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (place, rest) = part.split_once('}').unwrap_or((part, ""));
            let condition = match place.split_once(':') {
                Some((_, catalogue)) => belongs_to_no_extension(catalogue),
                None if place == "namespaces" => self.namespaces(),
                None if place == "named" => self.named(),
                None => {
                    let named = self.named();
                    format!("{OF_TABLES} and {named} and {}", belongs_to_no_extension("pg_class"))
                }
            };
            sql = format!("{sql}{condition}{rest}");
        }
        CatalogueQuery { about, sql, texts: self.texts }
    }

    fn namespaces(&mut self) -> String {
        let namespaces = &self.inspection.namespaces;
        if namespaces.is_empty() {
            return "n.nspname = current_schema()".to_owned();
        }
        self.texts.extend_from_slice(namespaces);
        format!("n.nspname in ({})", vec!["?"; namespaces.len()].join(", "))
    }

    /// The tables that are named, or all of the namespaces.
    fn named(&mut self) -> String {
        let tables = &self.inspection.tables;
        if tables.is_empty() {
            return self.namespaces();
        }
        let mut conditions = Vec::new();
        for table in tables {
            let (namespace, name) = table
                .rsplit_once('.')
                .map_or((None, table.as_str()), |(namespace, name)| (Some(namespace), name));
            self.texts.extend(namespace.map(str::to_owned));
            self.texts.push(name.to_owned());
            let place = if namespace.is_some() { "?" } else { "current_schema()" };
            conditions.push(format!("n.nspname = {place} and t.relname = ?"));
        }
        let named = conditions.join(" or ");
        if self.inspection.namespaces.is_empty() {
            return format!("({named})");
        }
        let namespaces = self.namespaces();
        format!("({named}) and {namespaces}")
    }
}

/// What an extension made is the extension's.
fn belongs_to_no_extension(catalogue: &str) -> String {
    format!(
        "not exists (select from pg_depend e where e.classid = '{catalogue}'::regclass \
         and e.objid = t.oid and e.deptype = 'e')"
    )
}
