//! What a run is given: where the built things are, how long it may take, which parts it measures.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

/// What a run is given.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// The product's source folder.
    pub root: PathBuf,
    /// The `porchlight` binary, built for release.
    pub porchlight: PathBuf,
    /// Folder of the built plugins.
    pub guests: PathBuf,
    /// The program that calls the rule through Extism.
    pub extism: PathBuf,
    /// The rule as an Extism plugin.
    pub extism_guest: PathBuf,
    /// Shorter rounds, fewer of them.
    pub pace: Pace,
    /// Names of the parts to measure; all where there are none.
    pub parts: Vec<String>,
}

/// How long everything is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// For figures to be kept.
    Whole,
    /// For a first look.
    Quick,
}

impl Pace {
    /// One of two, by the pace.
    pub fn choose<T>(self, whole: T, quick: T) -> T {
        match self {
            Self::Whole => whole,
            Self::Quick => quick,
        }
    }
}

impl Setting {
    /// Reads the arguments: `--root DIR --porchlight FILE --guests DIR --extism FILE --extism-guest FILE [--quick] [PART…]`.
    pub fn of(arguments: impl IntoIterator<Item = String>) -> Result<Self> {
        let (mut places, mut pace, mut parts) = (Vec::new(), Pace::Whole, Vec::new());
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            match argument.strip_prefix("--") {
                Some("quick") => pace = Pace::Quick,
                Some(name) => {
                    let place = arguments.next().with_context(|| format!("`--{name}` needs a path"))?;
                    places.push((name.to_owned(), PathBuf::from(place)));
                }
                None => parts.push(argument),
            }
        }
        let mut take = |name: &str| {
            let place = places.iter().position(|(given, _)| given == name);
            place.map(|place| places.swap_remove(place).1).with_context(|| format!("`--{name} PATH` is missing"))
        };
        let setting = Self {
            root: take("root")?,
            porchlight: take("porchlight")?,
            guests: take("guests")?,
            extism: take("extism")?,
            extism_guest: take("extism-guest")?,
            pace,
            parts,
        };
        if let Some((name, _)) = places.first() {
            bail!("`--{name}` is not known");
        }
        Ok(setting)
    }

    /// A folder for data, on the disk that is measured; made if it is not there.
    pub fn scratch(&self) -> Result<PathBuf> {
        let folder = self.porchlight.with_file_name("bench-data");
        std::fs::create_dir_all(&folder).with_context(|| format!("`{}` cannot be made", folder.display()))?;
        Ok(folder)
    }

    /// The bytes of a built plugin.
    pub fn guest(&self, name: &str) -> Result<Vec<u8>> {
        let path = self.guests.join(format!("{}.wasm", name.replace('-', "_")));
        std::fs::read(&path).with_context(|| format!("`{}` cannot be read", path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Setting> {
        Setting::of(line.split(' ').map(str::to_owned))
    }

    #[test]
    fn arguments_are_read_by_name() {
        let setting =
            read("--root r --porchlight p --quick --guests g --extism e --extism-guest x calls").expect("all there");
        assert_eq!((setting.pace, setting.parts), (Pace::Quick, vec!["calls".to_owned()]));
        assert_eq!(setting.porchlight, PathBuf::from("p"));
    }

    #[test]
    fn what_is_missing_or_unknown_is_named() {
        assert_eq!(read("--root r").expect_err("missing").to_string(), "`--porchlight PATH` is missing");
        let unknown = read("--root r --porchlight p --guests g --extism e --extism-guest x --huge y");
        assert_eq!(unknown.expect_err("unknown").to_string(), "`--huge` is not known");
    }
}
