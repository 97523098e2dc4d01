//! A list that is asked for by conditions, an order and a page: the rows, and how many there are.

use super::{Db, DbError, Row, Value};

/// A query for a part of a list. What is looked for is always bound, never written into the text;
/// columns, tables, conditions and orders are the program's own words.
///
/// ```
/// use adyton::{Adyton, Query, Reply, Result};
/// use adyton::db::{Listing, Row};
/// use serde_json::json;
///
/// /// `GET /tracks?filter[genre]=trap&sort=-price&page=2`
/// async fn tracks(adyton: Adyton, query: Query) -> Result<Reply> {
///     let order = query.sort(&[("price", "price_cents"), ("title", "title")], "id DESC")?;
///     let filters = query.filters(&["genre"])?;
///     let paging = query.paging()?;
///     let mut tracks = Listing::new("id, title, price_cents", "tracks");
///     if let Some(genre) = filters.get("genre") {
///         tracks.only("genre = ?", [genre]);
///     }
///     let (rows, total) = tracks.page(adyton.db(), &order, paging.bounds()).await?;
///     let shown = |row: &Row| Ok(json!({ "title": row.get::<String>("title")? }));
///     let shown = rows.iter().map(shown).collect::<Result<_>>()?;
///     Ok(Reply::Page(paging.page_of(shown, total)))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Listing {
    columns: String,
    from: String,
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Listing {
    /// All rows of `from`: a table, or several with their joins.
    pub fn new(columns: impl Into<String>, from: impl Into<String>) -> Self {
        Self {
            columns: columns.into(),
            from: from.into(),
            conditions: Vec::new(),
            values: Vec::new(),
        }
    }

    /// Only those of which this holds too. Each `?` in it stands for one of the values.
    pub fn only<V: Into<Value>>(
        &mut self,
        condition: &str,
        values: impl IntoIterator<Item = V>,
    ) -> &mut Self {
        let mut numbered = String::with_capacity(condition.len() + 8);
        let mut values = values.into_iter();
        for part in condition.split_inclusive('?') {
            match part.strip_suffix('?').zip(values.next()) {
                Some((text, value)) => {
                    self.values.push(value.into());
                    numbered.push_str(&format!("{text}${}", self.values.len()));
                }
                None => numbered.push_str(part),
            }
        }
        self.conditions.push(format!("({numbered})"));
        self
    }

    /// The rows of a page in an order, and how many rows there are on all pages. `bounds` are those
    /// of [`Paging::bounds`](crate::Paging::bounds).
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn page(
        &self,
        db: &Db,
        order: &str,
        bounds: [Value; 2],
    ) -> Result<(Vec<Row>, u64), DbError> {
        let rows = self.part(db, order, bounds).await?;
        let sql = format!(
            "SELECT COUNT(*) AS total FROM {}{}",
            self.from,
            self.filter()
        );
        let total = db.one(&sql, &self.values).await?;
        let total: Option<i64> = total.map(|row| row.get("total")).transpose()?;
        Ok((rows, total.unwrap_or_default().unsigned_abs()))
    }

    /// The first rows in an order, `most` at most.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn first(&self, db: &Db, order: &str, most: i64) -> Result<Vec<Row>, DbError> {
        self.part(db, order, [most.into(), 0_i64.into()]).await
    }

    async fn part(&self, db: &Db, order: &str, bounds: [Value; 2]) -> Result<Vec<Row>, DbError> {
        let Self { columns, from, .. } = self;
        let (filter, given) = (self.filter(), self.values.len());
        let sql = format!(
            "SELECT {columns} FROM {from}{filter} ORDER BY {order} LIMIT ${} OFFSET ${}",
            given + 1,
            given + 2
        );
        let values = [&self.values[..], &bounds].concat();
        db.all(&sql, &values).await
    }

    fn filter(&self) -> String {
        match self.conditions.is_empty() {
            true => String::new(),
            false => format!(" WHERE {}", self.conditions.join(" AND ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Listing;
    use crate::db::Value;

    #[test]
    fn every_mark_is_the_number_of_its_value() {
        let mut tracks = Listing::new("id", "tracks");
        assert_eq!(tracks.filter(), "");
        tracks.only("price BETWEEN ? AND ?", [1_i64, 9]);
        tracks.only("hidden_at IS NULL", [] as [Value; 0]);
        tracks.only("genre = ?", ["trap"]);
        let expected = " WHERE (price BETWEEN $1 AND $2) AND (hidden_at IS NULL) AND (genre = $3)";
        assert_eq!(tracks.filter(), expected);
        assert_eq!(
            tracks.values,
            [1_i64.into(), 9_i64.into(), Value::from("trap")]
        );
    }
}
