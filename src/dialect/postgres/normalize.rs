//! What PostgreSQL keeps of a table, as its catalogue says it.

use super::catalogue::Counting;
use super::index_forms::{parts_of, shorter};
use super::moments;
use super::types::current;
use crate::schema::expression::{Token, bare, significant, tokens};
use crate::schema::{
    Column, ColumnType, DefaultValue, ForeignKey, Identity, Index, IndexColumn, IndexKind, NullsOrder,
    ReferentialAction, Scalar, Table, TableOptions,
};

/// See `SchemaDialect::normalize`.
pub fn normalize(table: &mut Table) {
    table.options = TableOptions {
        temporary: table.options.temporary,
        partition_by: table.options.partition_by.take().map(|sql| plain(&sql)),
        ..TableOptions::default()
    };
    table.comment = table.comment.take().filter(|comment| !comment.is_empty());
    let has_key = table.primary_key().is_some();
    for column in &mut table.columns {
        normalize_column(column, has_key);
    }
    let mut indexes = std::mem::take(&mut table.indexes);
    for index in &mut indexes {
        normalize_index(index, table);
    }
    table.indexes = indexes;
    for key in &mut table.foreign_keys {
        normalize_key(key);
    }
    for check in &mut table.checks {
        check.expression = normal_expression(&check.expression);
    }
}

fn normalize_column(column: &mut Column, has_key: bool) {
    (column.unsigned, column.invisible, column.current_on_update) = (false, false, false);
    column.charset = None;
    column.collation = column.collation.take().filter(|collation| collation != "default");
    if let Some(Identity { options, .. }) = &mut column.identity {
        *options = options.take().and_then(|text| match Counting::parse(&text) {
            Some(counting) => counting.without_defaults(&column.column_type).options(),
            None => Some(plain(&text)),
        });
        // A numbered column is the key of a table that names none: without key, it is not so called.
        column.auto_increment = has_key;
    }
    column.auto_increment &= column.column_type.is_integer();
    if column.auto_increment || column.identity.is_some() {
        column.nullable = Some(false);
    }
    if let Some(generated) = &mut column.generated {
        generated.expression = normal_expression(&generated.expression);
    }
    column.default = column.default.take().and_then(|default| normal_default(default, &column.column_type));
}

fn normal_default(default: DefaultValue, column_type: &ColumnType) -> Option<DefaultValue> {
    Some(match default {
        DefaultValue::Raw { sql } if is_null(&sql) => return None,
        DefaultValue::Raw { sql } => DefaultValue::Raw { sql: normal_expression(&sql) },
        // A year is an integer here.
        DefaultValue::Current if *column_type == ColumnType::Integer => {
            DefaultValue::Raw { sql: current(&ColumnType::Year).unwrap_or_default().to_owned() }
        }
        DefaultValue::Value { value: Scalar::Text(text) } => {
            DefaultValue::Value { value: Scalar::Text(normal_text(text, column_type)) }
        }
        other => other,
    })
}

fn is_null(sql: &str) -> bool {
    let mut all = tokens(bare(sql)).into_iter().filter(|token| !matches!(token, Token::Space(_)));
    matches!(all.next(), Some(Token::Word(word)) if word.eq_ignore_ascii_case("null"))
        && all.next().is_none_or(|next| next == Token::Sign("::"))
}

/// A constant as the server writes the values of a type.
fn normal_text(text: String, column_type: &ColumnType) -> String {
    match column_type {
        ColumnType::Boolean => match text.to_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "on" => "1".to_owned(),
            "false" | "f" | "no" | "n" | "off" => "0".to_owned(),
            _ => text,
        },
        ColumnType::Char { .. } => text.trim_end_matches(' ').to_owned(),
        ColumnType::Uuid => text.to_lowercase(),
        ColumnType::Jsonb => {
            serde_json::from_str::<serde_json::Value>(&text).map_or(text, |value| value.to_string())
        }
        ColumnType::Timestamp { .. } => moments::without_zone(&text),
        ColumnType::TimestampTz { .. } => moments::in_utc(&text),
        ColumnType::TimeTz { .. } => moments::without_offset(&text).to_owned(),
        _ => text,
    }
}

/// An expression without the parentheses around the whole, and with numbers as numbers: the server writes
/// `'-1'::integer` for -1.
fn normal_expression(sql: &str) -> String {
    let all = significant(bare(sql));
    let mut text = String::new();
    let mut rest = all.as_slice();
    while let Some((token, after)) = rest.split_first() {
        let (piece, after) = match (token, after) {
            (Token::Text(quoted), [Token::Sign("::"), Token::Word(name), after @ ..])
                if is_number(name) && quoted.trim_matches('\'').parse::<f64>().is_ok() =>
            {
                let after = match after {
                    [Token::Word("precision"), after @ ..] => after,
                    _ => after,
                };
                (quoted.trim_matches('\''), after)
            }
            _ => (token.text(), after),
        };
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(piece);
        rest = after;
    }
    text
}

fn is_number(type_name: &str) -> bool {
    matches!(type_name, "smallint" | "integer" | "bigint" | "numeric" | "real" | "double")
}

fn normalize_index(index: &mut Index, table: &Table) {
    index.without_constraint = index.kind == IndexKind::Unique && !index.can_be_constraint();
    if let Some(parts) = index.expression.as_ref().and_then(|sql| parts_of(sql)) {
        (index.columns, index.expression) = (parts, None);
    }
    if index.kind == IndexKind::Primary {
        index.name = None; // the server's own, and kept when the table gets another name
    }
    index.algorithm = index.algorithm.take().filter(|algorithm| algorithm != "btree");
    index.nulls_not_distinct = index.nulls_not_distinct.filter(|nulls_are_equal| *nulls_are_equal);
    (index.deferrable, index.initially_immediate) = timing(index.deferrable, index.initially_immediate);
    index.predicate = index.predicate.take().map(|sql| normal_expression(&sql));
    let kind = index.kind;
    if kind == IndexKind::Spatial {
        // On anything but shapes of PostGIS it is one index of `gist` among others.
        let class = index.operator_class.take();
        for part in &mut index.columns {
            part.operator_class = part.operator_class.take().or_else(|| class.clone());
        }
        (index.kind, index.algorithm) = (IndexKind::Index, Some("gist".to_owned()));
    }
    let algorithm = index.algorithm.clone();
    for part in &mut index.columns {
        normalize_part(part, algorithm.as_deref(), table);
    }
    match kind {
        IndexKind::FullText => {
            index.language = index.language.take().filter(|language| language != "english");
            (index.algorithm, index.operator_class) = (None, None);
        }
        IndexKind::Vector => index.algorithm = None,
        _ => {}
    }
    *index = shorter(index.clone(), table);
}

fn normalize_part(part: &mut IndexColumn, algorithm: Option<&str>, table: &Table) {
    if let Some(sql) = &part.expression {
        match tokens(bare(sql)).as_slice() {
            [Token::Word(name)] => (part.column, part.expression) = (Some(name.to_lowercase()), None),
            [name @ Token::Name(_)] => (part.column, part.expression) = (name.name(), None),
            _ => part.expression = Some(normal_expression(sql)),
        }
    }
    // NULL is greater than everything else.
    let chosen = if part.descending { NullsOrder::First } else { NullsOrder::Last };
    part.nulls = part.nulls.filter(|nulls| *nulls != chosen);
    let column = part.column.as_deref().and_then(|name| table.column(name));
    if let Some(column) = column {
        part.collation =
            part.collation.take().filter(|collation| Some(collation) != column.collation.as_ref());
        let chosen = own_class(&column.column_type, algorithm);
        part.operator_class = part.operator_class.take().filter(|class| Some(class.as_str()) != chosen);
    }
}

/// The operator class that an index of this kind takes for a type by itself.
fn own_class(column_type: &ColumnType, algorithm: Option<&str>) -> Option<&'static str> {
    Some(match (algorithm, column_type) {
        (Some("gin") | None, ColumnType::Jsonb) => "jsonb_ops",
        (Some("gin" | "gist") | None, ColumnType::TsVector) => "tsvector_ops",
        (Some("gin"), ColumnType::Raw { sql }) if sql.ends_with("[]") => "array_ops",
        (Some("gist"), ColumnType::Raw { sql }) => match sql.as_str() {
            "point" => "point_ops",
            "box" => "box_ops",
            "circle" => "circle_ops",
            "polygon" => "poly_ops",
            text if text.ends_with("range") => "range_ops",
            _ => return None,
        },
        (None | Some("hash"), column_type) => match column_type {
            ColumnType::SmallInteger => "int2_ops",
            ColumnType::Integer => "int4_ops",
            ColumnType::BigInteger => "int8_ops",
            ColumnType::Float { .. } => "float4_ops",
            ColumnType::Double => "float8_ops",
            ColumnType::Decimal { .. } => "numeric_ops",
            ColumnType::Boolean => "bool_ops",
            ColumnType::Char { .. } => "bpchar_ops",
            ColumnType::String { .. } | ColumnType::Enum { .. } | ColumnType::Text => "text_ops",
            ColumnType::Date => "date_ops",
            ColumnType::Timestamp { .. } => "timestamp_ops",
            ColumnType::TimestampTz { .. } => "timestamptz_ops",
            ColumnType::Time { .. } => "time_ops",
            ColumnType::TimeTz { .. } => "timetz_ops",
            ColumnType::Binary { .. } => "bytea_ops",
            ColumnType::Uuid => "uuid_ops",
            ColumnType::IpAddress => "inet_ops",
            ColumnType::MacAddress => "macaddr_ops",
            _ => return None,
        },
        _ => return None,
    })
}

fn normalize_key(key: &mut ForeignKey) {
    let said =
        |action: Option<ReferentialAction>| action.filter(|action| *action != ReferentialAction::NoAction);
    (key.on_delete, key.on_update) = (said(key.on_delete), said(key.on_update));
    (key.deferrable, key.initially_immediate) = timing(key.deferrable, key.initially_immediate);
}

/// A check waits for nothing unless that is said.
fn timing(deferrable: Option<bool>, initially_immediate: Option<bool>) -> (Option<bool>, Option<bool>) {
    match deferrable {
        Some(true) => (Some(true), initially_immediate.filter(|immediate| !immediate)),
        _ => (None, None),
    }
}

/// SQL in lower case with one space between its words.
fn plain(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
