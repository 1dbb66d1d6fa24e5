//! Durable submissions a second: the real process beside bare SQLite writing the same rows, as many in a commit as wait.

use std::{path::Path, time::Duration};

use anyhow::Result;

use crate::{
    bare::sqlite::{Recorded, Writer},
    client::{Client, Load, NUMBER, Template, Until},
    process::{Server, cpu_of},
    rounds::Series,
    setting::Setting,
    sites::{self, Use},
    table::{Part, Row, whole},
};

/// Connections that submit, and submitters beside bare SQLite.
const SUBMITTERS: u32 = 64;
const KEY: &str = "shop";

/// Measures both in turns, each with its own database on the same disk.
pub fn measure(setting: &Setting) -> Result<Part> {
    let folder = tempfile::tempdir_in(setting.scratch()?)?;
    let data = folder.path();
    sites::apply(data, [(KEY.to_owned(), sites::shop(setting, KEY, &[Use::request_routing(setting)?])?)])?;
    let server = sites::serve(setting, data)?;
    server.wait_until_ready()?;
    let client = Client::new(server.address(), SUBMITTERS);
    let template = submission(&server);
    client.load(&template, Until::Answered(u64::from(SUBMITTERS) * 10))?;
    let recorded = Recorded::newest(&data.join("porchlight.db"))?;
    let rows_each = recorded.rows();
    let thin = Writer::start(&data.join("thin.db"), recorded.clone().without_margins())?;
    let writer = Writer::start(&data.join("bare.db"), recorded)?;
    let small = Writer::start(&data.join("small.db"), Recorded::small())?;
    let (time, rounds) = setting.pace.choose((Duration::from_secs(3), 7), (Duration::from_secs(1), 3));
    let [mut ours, mut bare, mut slim, mut tiny] = std::array::from_fn(|_| Measured::default());
    let own_cpu = || cpu_of(std::process::id());
    for _ in 0..rounds {
        let before = server.cpu()?;
        ours.add(&client.load(&template, Until::Elapsed(time))?, server.cpu()? - before);
        let before = own_cpu()?;
        bare.add(&writer.load(SUBMITTERS, time)?, own_cpu()? - before);
        let before = own_cpu()?;
        slim.add(&thin.load(SUBMITTERS, time / 3)?, own_cpu()? - before);
        let before = own_cpu()?;
        tiny.add(&small.load(SUBMITTERS, time / 3)?, own_cpu()? - before);
    }
    writer.finish()?;
    thin.finish()?;
    small.finish()?;
    require_kept(data, ours.answered)?;
    let ratio = ours.rate.over(&bare.rate);
    let rows = vec![
        Row::new(format!("kept durably, {rows_each} rows each"), ours.said())
            .beside(bare.said())
            .ratio(&ratio)
            .at_least(ratio.median(), 0.4, "0.4")
            .at_least(ours.rate.median(), 5_000.0, "5 000/s"),
        Row::new("— half of them within", format!("{:.1} ms", ours.half.median()))
            .beside(format!("{:.1} ms", bare.half.median())),
        Row::new("— 99 % of them within", format!("{:.1} ms", ours.most.median()))
            .beside(format!("{:.1} ms", bare.most.median()))
            .at_most(ours.most.median(), 50.0, "50 ms"),
        Row::new("— CPU time for each", ours.cpu_said())
            .beside(bare.cpu_said())
            .ratio_of_sums(ours.cpu_us() / bare.cpu_us()),
        Row::new("for comparison: bare SQLite, the same rows without their margins", "").beside(slim.said()),
        Row::new("for comparison: bare SQLite, one row of 16 bytes each", "").beside(tiny.said()),
    ];
    Ok(Part { title: format!("Durable submissions, {SUBMITTERS} connections, one plugin call each"), rows })
}

fn submission(server: &Server) -> Template {
    let body = format!(
        r#"{{"kind":"message","name":"Анна","phone":"+7 916 123-45-67","email":"anna@example.com","text":"Заказ {NUMBER}: хочу вернуть будку, она мала. Как оформить возврат?","reply_by":"email","locale":"ru","page":"https://shop.example/dog-houses/classic/","consent":true}}"#
    );
    Template::new(format!(
        "POST /v1/sites/{KEY}/requests HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nIdempotency-Key: submission-{NUMBER}\r\nContent-Length: {}\r\n\r\n{body}",
        server.address(),
        body.len()
    ))
}

/// What was answered must be there: a figure of what was not kept would be none.
fn require_kept(data: &Path, answered: u64) -> Result<()> {
    let kept: i64 = rusqlite::Connection::open(data.join("porchlight.db"))?.query_row(
        "SELECT count(*) FROM requests",
        [],
        |row| row.get(0),
    )?;
    anyhow::ensure!(kept.unsigned_abs() >= answered, "{answered} submissions were answered, {kept} are kept");
    Ok(())
}

#[derive(Default)]
struct Measured {
    rate: Series,
    half: Series,
    most: Series,
    answered: u64,
    cpu_seconds: f64,
}

impl Measured {
    fn add(&mut self, load: &Load, cpu_seconds: f64) {
        self.rate.push(load.per_second());
        self.half.push(load.within_ms(0.5));
        self.most.push(load.within_ms(0.99));
        self.answered += load.answered;
        self.cpu_seconds += cpu_seconds;
    }

    fn cpu_us(&self) -> f64 {
        self.cpu_seconds * 1e6 / self.answered as f64
    }

    fn cpu_said(&self) -> String {
        format!("{:.0} µs", self.cpu_us())
    }

    fn said(&self) -> String {
        format!("{}/s", whole(self.rate.median()))
    }
}
