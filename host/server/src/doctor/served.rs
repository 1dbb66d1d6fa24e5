//! Does the host serve what browsers load?

use porchlight_egress::{EgressError, Response};
use porchlight_model::site::Site;
use serde_json::Value;

use super::{Doctor, Finding};
use crate::logs::chain;

/// What the address of an asset begins with, as the loader holds it.
const ASSET: &str = "\"/assets/";

/// How the host is reached.
pub fn public_url(doctor: &Doctor) -> Finding {
    const CHECK: &str = "public URL";
    let url = doctor.own.url();
    let mend = "write `public_url = \"https://help.example\"` into `porchlight.toml`, and let a proxy speak TLS there";
    if doctor.config.public_url.is_none() {
        return Finding::warning(CHECK, format!("none is set: letters and pages link to `{url}`"), mend);
    }
    if url.starts_with("https://") {
        return Finding::ok(CHECK, format!("`{url}`"));
    }
    Finding::warning(CHECK, format!("`{url}` is not `https:`, and what visitors write can be read on its way"), mend)
}

/// Whether it answers and can keep something. Reaching it by `https:` proves its certificate too.
pub async fn ready(doctor: &Doctor) -> Finding {
    const CHECK: &str = "host";
    match doctor.own.get("/readyz").await {
        Ok(answer) if answer.status.is_success() => Finding::ok(CHECK, "it answers, and can keep requests"),
        Ok(answer) if answer.status.as_u16() == 503 => {
            Finding::failed(CHECK, "it answers, and cannot keep anything", "see its log, and whether its disk is full")
        }
        Ok(answer) => {
            let mend = "something else answers there: see the proxy before the host, or `listen` and `--url`";
            Finding::failed(CHECK, format!("`/readyz` answers {}", answer.status), mend)
        }
        Err(error) => {
            let says = format!("`{}` does not answer: {}", doctor.own.url(), chain(&error));
            let mend = match error {
                EgressError::Tls(_) => "see whether the certificate of the proxy has run out, and is of this name",
                _ => "start it with `porchlight serve`, or say where it is with `--url`",
            };
            Finding::failed(CHECK, says, mend)
        }
    }
}

/// The loader, and every asset that it names.
pub async fn loader(doctor: &Doctor, site: &Site) -> Vec<Finding> {
    const CHECK: &str = "widget";
    let path = format!("/w/{}.js", site.key);
    let loader = match body(doctor.own.get(&path).await) {
        Ok(loader) => loader,
        Err(why) => {
            let mend = "see the host's log: does it serve from this data folder, and take the site up?";
            return vec![Finding::failed(CHECK, format!("`{path}` {why}"), mend)];
        }
    };
    let (mut failed, named) = (Vec::new(), assets(&loader));
    for asset in &named {
        if let Err(why) = body(doctor.own.get(asset).await) {
            let mend = "restart the host; a proxy before it has to let `/assets/` through";
            failed.push(Finding::failed(CHECK, format!("`{asset}` {why}"), mend));
        }
    }
    if named.is_empty() {
        let mend = "something else answers there: see the proxy before the host";
        failed.push(Finding::failed(CHECK, format!("`{path}` is no script of ours"), mend));
    }
    if failed.is_empty() {
        failed.push(Finding::ok(CHECK, format!("`{path}` and the {} files it asks for are served", named.len())));
    }
    failed
}

/// The offer, and the token that it gives a form.
pub async fn offer(doctor: &Doctor, site: &Site) -> (Finding, Option<String>) {
    const CHECK: &str = "offer";
    let path = format!("/v1/sites/{}/offer", site.key);
    let read = |body: String| serde_json::from_str::<Value>(&body).map_err(|_| "is no JSON".to_owned());
    match body(doctor.own.get(&path).await).and_then(read) {
        Ok(offer) => {
            let channels = offer["channels"].as_array().map_or(0, Vec::len);
            let forms = offer["forms"].as_object().map_or(0, serde_json::Map::len);
            let says = format!("a visitor is offered {channels} channels and {forms} forms");
            let token = offer["form_token"].as_str().map(str::to_owned);
            if channels + forms == 0 {
                let mend = "write `[[channels]]` or `[forms.message]` into `site.toml`";
                return (Finding::failed(CHECK, says, mend), token);
            }
            (Finding::ok(CHECK, says), token)
        }
        Err(why) => (Finding::failed(CHECK, format!("`{path}` {why}"), "see the host's log"), None),
    }
}

fn body(answer: Result<Response, EgressError>) -> Result<String, String> {
    match answer {
        Ok(answer) if answer.status.is_success() => Ok(String::from_utf8_lossy(&answer.body).into_owned()),
        Ok(answer) => Err(format!("answers {}", answer.status)),
        Err(error) => Err(format!("does not answer: {}", chain(&error))),
    }
}

/// The addresses of assets in a script.
fn assets(script: &str) -> Vec<String> {
    let named = script.split(ASSET).skip(1).filter_map(|rest| rest.split('"').next());
    let mut assets: Vec<String> = named.map(|name| format!("/assets/{name}")).collect();
    assets.sort_unstable();
    assets.dedup();
    assets
}

#[cfg(test)]
mod tests {
    use porchlight_store::SiteFile;

    use super::*;
    use crate::{config::site, widget};

    #[test]
    fn every_asset_that_the_loader_names_is_found() {
        let text = "key = \"shop\"\nname = \"Shop\"\nreference_prefix = \"SH\"\norigins = []\nlocale = \"en\"\n\
                    time_zone = \"Europe/Sofia\"\nhours = \"24/7\"\n";
        let file = SiteFile { path: site::SITE_FILE.to_owned(), content: text.into() };
        let site = site::read(&[file]).expect("a site").site;
        let loader = widget::loader(&site, "https://help.example").content();
        let named = assets(&String::from_utf8_lossy(&loader));
        // The style sheet is named by the panel.
        assert_eq!(named.len(), widget::assets().len() - 1, "{named:?}");
    }
}
