//! A site's folder on disk: the files that make up the site, collected and written back.

use std::{
    fs, io,
    path::{Component, Path, PathBuf},
};

use porchlight_store::SiteFile;

use crate::config::{
    diagnostic::{Diagnostic, Diagnostics},
    site::{self, SITE_FILE},
};

/// Collects the files of a site: its site file, its answers, its plugins' components.
///
/// A component that is not in the folder is looked for, by its file name, in `built`. One that is nowhere is left out: whoever
/// reads the site says so, with file, line and key.
pub fn collect(folder: &Path, built: Option<&Path>) -> Result<Vec<SiteFile>, Diagnostics> {
    let text =
        fs::read_to_string(folder.join(SITE_FILE)).map_err(|error| unreadable(&folder.join(SITE_FILE), &error))?;
    let (_, file) = site::read_site_file(SITE_FILE, &text)?;
    let mut files = vec![SiteFile { path: SITE_FILE.to_owned(), content: text.into_bytes() }];
    if let Some(answers) = &file.answers {
        files.extend(collect_answers(folder, &answers.files)?);
    }
    for plugin in &file.plugins {
        if files.iter().any(|file| file.path == plugin.component) {
            continue;
        }
        if let Some(content) = component(folder, built, &plugin.component)? {
            files.push(SiteFile { path: plugin.component.clone(), content });
        }
    }
    Ok(files)
}

fn collect_answers(folder: &Path, pattern: &str) -> Result<Vec<SiteFile>, Diagnostics> {
    let place = pattern.trim_end_matches("/*.md");
    let entries = match fs::read_dir(folder.join(place)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(&folder.join(place), &error)),
    };
    let mut names: Vec<String> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.sort();
    let paths = names.into_iter().map(|name| format!("{place}/{name}")).filter(|path| site::is_answer(path, pattern));
    paths
        .map(|path| {
            let content = fs::read(folder.join(&path)).map_err(|error| unreadable(&folder.join(&path), &error))?;
            Ok(SiteFile { path, content })
        })
        .collect()
}

fn component(folder: &Path, built: Option<&Path>, path: &str) -> Result<Option<Vec<u8>>, Diagnostics> {
    let beside = built.zip(Path::new(path).file_name()).map(|(built, name)| built.join(name));
    for place in [Some(folder.join(path)), beside].into_iter().flatten() {
        match fs::read(&place) {
            Ok(content) => return Ok(Some(content)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(unreadable(&place, &error)),
        }
    }
    Ok(None)
}

/// Writes a site's files into a folder.
pub fn write(folder: &Path, files: &[SiteFile]) -> io::Result<()> {
    for file in files {
        let path = folder.join(inside(&file.path)?);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, &file.content)?;
    }
    Ok(())
}

/// The path, if it stays inside the folder it is written into.
fn inside(path: &str) -> io::Result<PathBuf> {
    let path = PathBuf::from(path);
    if path.components().all(|part| matches!(part, Component::Normal(_))) {
        return Ok(path);
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, format!("`{}` leads out of the folder", path.display())))
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostics {
    let (file, message) = (path.display().to_string(), format!("cannot be read: {error}"));
    Diagnostics(vec![Diagnostic { file, place: None, key: String::new(), message }])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_written_outside_the_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        for path in ["../escaped", "/etc/escaped", "a/../../escaped"] {
            let file = SiteFile { path: path.to_owned(), content: Vec::new() };
            assert!(write(folder.path(), &[file]).is_err(), "{path}");
        }
    }
}
