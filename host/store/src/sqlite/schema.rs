//! The schema's versions.

use rusqlite_migration::{M, Migrations};

/// Every migration there ever was, oldest first. Append only: a file that was released is never edited.
pub(super) const FILES: &[M<'static>] = &[
    M::up(include_str!("migrations/0001_first.sql")),
    M::up(include_str!("migrations/0002_outbox_targets.sql")),
    M::up(include_str!("migrations/0003_contacts.sql")),
    M::up(include_str!("migrations/0004_agents.sql")),
    M::up(include_str!("migrations/0005_attachments.sql")),
    M::up(include_str!("migrations/0006_measures.sql")),
];

/// The way from any version to the latest.
pub(super) const MIGRATIONS: Migrations<'static> = Migrations::from_slice(FILES);

/// What marks a file as ours: `PRAGMA application_id`, "Plgi" in ASCII. ("Porc" and "Plgh" mark those made before the first release.)
pub(super) const APPLICATION_ID: i64 = 0x506c_6769;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::columns::sha256;

    /// SHA-256 of each migration, as released. Add a line for a new file; a line that must be edited is a mistake.
    const RELEASED: &[(&str, &str, &str)] = &[
        (
            "0001_first.sql",
            include_str!("migrations/0001_first.sql"),
            "757f9f156e5eb6eae4777a36cc0020942fcd20d8cadd69d07d4c71d270827d5b",
        ),
        (
            "0002_outbox_targets.sql",
            include_str!("migrations/0002_outbox_targets.sql"),
            "5b900648a7749e4852dc32f9a08997f2993d5a46999e75509da8c83bb2b997dd",
        ),
        (
            "0003_contacts.sql",
            include_str!("migrations/0003_contacts.sql"),
            "4e65b6e06d6e8fcf9e07be9492320177f519ee67536b74de43d2beffb6df916e",
        ),
        (
            "0004_agents.sql",
            include_str!("migrations/0004_agents.sql"),
            "7427cf4a4a4bc861bc81818348efe34aa40371c64b53981cd131a563fe2acebc",
        ),
        (
            "0005_attachments.sql",
            include_str!("migrations/0005_attachments.sql"),
            "25a7646ef097e6c63cf25e6f5d4834c7809f41aadbcdf6c2d324ef092f7c85ef",
        ),
        (
            "0006_measures.sql",
            include_str!("migrations/0006_measures.sql"),
            "ea1d8c78df8419af50f3200f32d1ef4014ef502da54ddd45f38efb34250ae801",
        ),
    ];

    #[test]
    fn released_migrations_are_never_edited() {
        for (name, sql, released) in RELEASED {
            let found: String = sha256(sql.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(&found, released, "{name} was edited: add a migration instead");
        }
    }

    #[test]
    fn every_migration_is_on_record() {
        let recorded: Vec<M<'_>> = RELEASED.iter().map(|(_, sql, _)| M::up(sql)).collect();
        assert_eq!(recorded, FILES);
    }
}
