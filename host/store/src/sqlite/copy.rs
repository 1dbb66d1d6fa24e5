//! A copy of the whole database, consistent while others write.

use std::{fs::File, io, path::Path};

use super::{fault::Fault, open};

/// Writes the database at `from`, as it stands at one moment, to a new file, which is on the disk when this returns. Writing goes on
/// meanwhile. Nothing that was erased before is in the copy: it is written anew, row by row.
pub(super) fn copy(from: &Path, to: &Path) -> Result<(), Fault> {
    open::create_new(to).map_err(Fault::of)?;
    let connection = open::reader(from)?;
    connection.execute("VACUUM INTO ?1", [to.to_string_lossy()])?;
    sync(to).map_err(Fault::of)
}

fn sync(file: &Path) -> io::Result<()> {
    File::open(file)?.sync_all()?;
    file.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}
