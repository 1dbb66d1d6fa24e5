//! A fresh plugin call, in one thread: Porchlight's runtime, bare wasmtime, and the same rule through Extism.

use std::{
    cell::RefCell,
    fs,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use porchlight_model::{
    offer::{Offer, VisitorContext},
    plugin::{Decision, Outcome},
};
use porchlight_runtime::{Plugin, Runtime, RuntimeSettings};
use serde_json::{Value, json};
use tokio::runtime::Runtime as Tokio;

use crate::{
    bare::wasm,
    rounds::{Series, Side, alternate},
    setting::Setting,
    table::{Part, Row},
};

#[expect(clippy::expect_used, reason = "the same shop as in the runtime's own tests, which may break off")]
#[path = "../../../runtime/tests/support/shop.rs"]
mod shop;

/// Calls between two looks at the clock. The median batch counts: one in which another process had the core does not.
const BATCH: u32 = 4;
/// What the visitor writes: two of the rules fit.
const TEXT: &str = "Хочу вернуть: возврата и счета жду";

/// Measures both hooks.
pub fn measure(setting: &Setting) -> Result<Part> {
    let folder = tempfile::tempdir()?;
    let host = Host::new()?;
    let (time, rounds) = setting.pace.choose((Duration::from_millis(200), 25), (Duration::from_millis(60), 7));
    let mut rows = receiving(&host, setting, folder.path(), (time, rounds))?;
    rows.extend(shaping(&host, setting, (time, rounds))?);
    Ok(Part { title: "A fresh plugin call (made, called, dropped; one thread)".to_owned(), rows })
}

fn receiving(host: &Host, setting: &Setting, folder: &Path, (time, rounds): (Duration, u32)) -> Result<Vec<Row>> {
    let bytes = setting.guest("request-routing")?;
    let plugin = host.bind(&bytes, &routing_settings())?;
    let bare =
        wasm::Hook::<(&wasm::VisitorContext, &wasm::Submission), (Result<wasm::Decision, wasm::HookError>,)>::of(
            &bytes,
            "porchlight:plugin/receive-request@0.1.0",
            "receive",
            &routing_settings().to_string(),
        )?;
    let kept_instance = RefCell::new(bare.keep()?);
    let extism = RefCell::new(Extism::start(setting, folder)?);
    let (visitor, submission) = (visitor(), submission());
    require_agreement(host, &plugin, &extism)?;
    let sides: &mut [Side<'_>] = &mut [
        Box::new(|| host.receive(&plugin, time)),
        Box::new(|| nanoseconds(time, || said(bare.call((&visitor, &submission))?.0))),
        Box::new(|| {
            host.tokio.block_on(async {
                nanoseconds_async(time, async || said(bare.call_on_a_fibre((&visitor, &submission)).await?.0)).await
            })
        }),
        Box::new(|| nanoseconds(time, || bare.make())),
        Box::new(|| {
            let mut kept = kept_instance.borrow_mut();
            nanoseconds(time, || said(kept.call((&visitor, &submission))?.0))
        }),
        Box::new(|| extism.borrow_mut().nanoseconds("fresh", time)),
        Box::new(|| extism.borrow_mut().nanoseconds("reused", time)),
        Box::new(|| extism.borrow_mut().nanoseconds("kept", time)),
    ];
    Ok(receiving_rows(&alternate(rounds, sides)?))
}

fn receiving_rows(measured: &[Series]) -> Vec<Row> {
    let [ours, bare, fibre, made, work, fresh, reused, kept] = measured else { return Vec::new() };
    let beside = |what: &str, other: &Series| row(&format!("`receive-request` beside {what}"), ours, other);
    let micros = |series: &Series| format!("{:.1} µs", series.median() / 1e3);
    let over = |other: &Series| ours.over(other).median();
    vec![
        beside("bare wasmtime", bare).at_most(over(bare), 1.3, "1.3").at_most(ours.median(), 12_000.0, "12 µs"),
        Row::new("— of it: making and dropping an instance", "").beside(micros(made)),
        Row::new("— of it: the guest's work, in an instance that is kept", "").beside(micros(work)),
        beside("bare wasmtime on a fibre", fibre),
        beside("Extism, a fresh plugin of a compiled one", fresh),
        beside("Extism, a reused instance", reused).at_most(over(reused), 1.5, "1.5"),
        beside("Extism, a reused instance that keeps its parsed settings", kept).at_most(over(kept), 1.5, "1.5"),
    ]
}

fn shaping(host: &Host, setting: &Setting, (time, rounds): (Duration, u32)) -> Result<Vec<Row>> {
    let bytes = setting.guest("rush-notice")?;
    let plugin = host.bind(&bytes, &rush_settings())?;
    let bare = wasm::Hook::<(&wasm::VisitorContext, &wasm::Offer), (Result<wasm::OfferPatch, wasm::HookError>,)>::of(
        &bytes,
        "porchlight:plugin/shape-offer@0.1.0",
        "shape",
        &rush_settings().to_string(),
    )?;
    let (visitor, offer) = (visitor(), offer());
    let sides: &mut [Side<'_>] = &mut [
        Box::new(|| host.shape(&plugin, time)),
        Box::new(|| nanoseconds(time, || said(bare.call((&visitor, &offer))?.0))),
    ];
    let measured = alternate(rounds, sides)?;
    let [ours, bare] = measured.as_slice() else { return Ok(Vec::new()) };
    Ok(vec![
        row("`shape-offer` beside bare wasmtime", ours, bare).at_most(ours.over(bare).median(), 1.3, "1.3").at_most(
            ours.median(),
            12_000.0,
            "12 µs",
        ),
    ])
}

fn row(what: &str, ours: &Series, other: &Series) -> Row {
    let micros = |series: &Series| format!("{:.1} µs", series.median() / 1e3);
    Row::new(what, micros(ours)).beside(micros(other)).ratio(&ours.over(other))
}

/// Porchlight's runtime, on one thread.
struct Host {
    tokio: Tokio,
    runtime: Runtime,
}

impl Host {
    fn new() -> Result<Self> {
        let tokio = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        Ok(Self { tokio, runtime: Runtime::new(RuntimeSettings::default())? })
    }

    fn bind(&self, bytes: &[u8], settings: &Value) -> Result<Plugin> {
        let component = self.tokio.block_on(self.runtime.load(bytes))?;
        Ok(self.runtime.bind(&component, "measured", "pet-shop", settings, None)?)
    }

    fn receive(&self, plugin: &Plugin, time: Duration) -> Result<f64> {
        let (visitor, site, submission) = (shop::visitor(), shop::site(), shop::submission(TEXT));
        self.tokio.block_on(nanoseconds_async(time, async || {
            let called = self.runtime.receive_request(plugin, &visitor, &site, &submission, shop::now()).await;
            called.answer.map(drop).with_context(|| format!("{:?}", called.provenance.outcome))
        }))
    }

    fn shape(&self, plugin: &Plugin, time: Duration) -> Result<f64> {
        let (visitor, site, offer): (VisitorContext, _, Offer) = (shop::visitor(), shop::site(), shop::offer());
        self.tokio.block_on(nanoseconds_async(time, async || {
            let called = self.runtime.shape_offer(plugin, &visitor, &site, &offer, shop::now()).await;
            called.answer.map(drop).with_context(|| format!("{:?}", called.provenance.outcome))
        }))
    }

    /// The decision, as Extism's guest words it.
    fn decision(&self, plugin: &Plugin) -> Result<Value> {
        let (visitor, site, submission) = (shop::visitor(), shop::site(), shop::submission(TEXT));
        let called =
            self.tokio.block_on(self.runtime.receive_request(plugin, &visitor, &site, &submission, shop::now()));
        match (called.answer, called.provenance.outcome) {
            (Some(Decision::Accept(routing)), Outcome::Answered { .. }) => Ok(json!({ "accept": {
                "team": routing.team, "topic": routing.topic, "tags": routing.tags,
                "priority": serde_json::to_value(routing.priority)?,
            }})),
            (_, outcome) => anyhow::bail!("the request was not accepted: {outcome:?}"),
        }
    }
}

/// Only who gives the same answer can be compared.
fn require_agreement(host: &Host, plugin: &Plugin, extism: &RefCell<Extism>) -> Result<()> {
    let (ours, theirs) = (host.decision(plugin)?, serde_json::from_str::<Value>(&extism.borrow_mut().ask("answer")?)?);
    ensure!(ours == theirs, "Porchlight decides {ours}, Extism {theirs}");
    Ok(())
}

/// A guest's answer, dropped; an error of it ends the run.
fn said<T>(answer: Result<T, wasm::HookError>) -> Result<()> {
    answer.map(drop).map_err(|error| anyhow::anyhow!("{error:?}"))
}

fn nanoseconds(time: Duration, mut call: impl FnMut() -> Result<()>) -> Result<f64> {
    let (begun, mut batches) = (Instant::now(), Series::default());
    while begun.elapsed() < time {
        let batch = Instant::now();
        for _ in 0..BATCH {
            call()?;
        }
        batches.push(nanoseconds_each(batch));
    }
    Ok(batches.median())
}

async fn nanoseconds_async(time: Duration, mut call: impl AsyncFnMut() -> Result<()>) -> Result<f64> {
    let (begun, mut batches) = (Instant::now(), Series::default());
    while begun.elapsed() < time {
        let batch = Instant::now();
        for _ in 0..BATCH {
            call().await?;
        }
        batches.push(nanoseconds_each(batch));
    }
    Ok(batches.median())
}

fn nanoseconds_each(batch: Instant) -> f64 {
    batch.elapsed().as_secs_f64() * 1e9 / f64::from(BATCH)
}

/// The program that calls the rule through Extism.
struct Extism {
    child: Child,
    asked: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Extism {
    fn start(setting: &Setting, folder: &Path) -> Result<Self> {
        let (settings, question) = (folder.join("settings.json"), folder.join("question.json"));
        fs::write(&settings, routing_settings().to_string())?;
        fs::write(&question, self::question().to_string())?;
        let mut command = Command::new(&setting.extism);
        let piped =
            command.arg(&setting.extism_guest).arg(settings).arg(question).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = piped.spawn().with_context(|| format!("`{}` did not start", setting.extism.display()))?;
        let (asked, answers) = (child.stdin.take(), child.stdout.take());
        let (asked, answers) = asked.zip(answers).context("its input and output are piped")?;
        Ok(Self { child, asked, answers: BufReader::new(answers) })
    }

    fn ask(&mut self, question: &str) -> Result<String> {
        writeln!(self.asked, "{question}")?;
        let mut answer = String::new();
        ensure!(self.answers.read_line(&mut answer)? > 0, "the program with Extism ended");
        Ok(answer.trim().to_owned())
    }

    fn nanoseconds(&mut self, how: &str, time: Duration) -> Result<f64> {
        Ok(self.ask(&format!("{how} {}", time.as_millis()))?.parse()?)
    }
}

impl Drop for Extism {
    fn drop(&mut self) {
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait()) {
            eprintln!("the program with Extism could not be ended: {error}");
        }
    }
}

fn routing_settings() -> Value {
    json!({
        "rules": [
            { "words": ["возврат", "обмен"], "team": "returns", "topic": "возврат", "tag": "возврат", "priority": "high" },
            { "words": ["счёт"], "tag": "бухгалтерия" }
        ],
        "blocked": ["казино"],
        "max_links": 1
    })
}

fn rush_settings() -> Value {
    json!({ "rushes": [{ "from": "2020-01-01", "until": "2099-12-31", "multiplier": 2, "reply_hours": { "message": 8 },
                         "notice": { "ru": "Отвечаем дольше обычного." }, "level": "warning" }] })
}

/// What Extism's guest is given: the same, as JSON.
fn question() -> Value {
    json!({
        "visitor": { "locale": "ru", "page": "https://shop.example/delivery",
                     "now": { "unix_seconds": 1_795_375_800, "local": "2026-11-22T22:30:00+03:00" } },
        "submission": { "kind": "message", "name": "Анна", "phone": "+79161234567", "text": TEXT }
    })
}

fn visitor() -> wasm::VisitorContext {
    wasm::VisitorContext {
        locale: "ru".to_owned(),
        page: Some("https://shop.example/delivery".to_owned()),
        time_zone: None,
        now: wasm::Moment { unix_seconds: 1_795_375_800, local: "2026-11-22T22:30:00+03:00".to_owned() },
    }
}

fn submission() -> wasm::Submission {
    wasm::Submission {
        kind: wasm::FormKind::Message,
        name: Some("Анна".to_owned()),
        phone: Some("+79161234567".to_owned()),
        email: None,
        text: Some(TEXT.to_owned()),
        slot: None,
    }
}

fn offer() -> wasm::Offer {
    let phone =
        wasm::Channel { id: "phone".to_owned(), kind: "phone".to_owned(), open: false, promised_seconds: Some(60) };
    let answer =
        |id: &str| wasm::Answer { id: id.to_owned(), question: "Как вернуть товар?".to_owned() };
    wasm::Offer {
        channels: vec![phone],
        forms: vec![wasm::Form { kind: wasm::FormKind::Message, open: false, promised_seconds: Some(7_200) }],
        answers: vec![answer("returns"), answer("delivery")],
    }
}
