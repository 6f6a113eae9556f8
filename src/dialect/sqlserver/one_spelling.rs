//! [`one_spelling`]: an expression so that SQL Server's text of it and its author's can be compared.

use super::expression::quoted;
use crate::schema::expression::{Token, bare, significant};

/// The expression as the server would understand it, in one spelling. Only good to be compared.
///
/// `in` is a sorted list however it was written, `convert` is `cast`, `not` stands in front of what it
/// denies, texts have no `N`, and now is `getdate()`.
#[must_use]
pub fn one_spelling(sql: &str) -> String {
    let quoted = quoted(sql);
    let all = significant(bare(&quoted));
    let mut rest = all.as_slice();
    let nodes = read(&mut rest, 0);
    match nodes {
        Some(nodes) if rest.is_empty() => written(&rewritten(nodes)),
        _ => bare(&quoted).to_owned(),
    }
}

/// Nobody writes an expression deeper than this; the stack ends somewhere.
const DEEPEST: u32 = 100;

/// A token, or everything between two parentheses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Node {
    Leaf(String),
    Group(Vec<Node>),
}

impl Node {
    fn is(&self, word: &str) -> bool {
        matches!(self, Self::Leaf(text) if text.eq_ignore_ascii_case(word))
    }

    fn is_name(&self) -> bool {
        const WORDS: [&str; 12] =
            ["and", "or", "not", "in", "like", "between", "is", "null", "case", "when", "then", "else"];
        matches!(self, Self::Leaf(text)
            if text.starts_with(|first: char| first == '"' || first == '_' || first.is_alphabetic())
                && !WORDS.iter().any(|word| text.eq_ignore_ascii_case(word)))
    }

    fn is_constant(&self) -> bool {
        matches!(self, Self::Leaf(text)
            if text.starts_with(|first: char| first == '\'' || first == '-' || first.is_ascii_digit())
                && text != "-")
    }
}

fn leaf(text: &str) -> Node {
    Node::Leaf(text.to_owned())
}

/// The nodes up to the parenthesis that closes them; none where too many are open.
fn read(rest: &mut &[Token<'_>], depth: u32) -> Option<Vec<Node>> {
    if depth > DEEPEST {
        return None;
    }
    let mut nodes = Vec::new();
    while let Some((first, after)) = rest.split_first() {
        match first {
            Token::Sign(")") if depth > 0 => return Some(nodes),
            Token::Sign("(") => {
                *rest = after;
                nodes.push(Node::Group(read(rest, depth + 1)?));
                let (_, after) = rest.split_first()?;
                *rest = after;
                continue;
            }
            Token::Word("N" | "n") if matches!(after.first(), Some(Token::Text(_))) => {}
            Token::Name(text) => nodes.push(Node::Leaf(text.to_lowercase())),
            Token::Text(text) => nodes.push(leaf(text)),
            _ => nodes.push(Node::Leaf(first.text().to_lowercase())),
        }
        *rest = after;
    }
    Some(nodes)
}

fn written(nodes: &[Node]) -> String {
    let text = |node: &Node| match node {
        Node::Leaf(text) => text.clone(),
        Node::Group(nodes) => format!("({})", written(nodes)),
    };
    nodes.iter().map(text).collect::<Vec<_>>().join(" ")
}

fn rewritten(nodes: Vec<Node>) -> Vec<Node> {
    let mut inner: Vec<Node> = Vec::with_capacity(nodes.len());
    for node in nodes {
        let node = match node {
            Node::Leaf(_) if node.is("current_timestamp") => {
                inner.push(leaf("getdate"));
                Node::Group(Vec::new())
            }
            Node::Leaf(number) if is_signed(&number, &inner) => {
                inner.pop();
                Node::Leaf(format!("-{number}"))
            }
            Node::Leaf(text) => Node::Leaf(text),
            Node::Group(nodes) => group(rewritten(nodes), &mut inner),
        };
        inner.push(node);
    }
    lists(&denied_in_front(inner))
}

/// Whether a number has a sign in front that subtracts it from nothing.
fn is_signed(number: &str, before: &[Node]) -> bool {
    let [rest @ .., sign] = before else { return false };
    let subtracts = rest
        .last()
        .is_some_and(|left| left.is_name() || left.is_constant() || matches!(left, Node::Group(_)));
    number.starts_with(|first: char| first.is_ascii_digit()) && sign.is("-") && !subtracts
}

/// What stands between parentheses, with the call that it belongs to in one spelling.
fn group(nodes: Vec<Node>, before: &mut Vec<Node>) -> Node {
    if before.last().is_some_and(|node| node.is("in")) {
        return Node::Group(nodes);
    }
    let Some(name) = before.last().filter(|node| node.is_name()) else {
        return match nodes.as_slice() {
            [one] => one.clone(),
            _ => Node::Group(nodes),
        };
    };
    let comma = nodes.iter().position(|node| node.is(","));
    let Some((first, second)) = comma.map(|at| (&nodes[..at], &nodes[at + 1..])) else {
        return Node::Group(nodes);
    };
    if name.is("convert") && !second.iter().any(|node| node.is(",")) {
        before.pop();
        before.push(leaf("cast"));
        let mut cast = second.to_vec();
        cast.push(leaf("as"));
        cast.extend(first.iter().map(unquoted));
        return Node::Group(cast);
    }
    let part = first
        .first()
        .filter(|part| first.len() == 1 && ["year", "month", "day"].iter().any(|one| part.is(one)));
    if let (true, Some(part)) = (name.is("datepart"), part) {
        before.pop();
        before.push(part.clone());
        return Node::Group(second.to_vec());
    }
    Node::Group(nodes)
}

/// A type's name stands in quotes where the catalogue prints it.
fn unquoted(node: &Node) -> Node {
    match node {
        Node::Leaf(text) => leaf(text.trim_matches('"')),
        Node::Group(_) => node.clone(),
    }
}

/// `a not in (…)` as `not a in (…)`.
fn denied_in_front(mut nodes: Vec<Node>) -> Vec<Node> {
    let mut at = 1;
    while at + 1 < nodes.len() {
        let denies = ["in", "like", "between"].iter().any(|word| nodes[at + 1].is(word));
        if nodes[at].is("not") && denies {
            let start = operand_before(&nodes[..at]);
            if start < at {
                let not = nodes.remove(at);
                nodes.insert(start, not);
            }
        }
        at += 1;
    }
    nodes
}

/// Where the operand begins that ends the nodes: a name, `a.b` or a call; the end where it is neither.
fn operand_before(nodes: &[Node]) -> usize {
    let mut at = nodes.len();
    if at > 1 && matches!(nodes[at - 1], Node::Group(_)) && nodes[at - 2].is_name() {
        at -= 1;
    }
    if at == 0 || !nodes[at - 1].is_name() {
        return nodes.len();
    }
    at -= 1;
    while at > 1 && nodes[at - 1].is(".") && nodes[at - 2].is_name() {
        at -= 2;
    }
    at
}

/// Chains of `=` and `<>` on one operand as lists, and lists in order.
fn lists(nodes: &[Node]) -> Vec<Node> {
    let terms: Vec<Vec<Node>> = nodes
        .split(|node| node.is("or"))
        .map(|term| {
            let parts = term.split(|node| node.is("and")).map(<[Node]>::to_vec).collect();
            joined(merged(parts, true), "and")
        })
        .collect();
    joined(merged(terms, false), "or")
}

fn joined(terms: Vec<Vec<Node>>, word: &str) -> Vec<Node> {
    let mut nodes = Vec::new();
    for (at, term) in terms.into_iter().enumerate() {
        if at > 0 {
            nodes.push(leaf(word));
        }
        nodes.extend(term);
    }
    nodes
}

/// The terms, those that name values of one operand as one.
fn merged(terms: Vec<Vec<Node>>, denied: bool) -> Vec<Vec<Node>> {
    let mut all: Vec<Vec<Node>> = Vec::new();
    let mut lists: Vec<(usize, Vec<Node>, Vec<Node>)> = Vec::new();
    for term in terms {
        let Some((operand, values)) = values_of(&term, denied) else {
            all.push(term);
            continue;
        };
        if let Some((_, _, known)) = lists.iter_mut().find(|(_, known, _)| *known == operand) {
            known.extend(values);
        } else {
            lists.push((all.len(), operand, values));
            all.push(Vec::new());
        }
    }
    for (at, operand, mut values) in lists {
        values.sort();
        values.dedup();
        let mut term = if denied { vec![leaf("not")] } else { Vec::new() };
        term.extend(operand);
        term.push(leaf("in"));
        let list = values.into_iter().map(|value| vec![value]).collect();
        term.push(Node::Group(joined(list, ",")));
        all[at] = term;
    }
    all
}

/// The operand and the constants of `a = 1`, `a in (1, 2)`; denied, of `a <> 1`, `not a in (1, 2)`.
fn values_of(term: &[Node], denied: bool) -> Option<(Vec<Node>, Vec<Node>)> {
    if let [operand @ .., operator, value] = term
        && value.is_constant()
        && (if denied { operator.is("<>") || operator.is("!=") } else { operator.is("=") })
        && !operand.is_empty()
        && operand_before(operand) == 0
    {
        return Some((operand.to_vec(), vec![value.clone()]));
    }
    let term = match term {
        // `not (a = 1 or a = 2)` is `not a in (1, 2)` once what is inside is a list.
        [not, Node::Group(inner)] if denied && not.is("not") => inner.as_slice(),
        [not, inner @ ..] if denied && not.is("not") => inner,
        _ if denied => return None,
        _ => term,
    };
    let [operand @ .., word, Node::Group(list)] = term else { return None };
    if !word.is("in") || operand.is_empty() || operand_before(operand) != 0 {
        return None;
    }
    let values: Vec<_> = list.split(|node| node.is(",")).collect();
    let is_list = values.iter().all(|value| matches!(value, [one] if one.is_constant()));
    is_list.then(|| (operand.to_vec(), values.into_iter().flatten().cloned().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_casts_and_denials_have_one_spelling() {
        let spelled = [
            ("([role]=N'b' OR [role]='a')", "\"role\" in ('a' , 'b')"),
            ("role not in (2, -1)", "not role in (-1 , 2)"),
            ("(NOT ([role]=(2) OR [role]=(-1)))", "not \"role\" in (-1 , 2)"),
            ("(CONVERT([int],datepart(year,getdate())))", "cast (year (getdate ()) as int)"),
            ("CURRENT_TIMESTAMP", "getdate ()"),
        ];
        for (sql, one) in spelled {
            assert_eq!(one_spelling(sql), one);
        }
    }

    #[test]
    fn what_differs_stays_different() {
        let different = [
            ("a in (1, 2)", "a in (1, 3)"),
            ("a in (1, 2)", "a not in (1, 2)"),
            ("a = 1 or b = 2", "a in (1, 2)"),
            ("a <> 1 or a <> 2", "a not in (1, 2)"),
            ("convert(varchar(10), a, 101)", "cast(a as varchar(10))"),
        ];
        for (one, other) in different {
            assert_ne!(one_spelling(one), one_spelling(other), "{one}");
        }
    }

    #[test]
    fn it_is_its_own_spelling_and_no_depth_ends_the_stack() {
        for sql in [
            "a not in (2, 1) or b = 3",
            "NOT ([a]=(2) OR [a]=(1))",
            "case when a = 1 then 'x' else 'y' end",
            ")(",
            "a in ((1))",
        ] {
            assert_eq!(one_spelling(&one_spelling(sql)), one_spelling(sql));
        }
        let deep = "(".repeat(100_000);
        assert_eq!(one_spelling(&deep).len(), 100_000);
    }
}
