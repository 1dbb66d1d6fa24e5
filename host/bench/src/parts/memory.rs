//! Memory: at rest, after many plugin calls, with many sites, with many plugins.

use anyhow::Result;

use crate::{
    client::{Client, NUMBER, Template, Until},
    process::{Memory, Server},
    setting::Setting,
    sites::{self, Use},
    table::{Part, Row},
};

const KIB: f64 = 1024.0;
const MIB: f64 = 1024.0 * 1024.0;

/// Measures each with a process of its own.
pub fn measure(setting: &Setting) -> Result<Part> {
    let rows = [at_rest(setting)?, sites(setting)?, plugins(setting)?].concat();
    Ok(Part { title: "Memory of the process, resident (proportional)".to_owned(), rows })
}

fn at_rest(setting: &Setting) -> Result<Vec<Row>> {
    let folder = tempfile::tempdir_in(setting.scratch()?)?;
    let server = sites::demo(setting, folder.path())?;
    server.wait_until_ready()?;
    let rest = server.memory()?;
    let calls = setting.pace.choose(100_000, 10_000);
    let request = format!(
        "GET /v1/sites/pet-shop/offer?page=https://shop.example/p/{NUMBER}&locale=ru HTTP/1.1\r\nHost: {}\r\n\r\n",
        server.address()
    );
    Client::new(server.address(), 32).load(&Template::new(request), Until::Answered(calls))?;
    Ok(vec![
        Row::new("the pet shop, at rest after its start", mebibytes(rest)).at_most(
            rest.resident as f64,
            50.0 * MIB,
            "50 MiB",
        ),
        Row::new(format!("after {calls} offers, a plugin call each"), mebibytes(server.memory()?)),
    ])
}

fn sites(setting: &Setting) -> Result<Vec<Row>> {
    let further = setting.pace.choose(1_000, 100);
    let one = with_shops(setting, 1)?;
    let many = with_shops(setting, 1 + further)?;
    let each = per(one, many, further);
    Ok(vec![
        Row::new("one shop without plugins", mebibytes(one)),
        Row::new(format!("{further} further ones, each with the pet shop's 24 answers"), mebibytes(many)),
        Row::new("— each further site", format!("{:.1} KiB", each / KIB)).at_most(each, 50.0 * KIB, "50 KiB"),
    ])
}

fn with_shops(setting: &Setting, count: u32) -> Result<Memory> {
    let shops = (0..count).map(|number| {
        let key = format!("shop-{number}");
        Ok((key.clone(), sites::shop(setting, &key, &[])?))
    });
    served(setting, shops.collect::<Result<Vec<_>>>()?)
}

fn plugins(setting: &Setting) -> Result<Vec<Row>> {
    let further = setting.pace.choose(100, 10);
    let (routing, one) = (Use::request_routing(setting)?, Use::rush_notice(setting)?);
    let with = |plugins: &[Use]| served(setting, vec![("shop".to_owned(), sites::shop(setting, "shop", plugins)?)]);
    let single = with(std::slice::from_ref(&one))?;
    let same = with(&vec![one.clone(); 1 + further as usize])?;
    let apart = (0..further).map(|number| {
        let by = u8::try_from(number).unwrap_or(u8::MAX);
        if number % 2 == 0 { routing.told_apart(by) } else { one.told_apart(by) }
    });
    let distinct = with(&std::iter::once(one.clone()).chain(apart).collect::<Vec<_>>())?;
    let (each_same, each_distinct) = (per(single, same, further), per(single, distinct, further));
    Ok(vec![
        Row::new("one plugin", mebibytes(single)),
        Row::new(format!("the same component {further} times more"), mebibytes(same)),
        Row::new("— each further use", format!("{:.0} KiB", each_same / KIB)).at_most(each_same, MIB, "1 MiB"),
        Row::new(format!("{further} different components more"), mebibytes(distinct)),
        Row::new("— each further plugin", format!("{:.0} KiB", each_distinct / KIB)).at_most(
            each_distinct,
            MIB,
            "1 MiB",
        ),
    ])
}

/// Memory of a host that serves these sites, once it is ready.
fn served(setting: &Setting, sites: Vec<(String, Vec<porchlight_store::SiteFile>)>) -> Result<Memory> {
    let folder = tempfile::tempdir_in(setting.scratch()?)?;
    sites::apply(folder.path(), sites)?;
    let server: Server = sites::serve(setting, folder.path())?;
    server.wait_until_ready()?;
    server.memory()
}

fn per(few: Memory, many: Memory, further: u32) -> f64 {
    (many.resident as f64 - few.resident as f64) / f64::from(further)
}

fn mebibytes(memory: Memory) -> String {
    format!("{:.1} MiB ({:.1})", memory.resident as f64 / MIB, memory.proportional as f64 / MIB)
}
