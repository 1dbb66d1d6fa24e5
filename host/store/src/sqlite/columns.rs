//! How the model's nouns stand in columns.

use jiff::Timestamp;
use rusqlite::{
    ToSql,
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::error::Category;
use sha2::{Digest, Sha256};

/// An instant, kept as microseconds since 1970 in UTC; what is finer is cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Instant(pub Timestamp);

impl ToSql for Instant {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.as_microsecond().into())
    }
}

impl FromSql for Instant {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Timestamp::from_microsecond(value.as_i64()?).map(Self).map_err(FromSqlError::other)
    }
}

/// A value kept as JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Json<T>(pub T);

impl<T: Serialize> ToSql for Json<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let text =
            serde_json::to_string(&self.0).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        Ok(text.into())
    }
}

impl<T: DeserializeOwned> FromSql for Json<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Self).map_err(|error| FromSqlError::other(Undecodable::from(&error)))
    }
}

/// A document that is not what it should be. Says where, never what stands there: documents name people, and errors are
/// logged.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the document is {what} at line {line}, column {column}")]
struct Undecodable {
    what: &'static str,
    line: usize,
    column: usize,
}

impl From<&serde_json::Error> for Undecodable {
    fn from(error: &serde_json::Error) -> Self {
        let what = match error.classify() {
            Category::Data => "of another shape",
            Category::Eof => "cut off",
            Category::Io | Category::Syntax => "not JSON",
        };
        Self { what, line: error.line(), column: error.column() }
    }
}

/// The SHA-256 of some bytes.
pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_of_a_document_says_where_and_tells_nothing_of_what_it_holds() {
        let said = |document: &str| match Json::<Vec<u32>>::column_result(ValueRef::Text(document.as_bytes())) {
            Err(FromSqlError::Other(error)) => error.to_string(),
            other => panic!("{other:?}"),
        };
        assert_eq!(said(r#"["anna@example.com"]"#), "the document is of another shape at line 1, column 19");
        assert_eq!(said("[1, 2"), "the document is cut off at line 1, column 5");
        assert_eq!(said("anna"), "the document is not JSON at line 1, column 1");
    }
}
