//! Bytes of the widget, as they are served to a browser that takes compressed ones.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::{
    client::get,
    process::Server,
    setting::Setting,
    sites,
    table::{Part, Row, whole},
};

/// Weighs the loader, what comes until the panel stands open, and everything there is.
pub fn measure(setting: &Setting) -> Result<Part> {
    let folder = tempfile::tempdir_in(setting.scratch()?)?;
    let server = sites::demo(setting, folder.path())?;
    server.wait_until_ready()?;
    let manifest = std::fs::read_to_string(setting.root.join("host/widget/dist/manifest.json"))?;
    let assets = Assets::of(&serde_json::from_str(&manifest)?)?;
    let loader = vec!["/w/pet-shop.js".to_owned()];
    let offer = "/v1/sites/pet-shop/offer?page=https://shop.example/&locale=ru".to_owned();
    let open = [loader.clone(), vec![assets.panel.clone(), assets.russian.clone(), offer]].concat();
    let everything = [loader.clone(), assets.all].concat();
    let rows = vec![
        row(&server, "the loader", &loader)?,
        row(&server, "until the panel stands open: loader, panel, one language, the offer", &open)?,
        row(&server, "every file: loader, panel, its style, all languages", &everything)?,
    ];
    Ok(Part { title: "Bytes of the widget, gzip (brotli)".to_owned(), rows })
}

/// Paths of the built files.
struct Assets {
    panel: String,
    russian: String,
    all: Vec<String>,
}

impl Assets {
    fn of(manifest: &Value) -> Result<Self> {
        let path = |name: &Value| name.as_str().map(|name| format!("/assets/{name}")).context("a file's name");
        let texts = manifest["texts"].as_object().context("the languages")?;
        let named = [&manifest["panel"], &manifest["style"]];
        let all = named.into_iter().chain(texts.values()).map(path).collect::<Result<_>>()?;
        Ok(Self { panel: path(&manifest["panel"])?, russian: path(&manifest["texts"]["ru"])?, all })
    }
}

fn row(server: &Server, what: &str, paths: &[String]) -> Result<Row> {
    let sum = |encoding: &str| paths.iter().map(|path| bytes(server, path, encoding)).sum::<Result<usize>>();
    Ok(Row::new(what, format!("{} ({})", whole(sum("gzip")? as f64), whole(sum("br")? as f64))))
}

fn bytes(server: &Server, path: &str, encoding: &str) -> Result<usize> {
    let answer = get(server.address(), path, &[("Accept-Encoding", encoding)])?;
    ensure!(answer.is_success(), "`{path}`: {}", answer.head);
    ensure!(
        answer.own_fields().iter().any(|(name, value)| name == "content-encoding" && value == encoding),
        "`{path}` is not compressed with {encoding}:\n{}",
        answer.head
    );
    Ok(answer.body.len())
}
