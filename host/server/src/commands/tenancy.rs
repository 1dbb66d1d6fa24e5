//! One host for one data folder.

use std::{
    fs::{self, File, TryLockError},
    io::Write,
    path::Path,
};

use anyhow::{Context, bail};

/// The file whose lock a host holds as long as it runs.
const FILE: &str = "porchlight.lock";

/// A data folder that is ours alone to serve from, until this is dropped or the process ends, however it ends.
#[derive(Debug)]
pub struct Tenancy {
    _lock: File,
}

impl Tenancy {
    /// Takes the folder, which is made if it is not there; fails where another host serves from it.
    ///
    /// Commands that look into the store or apply a site do not ask: they may run beside a host.
    pub fn take(data: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(data).with_context(|| format!("the folder `{}` could not be made", data.display()))?;
        let path = data.join(FILE);
        let opened = File::options().read(true).write(true).create(true).truncate(false).open(&path);
        let mut lock = opened.with_context(|| format!("`{}` cannot be opened", path.display()))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => bail!(
                "another porchlight{} serves from the folder `{}`: stop it first, or give this one a folder of its own with `--data`",
                process(&path),
                data.display()
            ),
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("`{}` cannot be locked", path.display()));
            }
        }
        // Only to be named to others: a full disk is no reason not to serve.
        if let Err(error) = name_ourselves(&mut lock) {
            tracing::warn!(%error, path = %path.display(), "the process could not be noted");
        }
        Ok(Self { _lock: lock })
    }
}

fn name_ourselves(lock: &mut File) -> std::io::Result<()> {
    lock.set_len(0)?;
    write!(lock, "{}", std::process::id())
}

/// Who holds the lock, as it noted itself.
fn process(path: &Path) -> String {
    let noted = fs::read_to_string(path).unwrap_or_default();
    noted.parse::<u32>().map(|id| format!(" (process {id})")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_is_taken_once_and_free_again_afterwards() {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        let tenancy = Tenancy::take(&data).expect("free");
        let refused = Tenancy::take(&data).expect_err("taken").to_string();
        let expected = format!(
            "another porchlight (process {}) serves from the folder `{}`: stop it first, or give this one a folder of its own with `--data`",
            std::process::id(),
            data.display()
        );
        assert_eq!(refused, expected);
        drop(tenancy);
        Tenancy::take(&data).expect("free again");
    }
}
