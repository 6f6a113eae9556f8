//! [`InsertedRows`]: where the rows of an insert stand in its text.

/// The rows of an insert that are nothing but values, in the order in which they were bound.
///
/// A text of ten thousand rows is read by the server word by word. A driver that can send the rows in
/// another way writes the text around them once, whatever their number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InsertedRows {
    /// The text before the rows: `insert into "users" ("name")`.
    pub head: String,
    /// The text after them: ` on conflict ("id") do nothing returning "id"`.
    pub tail: String,
    /// How many values a row has.
    pub width: usize,
    /// How many rows there are.
    pub count: usize,
    /// Which binding the first value is.
    pub first: usize,
}

impl InsertedRows {
    /// Which binding a cell takes.
    #[must_use]
    pub fn binding(&self, row: usize, column: usize) -> usize {
        self.first + row * self.width + column
    }

    /// The insert of one row, with the placeholders of the server.
    #[must_use]
    pub fn one_row(&self, placeholder: impl Fn(usize) -> String) -> String {
        let row: Vec<String> = (0..self.width).map(placeholder).collect();
        format!("{} values ({}){}", self.head, row.join(", "), self.tail)
    }
}
