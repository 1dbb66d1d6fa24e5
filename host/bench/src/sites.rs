//! Sites to measure with: the example pet shop under many keys, with as many plugins as wanted.

use std::{fmt::Write, fs, path::Path, process::Command};

use anyhow::{Context, Result};
use jiff::Timestamp;
use porchlight_store::{Settings, SiteFile, SqliteStore, Store};

use crate::{process::Server, setting::Setting};

/// A rush that is on, so that the plugin changes something in every offer.
const RUSH: &str = r#"
[plugins.settings]
rushes = [{ from = "2020-01-01", until = "2099-12-31", multiplier = 2.0, notice = { ru = "Отвечаем дольше обычного." } }]
"#;

/// A plugin of a site.
#[derive(Clone, Debug)]
pub struct Use {
    component: &'static str,
    bytes: Vec<u8>,
    settings: String,
}

impl Use {
    /// `rush-notice` in the middle of a rush.
    pub fn rush_notice(setting: &Setting) -> Result<Self> {
        Ok(Self { component: "rush-notice", bytes: setting.guest("rush-notice")?, settings: RUSH.to_owned() })
    }

    /// `request-routing` with the pet shop's rules.
    pub fn request_routing(setting: &Setting) -> Result<Self> {
        let text = shop_text(setting)?;
        let rules = text.split_once("plugins/request_routing.wasm\"").context("the shop routes its requests")?.1;
        let settings = rules.split_once("\n# ").map_or(rules, |(rules, _)| rules).to_owned();
        Ok(Self { component: "request-routing", bytes: setting.guest("request-routing")?, settings })
    }

    /// The same plugin in another binary: with one more custom section that says this.
    pub fn told_apart(&self, by: u8) -> Self {
        let mut bytes = self.bytes.clone();
        bytes.extend([0, 6, 4, b'c', b'o', b'p', b'y', by]);
        Self { bytes, ..self.clone() }
    }
}

/// The files of the pet shop under a key, with these plugins and no others.
pub fn shop(setting: &Setting, key: &str, plugins: &[Use]) -> Result<Vec<SiteFile>> {
    let text = shop_text(setting)?.replace("key = \"pet-shop\"", &format!("key = \"{key}\""));
    let mut site = text.split("[[plugins]]").next().unwrap_or_default().to_owned();
    let mut files = answers(&setting.root.join("examples/pet-shop/answers"))?;
    for (number, plugin) in plugins.iter().enumerate() {
        let same = files.iter().find(|file| file.content == plugin.bytes).map(|file| file.path.clone());
        let path = same.unwrap_or_else(|| format!("plugins/{}_{number}.wasm", plugin.component.replace('-', "_")));
        write!(
            site,
            "[[plugins]]\nname = \"{}-{number}\"\ncomponent = \"{path}\"\n{}\n",
            plugin.component, plugin.settings
        )?;
        if files.iter().all(|file| file.path != path) {
            files.push(SiteFile { path, content: plugin.bytes.clone() });
        }
    }
    files.push(SiteFile { path: "site.toml".to_owned(), content: site.into_bytes() });
    Ok(files)
}

fn shop_text(setting: &Setting) -> Result<String> {
    let path = setting.root.join("examples/pet-shop/site.toml");
    fs::read_to_string(&path).with_context(|| format!("`{}` cannot be read", path.display()))
}

fn answers(folder: &Path) -> Result<Vec<SiteFile>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("`{}` cannot be read", folder.display()))? {
        let entry = entry?;
        files.push(SiteFile {
            path: format!("answers/{}", entry.file_name().to_string_lossy()),
            content: fs::read(entry.path())?,
        });
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(files)
}

/// Puts sites into a data folder's store.
pub fn apply(data: &Path, sites: impl IntoIterator<Item = (String, Vec<SiteFile>)>) -> Result<()> {
    let store = SqliteStore::open(&data.join("porchlight.db"), Settings::default())?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    for (key, files) in sites {
        runtime.block_on(store.apply_site(&key, files, Timestamp::UNIX_EPOCH))?;
    }
    Ok(())
}

/// `porchlight serve` on a data folder, with every rate limit out of the way.
pub fn serve(setting: &Setting, data: &Path) -> Result<Server> {
    let mut command = Command::new(&setting.porchlight);
    command.arg("serve").arg("--data").arg(data).current_dir(data).env("PORCHLIGHT_LISTEN", "127.0.0.1:0");
    Server::start(unlimited(&mut command), &data.join("log"))
}

/// `porchlight demo` on a data folder.
pub fn demo(setting: &Setting, data: &Path) -> Result<Server> {
    let mut command = Command::new(&setting.porchlight);
    command.args(["demo", "--listen", "127.0.0.1:0", "--data"]).arg(data).current_dir(&setting.root);
    Server::start(unlimited(&mut command), &data.join("log"))
}

fn unlimited(command: &mut Command) -> &mut Command {
    command
        .env("PORCHLIGHT_ABUSE__REQUESTS_PER_MINUTE", "100000000")
        .env("PORCHLIGHT_ABUSE__SITE_REQUESTS_PER_MINUTE", "100000000")
}
