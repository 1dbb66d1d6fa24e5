//! Offers a second: the real process over loopback beside bare hyper sending the bytes it answered.

use std::{path::Path, time::Duration};

use anyhow::{Result, ensure};

use crate::{
    bare,
    client::{Client, NUMBER, Template, Until, get},
    process::Server,
    rounds::Series,
    setting::Setting,
    sites::{self, Use},
    table::{Part, Row, whole},
};

/// Connections kept open, one request at a time over each.
const CONNECTIONS: u32 = 32;

/// One way of asking.
struct Case {
    what: String,
    site: &'static str,
    page: String,
    encoding: Option<&'static str>,
    target: Option<f64>,
}

/// Measures every number of plugins, with a page that stays and with pages that change.
pub fn measure(setting: &Setting) -> Result<Part> {
    let folder = tempfile::tempdir_in(setting.scratch()?)?;
    let data = folder.path();
    let rush = Use::rush_notice(setting)?;
    let site =
        |key: &str, plugins: usize| Ok((key.to_owned(), sites::shop(setting, key, &vec![rush.clone(); plugins])?));
    let all = [site("none", 0), site("one", 1), site("five", 5)].into_iter().collect::<Result<Vec<_>>>()?;
    sites::apply(data, all)?;
    let server = sites::serve(setting, data)?;
    server.wait_until_ready()?;
    let rows = cases().iter().map(|case| row(setting, &server, data, case)).collect::<Result<Vec<_>>>()?;
    let title = format!("Offers, {CONNECTIONS} connections");
    Ok(Part { title, rows: rows.into_iter().flatten().collect() })
}

fn cases() -> Vec<Case> {
    let case = |plugins: &str, site, changing: bool, target| Case {
        what: format!("{plugins}, {}", if changing { "another page each time" } else { "the same page again" }),
        site,
        page: if changing { format!("https://shop.example/p/{NUMBER}") } else { "https://shop.example/p/".to_owned() },
        encoding: None,
        target,
    };
    let as_a_browser = Case {
        what: "one plugin, the same page again, compressed".to_owned(),
        encoding: Some("gzip, deflate, br"),
        ..case("", "one", false, None)
    };
    vec![
        case("no plugin", "none", true, None),
        case("one plugin", "one", true, Some(0.5)),
        case("5 plugins", "five", true, None),
        case("no plugin", "none", false, None),
        case("one plugin", "one", false, Some(0.9)),
        case("5 plugins", "five", false, None),
        as_a_browser,
    ]
}

fn row(setting: &Setting, server: &Server, data: &Path, case: &Case) -> Result<[Row; 2]> {
    let path = format!("/v1/sites/{}/offer?page={}&locale=ru", case.site, case.page);
    let fields: Vec<_> = case.encoding.map(|encoding| ("Accept-Encoding", encoding)).into_iter().collect();
    let answer = get(server.address(), &path, &fields)?;
    ensure!(answer.is_success(), "`{path}`: {}", answer.head);
    let bare = bare::hyper::serve(&answer, data)?;
    let (mut ours, mut theirs) = (Served::of(server, &path, &fields), Served::of(&bare, &path, &fields));
    let (time, rounds) = setting.pace.choose((Duration::from_millis(1_000), 7), (Duration::from_millis(400), 3));
    ours.round(time / 4)?;
    theirs.round(time / 4)?;
    (ours.rate, theirs.rate) = Default::default();
    (ours.cost, theirs.cost) = Default::default();
    for _ in 0..rounds {
        ours.round(time)?;
        theirs.round(time)?;
    }
    let (ratio, cost) = (ours.rate.over(&theirs.rate), ours.cpu_us() / theirs.cpu_us());
    let mut rate = Row::new(format!("{} ({} bytes)", case.what, whole(answer.body.len() as f64)), ours.said())
        .beside(theirs.said())
        .ratio(&ratio);
    if let Some(target) = case.target {
        rate = rate.at_least(ratio.median(), target, &target.to_string());
    }
    let cpu = Row::new("— CPU time of the server for each", format!("{:.1} µs", ours.cpu_us()))
        .beside(format!("{:.1} µs", theirs.cpu_us()))
        .ratio_of_sums(cost);
    Ok([rate, cpu])
}

/// One of two servers under load.
struct Served<'a> {
    server: &'a Server,
    client: Client,
    template: Template,
    rate: Series,
    cost: Cost,
}

/// CPU seconds, and what was answered in them.
#[derive(Clone, Copy, Default)]
struct Cost {
    seconds: f64,
    answered: u64,
}

impl<'a> Served<'a> {
    fn of(server: &'a Server, path: &str, fields: &[(&str, &str)]) -> Self {
        let fields: String = fields.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n{fields}\r\n", server.address());
        Self {
            server,
            client: Client::new(server.address(), CONNECTIONS),
            template: Template::new(request),
            rate: Series::default(),
            cost: Cost::default(),
        }
    }

    fn round(&mut self, time: Duration) -> Result<()> {
        let before = self.server.cpu()?;
        let load = self.client.load(&self.template, Until::Elapsed(time))?;
        self.cost.seconds += self.server.cpu()? - before;
        self.cost.answered += load.answered;
        self.rate.push(load.per_second());
        Ok(())
    }

    fn cpu_us(&self) -> f64 {
        self.cost.seconds * 1e6 / self.cost.answered as f64
    }

    fn said(&self) -> String {
        format!("{}/s", whole(self.rate.median()))
    }
}
