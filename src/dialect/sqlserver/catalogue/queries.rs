//! The questions.
//!
//! What the data cannot say is asked for as `more`: words that stand in the reason why it is left out.

use crate::dialect::catalogue::{CatalogueQuery, Inspection};
use crate::dialect::sqlserver::inspect::COMMENT;

/// The namespaces or tables that are asked about.
struct Place<'i> {
    inspection: &'i Inspection,
}

impl Place<'_> {
    /// A question whose `{place}` is the condition that the namespace `n`, and the table `t` where
    /// there is one, are inspected.
    fn ask(&self, about: &'static str, sql: &str, has_table: bool) -> CatalogueQuery {
        let (condition, texts) =
            if has_table && !self.inspection.tables.is_empty() { self.tables() } else { self.namespaces() };
        CatalogueQuery { about, sql: sql.replace("{place}", &condition), texts }
    }

    fn namespaces(&self) -> (String, Vec<String>) {
        let names = &self.inspection.namespaces;
        if names.is_empty() {
            return ("n.name = schema_name()".to_owned(), Vec::new());
        }
        (format!("n.name in ({})", vec!["?"; names.len()].join(", ")), names.clone())
    }

    fn tables(&self) -> (String, Vec<String>) {
        let mut texts = Vec::new();
        let mut conditions = Vec::new();
        for table in &self.inspection.tables {
            if let Some((namespace, name)) = table.rsplit_once('.') {
                conditions.push("n.name = ? and t.name = ?");
                texts.extend([namespace.to_owned(), name.to_owned()]);
            } else {
                conditions.push("n.name = schema_name() and t.name = ?");
                texts.push(table.clone());
            }
        }
        (format!("({})", conditions.join(" or ")), texts)
    }
}

/// The questions about what `inspection` names.
pub(super) fn queries(inspection: &Inspection) -> Vec<CatalogueQuery> {
    let place = Place { inspection };
    let mut queries = vec![
        CatalogueQuery { about: "server", sql: SERVER.to_owned(), texts: Vec::new() },
        place.ask("tables", &with_comment(TABLES), true),
        place.ask("columns", &with_comment(COLUMNS), true),
        place.ask("indexes", INDEXES, true),
        place.ask("keys", KEYS, true),
        place.ask("checks", CHECKS, true),
    ];
    if inspection.tables.is_empty() {
        queries.extend([
            place.ask("views", VIEWS, false),
            place.ask("triggers", TRIGGERS, false),
            place.ask("routines", ROUTINES, false),
            place.ask("sequences", SEQUENCES, false),
        ]);
        queries.push(others(&place));
    }
    queries
}

fn with_comment(sql: &str) -> String {
    sql.replace("{comment}", COMMENT)
}

/// `serverproperty` and `databasepropertyex` answer with a `sql_variant`.
const SERVER: &str = "select cast(serverproperty('ProductVersion') as nvarchar(128)) as version, \
    schema_name() as namespace, cast(databasepropertyex(db_name(), 'Collation') as nvarchar(128)) as collation";

/// `sysdiagrams` is of the server's own tools.
const TABLES: &str = "select n.name as [schema], t.name as [table], \
    cast(e.value as nvarchar(max)) as comment, concat_ws(', ', iif(t.is_memory_optimized = 1, 'kept in memory', null), \
    iif(t.temporal_type = 2, 'versioned by the server', null), iif(t.temporal_type = 1, 'the history of another', null), \
    iif(t.is_filetable = 1, 'made of files', null), iif(t.is_external = 1, 'outside of the server', null), \
    iif(t.is_node = 1 or t.is_edge = 1, 'part of a graph', null), iif(exists (select 1 from sys.indexes i \
    join sys.partition_schemes p on p.data_space_id = i.data_space_id where i.object_id = t.object_id \
    and i.index_id < 2), 'partitioned', null)) as more \
    from sys.tables t join sys.schemas n on n.schema_id = t.schema_id \
    left join sys.extended_properties e on e.class = 1 and e.major_id = t.object_id and e.minor_id = 0 \
    and e.name = '{comment}' \
    where t.is_ms_shipped = 0 and t.name <> 'sysdiagrams' and {place} order by n.name, t.name";

const COLUMNS: &str = "select n.name as [schema], t.name as [table], c.name as name, y.name as type_name, \
    yn.name as type_schema, y.is_user_defined as own_type, c.max_length as bytes, c.[precision] as digits, \
    c.scale as places, c.collation_name as collation, c.is_nullable as nullable, d.definition as [default], \
    c.is_identity as numbered, try_cast(i.seed_value as bigint) as start, try_cast(i.increment_value as bigint) as step, \
    c.is_computed as computed, g.definition as expression, g.is_persisted as stored, \
    cast(e.value as nvarchar(max)) as comment, concat_ws(', ', iif(c.is_sparse = 1, 'sparse', null), \
    iif(c.is_rowguidcol = 1, 'the identity of a row', null), iif(c.is_filestream = 1, 'kept in files', null), \
    iif(c.is_hidden = 1, 'hidden', null), iif(c.generated_always_type > 0, 'written by the server', null), \
    iif(c.is_masked = 1, 'masked', null), iif(c.encryption_type is not null, 'encrypted', null), \
    iif(c.is_column_set = 1, 'a column set', null), iif(c.xml_collection_id > 0, 'checked by an XML schema', null), \
    iif(c.rule_object_id > 0, 'bound to a rule', null), \
    iif(c.default_object_id > 0 and d.object_id is null, 'bound to a default', null)) as more \
    from sys.columns c join sys.tables t on t.object_id = c.object_id \
    join sys.schemas n on n.schema_id = t.schema_id \
    join sys.types y on y.user_type_id = c.user_type_id join sys.schemas yn on yn.schema_id = y.schema_id \
    left join sys.default_constraints d on d.object_id = c.default_object_id \
    left join sys.identity_columns i on i.object_id = c.object_id and i.column_id = c.column_id \
    left join sys.computed_columns g on g.object_id = c.object_id and g.column_id = c.column_id \
    left join sys.extended_properties e on e.class = 1 and e.major_id = c.object_id \
    and e.minor_id = c.column_id and e.name = '{comment}' \
    where {place} order by n.name, t.name, c.column_id";

/// Columns of rowstore indexes (1, 2, 7) that are neither key nor carried along are of the partition.
const INDEXES: &str = "select n.name as [schema], t.name as [table], i.name as name, i.type as type, \
    lower(i.type_desc) as described, i.is_unique as [unique], i.is_primary_key as [primary], \
    i.filter_definition as filter, c.name as [column], k.is_descending_key as descending, \
    k.is_included_column as included, concat_ws(', ', iif(i.is_unique_constraint = 1, 'a constraint', null), \
    iif(i.type = 1 and i.is_primary_key = 0, 'clustered', null), \
    iif(i.type = 2 and i.is_primary_key = 1, 'not clustered', null), iif(i.type = 7, 'a hash', null), \
    iif(i.is_disabled = 1, 'disabled', null), iif(i.ignore_dup_key = 1, 'ignoring duplicates', null), \
    iif(i.fill_factor > 0, concat('filled to ', i.fill_factor, ' %'), null)) as more \
    from sys.indexes i join sys.tables t on t.object_id = i.object_id \
    join sys.schemas n on n.schema_id = t.schema_id \
    join sys.index_columns k on k.object_id = i.object_id and k.index_id = i.index_id \
    join sys.columns c on c.object_id = k.object_id and c.column_id = k.column_id \
    where i.index_id > 0 and i.is_hypothetical = 0 \
    and (k.key_ordinal > 0 or k.is_included_column = 1 or i.type not in (1, 2, 7)) and {place} \
    order by n.name, t.name, i.name, k.is_included_column, k.key_ordinal, k.index_column_id";

const KEYS: &str = "select n.name as [schema], t.name as [table], f.name as name, l.name as [column], \
    rn.name as foreign_schema, rt.name as foreign_table, r.name as foreign_column, \
    f.update_referential_action_desc as on_update, f.delete_referential_action_desc as on_delete, \
    f.is_not_trusted as untrusted, iif(f.is_disabled = 1, 'disabled', null) as more \
    from sys.foreign_keys f join sys.tables t on t.object_id = f.parent_object_id \
    join sys.schemas n on n.schema_id = t.schema_id \
    join sys.tables rt on rt.object_id = f.referenced_object_id \
    join sys.schemas rn on rn.schema_id = rt.schema_id \
    join sys.foreign_key_columns k on k.constraint_object_id = f.object_id \
    join sys.columns l on l.object_id = k.parent_object_id and l.column_id = k.parent_column_id \
    join sys.columns r on r.object_id = k.referenced_object_id and r.column_id = k.referenced_column_id \
    where {place} order by n.name, t.name, f.name, k.constraint_column_id";

const CHECKS: &str = "select n.name as [schema], t.name as [table], k.name as name, \
    k.definition as definition, k.is_system_named as unnamed, k.is_not_trusted as untrusted, \
    iif(k.is_disabled = 1, 'disabled', null) as more \
    from sys.check_constraints k join sys.tables t on t.object_id = k.parent_object_id \
    join sys.schemas n on n.schema_id = t.schema_id \
    where {place} order by n.name, t.name, k.name";

const VIEWS: &str = "select n.name as [schema], v.name as name, m.definition as definition, \
    iif(exists (select 1 from sys.indexes i where i.object_id = v.object_id and i.index_id > 0), 'indexed', null) as more \
    from sys.views v join sys.schemas n on n.schema_id = v.schema_id \
    left join sys.sql_modules m on m.object_id = v.object_id \
    where v.is_ms_shipped = 0 and {place} order by n.name, v.name";

/// A trigger is in the namespace of the table or view that it belongs to.
const TRIGGERS: &str = "select n.name as [schema], g.name as name, o.name as [table], m.definition as definition, \
    iif(g.is_disabled = 1, 'disabled', null) as more \
    from sys.triggers g join sys.objects o on o.object_id = g.parent_id \
    join sys.schemas n on n.schema_id = o.schema_id \
    left join sys.sql_modules m on m.object_id = g.object_id \
    where g.is_ms_shipped = 0 and g.parent_class = 1 and {place} order by n.name, g.name";

/// Procedures and functions, those of assemblies included.
const ROUTINES: &str = "select n.name as [schema], o.name as name, m.definition as definition \
    from sys.objects o join sys.schemas n on n.schema_id = o.schema_id \
    left join sys.sql_modules m on m.object_id = o.object_id \
    where o.is_ms_shipped = 0 and o.type in ('P', 'PC', 'FN', 'IF', 'TF', 'FS', 'FT', 'AF') and {place} \
    order by n.name, o.name";

/// The numbers of a sequence are of its type, so they come as a `sql_variant`.
const SEQUENCES: &str = "select n.name as [schema], s.name as name, type_name(s.system_type_id) as type, \
    cast(s.start_value as nvarchar(40)) as start, cast(s.increment as nvarchar(40)) as step, \
    cast(s.minimum_value as nvarchar(40)) as least, cast(s.maximum_value as nvarchar(40)) as greatest, \
    s.is_cycling as cycles, s.is_cached as cached, s.cache_size as cache \
    from sys.sequences s join sys.schemas n on n.schema_id = s.schema_id \
    where s.is_ms_shipped = 0 and {place} order by n.name, s.name";

/// What the data has no place for at all.
fn others(place: &Place<'_>) -> CatalogueQuery {
    let parts = [
        "select n.name as [schema], s.name as name, 'synonyms are not read' as reason \
         from sys.synonyms s join sys.schemas n on n.schema_id = s.schema_id where {place}",
        "select n.name, y.name, 'types of users are not read' \
         from sys.types y join sys.schemas n on n.schema_id = y.schema_id where y.is_user_defined = 1 and {place}",
        "select n.name, t.name, 'its full-text index is not read' from sys.fulltext_indexes f \
         join sys.tables t on t.object_id = f.object_id join sys.schemas n on n.schema_id = t.schema_id where {place}",
        "select n.name, x.name, 'XML schema collections are not read' from sys.xml_schema_collections x \
         join sys.schemas n on n.schema_id = x.schema_id where x.xml_collection_id > 1 and {place}",
    ];
    let mut all = CatalogueQuery { about: "others", sql: String::new(), texts: Vec::new() };
    for part in parts {
        let part = place.ask("others", part, false);
        let union = if all.sql.is_empty() { "" } else { " union all " };
        all.sql = format!("{}{union}{}", all.sql, part.sql);
        all.texts.extend(part.texts);
    }
    all
}
