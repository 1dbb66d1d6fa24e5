//! The widget's built files: the loader with a site's settings in it, and the assets it asks for.

use std::{borrow::Cow, collections::BTreeMap, sync::LazyLock};

use porchlight_model::{
    locale::Locale,
    site::{Side, Site},
    texts::Texts,
};
use porchlight_store::Asset;
use rust_embed::Embed;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::hexadecimal::hexadecimal;

/// What stands in the built loader where the settings belong.
const PLACEHOLDER: &str = "\"__PORCHLIGHT_SETTINGS__\"";

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
/// Media type of style sheets.
pub const CSS: &str = "text/css; charset=utf-8";

#[derive(Embed)]
#[folder = "../widget/dist"]
struct Dist;

/// Names of the built files, as the widget's build wrote them.
#[derive(Debug, Deserialize)]
pub struct Manifest {
    loader: String,
    panel: String,
    proof: String,
    talk: BTreeMap<String, String>,
    /// The style sheet that panel and hosted page share.
    pub style: String,
    texts: BTreeMap<String, String>,
}

/// The manifest of the files built into this binary.
pub fn manifest() -> &'static Manifest {
    static MANIFEST: LazyLock<Manifest> = LazyLock::new(|| {
        #[expect(clippy::expect_used, reason = "the file is part of the binary; a test reads it")]
        serde_json::from_slice(&built("manifest.json")).expect("a manifest")
    });
    &MANIFEST
}

fn built(name: &str) -> Cow<'static, [u8]> {
    #[expect(clippy::expect_used, reason = "the file is part of the binary; a test reads every one")]
    Dist::get(name).expect("a built file").data
}

/// Everything below `/assets/`: all built files but the loader and the manifest.
pub fn assets() -> Vec<Asset> {
    let manifest = manifest();
    let names = [&manifest.panel, &manifest.proof, &manifest.style].into_iter();
    names
        .chain(manifest.talk.values())
        .chain(manifest.texts.values())
        .map(|name| Asset {
            path: name.clone(),
            media_type: media_type(name).to_owned(),
            content: built(name).into_owned(),
        })
        .collect()
}

fn media_type(name: &str) -> &'static str {
    if name.ends_with(".css") { CSS } else { JAVASCRIPT }
}

/// A file made for one site. Only what is the site's own is kept for each; the file is put together when it is asked for.
#[derive(Clone, Debug)]
pub struct SiteAsset {
    before: &'static str,
    own: String,
    after: &'static str,
    /// Its media type.
    pub media_type: &'static str,
    /// Its entity tag (RFC 9110, section 8.8.3); a weak one, for it is sent in several codings.
    pub etag: String,
}

impl SiteAsset {
    /// A file with the entity tag of its content: what is the site's own, and around it what is the same for all.
    pub fn new(media_type: &'static str, own: String, (before, after): (&'static str, &'static str)) -> Self {
        let digest = Sha256::new().chain_update(before).chain_update(&own).chain_update(after).finalize();
        let etag = format!("W/\"{}\"", hexadecimal(&digest[..12]));
        Self { before, own, after, media_type, etag }
    }

    /// Its bytes.
    pub fn content(&self) -> bytes::Bytes {
        [self.before, &self.own, self.after].concat().into()
    }
}

#[derive(Serialize)]
struct Settings<'a> {
    site: &'a str,
    name: &'a str,
    host: &'a str,
    locale: &'a str,
    accent: &'a str,
    side: &'a str,
    assets: AssetPaths,
    launcher: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
struct AssetPaths {
    panel: String,
    proof: String,
    talk: BTreeMap<String, String>,
    texts: BTreeMap<String, String>,
}

/// The loader with a site's settings in it. `host` is how browsers reach this host.
pub fn loader(site: &Site, host: &str) -> SiteAsset {
    let manifest = manifest();
    let path = |name: &String| format!("/assets/{name}");
    let paths = |names: &BTreeMap<String, String>| {
        names.iter().map(|(locale, name)| (locale.clone(), path(name))).collect::<BTreeMap<_, _>>()
    };
    let settings = Settings {
        site: &site.key,
        name: &site.name,
        host,
        locale: site.locale.tag(),
        accent: &site.look.accent,
        side: match site.look.side {
            Side::Left => "left",
            Side::Right => "right",
        },
        assets: AssetPaths {
            panel: path(&manifest.panel),
            proof: path(&manifest.proof),
            talk: paths(&manifest.talk),
            texts: paths(&manifest.texts),
        },
        launcher: Locale::ALL.map(|locale| (locale.tag(), Texts::of(locale).say("launcher-label"))).into(),
    };
    SiteAsset::new(JAVASCRIPT, literal(&settings), around_settings())
}

/// The built loader, before and after the place where the settings belong.
fn around_settings() -> (&'static str, &'static str) {
    static LOADER: LazyLock<String> =
        LazyLock::new(|| String::from_utf8_lossy(&built(&manifest().loader)).into_owned());
    LOADER.split_once(PLACEHOLDER).unwrap_or((&LOADER, ""))
}

/// A JavaScript literal: JSON, with what would end a script element escaped.
fn literal(settings: &Settings<'_>) -> String {
    #[expect(clippy::expect_used, reason = "text and maps with text keys always serialise")]
    let json = serde_json::to_string(settings).expect("plain data");
    json.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_file_is_in_the_binary() {
        assert_eq!(assets().len(), 3 + 2 * Locale::ALL.len());
        let loader = built(&manifest().loader);
        assert_eq!(String::from_utf8_lossy(&loader).matches(PLACEHOLDER).count(), 1);
    }

    #[test]
    fn a_sites_name_cannot_end_the_script() {
        let settings = Settings {
            site: "x",
            name: "</script><script>alert(1)",
            host: "",
            locale: "ru",
            accent: "",
            side: "right",
            assets: AssetPaths {
                panel: String::new(),
                proof: String::new(),
                talk: BTreeMap::new(),
                texts: BTreeMap::new(),
            },
            launcher: BTreeMap::new(),
        };
        assert!(!literal(&settings).contains('<'));
    }
}
