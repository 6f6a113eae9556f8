//! [`nearest`]: what somebody may have meant who wrote a name that nobody knows.

/// The name that is closest to `name` in any case, unless none is close.
pub(crate) fn nearest<'a>(names: impl IntoIterator<Item = &'a str>, name: &str) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    names
        .into_iter()
        .map(|known| (distance(&wanted, &known.to_lowercase()), known))
        .min_by_key(|(steps, _)| *steps)
        .filter(|(steps, known)| *steps <= known.len().max(name.len()) / 2)
        .map(|(_, known)| known)
}

/// How many characters must be inserted, removed or replaced to turn one into the other
/// (Levenshtein).
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut costs: Vec<usize> = (0..=right.len()).collect();
    for (row, left_character) in left.chars().enumerate() {
        let mut diagonal = row;
        costs[0] = row + 1;
        for (column, right_character) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(left_character != *right_character);
            diagonal = costs[column + 1];
            costs[column + 1] = replaced.min(diagonal + 1).min(costs[column] + 1);
        }
    }
    costs[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_counts_insertions_removals_and_replacements() {
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("host", "host"), 0);
    }

    #[test]
    fn what_is_far_from_everything_is_near_to_nothing() {
        assert_eq!(nearest(["drop-table", "drop-column"], "drop-colum"), Some("drop-column"));
        assert_eq!(nearest(["drop-table", "drop-column"], "x"), None);
    }
}
