//! `porchlight backup` and `porchlight restore`: the database and the keys, out of a data folder and into one.

use std::{
    fs::{self, File},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use anyhow::{Context, bail, ensure};
use porchlight_store::{RequestFilter, SqliteStore};

use super::{DATABASE, open_store, read_settings, tenancy::Tenancy};
use crate::{cli::Settings, keys};

/// Copies what a host cannot do without into a new folder, while it may be serving.
pub async fn backup(settings: &Settings, folder: &Path) -> anyhow::Result<()> {
    let data = read_settings(settings)?.data;
    let database = data.join(DATABASE);
    ensure!(database.is_file(), "there is no database `{}` to back up", database.display());
    ensure!(is_new(folder)?, "`{}` is not empty: a backup needs a folder of its own", folder.display());
    fs::create_dir_all(folder).with_context(|| format!("the folder `{}` could not be made", folder.display()))?;
    // The keys first: a copy without them could not be used.
    copy_keys(&data, folder)?;
    let copy = folder.join(DATABASE);
    SqliteStore::copy(&database, &copy).with_context(|| format!("`{}` could not be written", copy.display()))?;
    SqliteStore::check(&copy).with_context(|| format!("the copy `{}` is not sound", copy.display()))?;
    println!("backed up into {} ({} KiB)", folder.display(), fs::metadata(&copy)?.len() / 1024);
    println!("Keep it as safe as the data folder itself: it holds what visitors wrote, and the keys.");
    Ok(())
}

/// Makes a data folder out of a backup. The folder must hold no database: nothing is ever written over.
pub async fn restore(settings: &Settings, backup: &Path) -> anyhow::Result<()> {
    let data = read_settings(settings)?.data;
    let copy = backup.join(DATABASE);
    ensure!(copy.is_file(), "`{}` holds no backup: there is no `{DATABASE}` in it", backup.display());
    SqliteStore::check(&copy).with_context(|| format!("the backup `{}` is not sound", copy.display()))?;
    let _tenancy = Tenancy::take(&data)?;
    for file in [DATABASE, keys::FILE] {
        let path = data.join(file);
        ensure!(!path.exists(), "`{}` is there already: move it away first, and restore again", path.display());
    }
    copy_keys(backup, &data)?;
    let database = data.join(DATABASE);
    SqliteStore::copy(&copy, &database).with_context(|| format!("`{}` could not be written", database.display()))?;
    say_what_is_there(&data).await
}

/// Opens what was restored, which brings an older backup up to date.
async fn say_what_is_there(data: &Path) -> anyhow::Result<()> {
    let store = open_store(data)?;
    let sites = store.site_versions().await?.len();
    let last = store.requests(&RequestFilter { limit: Some(1), ..RequestFilter::default() }).await?;
    let last = last.requests.first().map(|request| (request.reference.as_str().to_owned(), request.received_at()));
    println!("restored into {}: {sites} sites", data.display());
    match last {
        Some((reference, at)) => println!("the last request is {reference} of {at:.0}"),
        None => println!("there are no requests"),
    }
    Ok(())
}

fn is_new(folder: &Path) -> anyhow::Result<bool> {
    if !folder.exists() {
        return Ok(true);
    }
    let mut entries = fs::read_dir(folder).with_context(|| format!("`{}` cannot be read", folder.display()))?;
    Ok(entries.next().is_none())
}

/// Copies the keys, for our own user alone, and waits until they are on the disk.
fn copy_keys(from: &Path, to: &Path) -> anyhow::Result<()> {
    let (from, to) = (from.join(keys::FILE), to.join(keys::FILE));
    let Ok(bytes) = fs::read(&from) else { bail!("the keys `{}` cannot be read", from.display()) };
    let mut options = File::options();
    let mut file = options.write(true).create_new(true).mode(0o600).open(&to)?;
    file.write_all(&bytes).and_then(|()| file.sync_all()).with_context(|| format!("`{}`", to.display()))
}
