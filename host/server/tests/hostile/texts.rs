//! JSON that is none, and text that is not what it seems.

use anyhow::{Context, Result};
use porchlight_testkit::{Host, samples::Sample};
use reqwest::StatusCode;
use serde_json::Value;

use crate::{
    raw::post,
    shop::{self, REQUESTS},
};

#[tokio::test]
async fn what_is_no_json_object_is_refused_by_its_kind() -> Result<()> {
    let host = shop::open().await?;
    let deep = |open: &str, depth| format!(r#"{{"text":{}"#, open.repeat(depth)).into_bytes();
    let cases: [(Vec<u8>, &str); 21] = [
        (deep("[", 100_000), "too-deep"),
        (deep(r#"{"a":"#, 50_000), "too-deep"),
        (br#"{"kind":"message","kind":"callback"}"#.to_vec(), "given-twice"),
        (br#"{"text":"a","\u0074ext":"b"}"#.to_vec(), "given-twice"),
        (br#"{"text":"\ud800"}"#.to_vec(), "bad-unicode"),
        (br#"{"text":"\udc00"}"#.to_vec(), "bad-unicode"),
        (br#"{"text":"\ud83d\u0041"}"#.to_vec(), "bad-unicode"),
        (br#"{"\ud800":"a"}"#.to_vec(), "bad-unicode"),
        ("\u{feff}{}".into(), "not-json"),
        (b"\xff\xfe{\0}\0".to_vec(), "not-json"),
        (b"{\"text\":\"\xff\"}".to_vec(), "not-json"),
        (b"{\"text\":\"\xed\xa0\x80\"}".to_vec(), "not-json"),
        (b"{\"text\":\"\xc0\xaf\"}".to_vec(), "not-json"),
        (b"{\"text\":\"a\0b\"}".to_vec(), "not-json"),
        (br#"{"text":1e999}"#.to_vec(), "not-json"),
        (format!(r#"{{"text":{}}}"#, "9".repeat(100_000)).into(), "not-json"),
        (br#"{"text":NaN}"#.to_vec(), "not-json"),
        (br#"{"text":"a"} {}"#.to_vec(), "not-json"),
        (br#"{"text":"a",}"#.to_vec(), "not-json"),
        (b"null".to_vec(), "not-json"),
        (b"\"text\"".to_vec(), "not-json"),
    ];
    for (body, kind) in cases {
        let told = post(&host, REQUESTS, "", &body).await?;
        let shown: String = String::from_utf8_lossy(&body).chars().take(60).collect();
        assert_eq!((told.status, told.problem()?.as_str()), (400, kind), "{shown}");
    }
    Ok(())
}

async fn codes(host: &Host, body: &Value) -> Result<Vec<String>> {
    let told = post(host, REQUESTS, "", body.to_string().as_bytes()).await?;
    anyhow::ensure!((told.status, told.problem()?.as_str()) == (422, "fields"), "{body}: {told:?}");
    let problem: Value = serde_json::from_slice(&told.body)?;
    let errors = problem["errors"].as_array().context("errors")?.clone();
    let part = |error: &Value, name: &str| error[name].as_str().unwrap_or("?").to_owned();
    Ok(errors.iter().map(|error| format!("{} {}", part(error, "pointer"), part(error, "code"))).collect())
}

#[tokio::test]
async fn fields_that_are_no_text_are_refused_by_their_names() -> Result<()> {
    let host = shop::open().await?;
    let message = || Sample::message("Вопрос");
    let cases = [
        (message().with("text", "a\u{0}b"), "/text control-character"),
        (message().with("name", "a\u{0}b"), "/name control-character"),
        (message().with("email", "a\u{0}b@example.com"), "/email control-character"),
        (message().with("phone", "+7 916\u{0}"), "/phone control-character"),
        (message().with("page", "https://shop.example/\u{0}"), "/page control-character"),
        (message().with("locale", "r\u{0}u"), "/locale unknown-value"),
        (message().with("reply_by", "email\u{0}"), "/reply_by unknown-value"),
        (message().with("kind", "message\u{0}"), "/kind unknown-value"),
        (message().with("text", "\u{200b}"), "/text required"),
        (message().with("text", "\u{feff}\u{200d}\u{2060} \n"), "/text required"),
        (message().with("text", 12_345_678_901_234_567_890_u64), "/text wrong-type"),
        (message().with("text", Value::Null), "/text wrong-type"),
        (message().with("text", vec!["a"]), "/text wrong-type"),
        (message().with("consent", 1), "/consent wrong-type"),
        (message().with("__proto__", "a"), "/__proto__ unknown-field"),
        (message().with("text ", "a"), "/text  unknown-field"),
        (message().with("a/b~c", "a"), "/a~1b~0c unknown-field"),
        (message().with("", "a"), "/ unknown-field"),
    ];
    for (body, code) in cases {
        assert_eq!(codes(&host, &body.body()).await?, [code]);
    }
    for turn in
        ['\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}']
    {
        for field in ["name", "email", "phone", "page"] {
            let body = message().with(field, format!("a{turn}b")).body();
            assert_eq!(codes(&host, &body).await?, [format!("/{field} control-character")], "{turn:?}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn texts_are_kept_byte_for_byte_whatever_they_hold() -> Result<()> {
    let host = shop::open().await?;
    let texts = [
        "\u{202e}txet desrever\u{202c}",
        "\u{2067}שלום\u{2069} abc",
        "\u{feff}BOM",
        "e\u{301} ≠ é",
        "👨\u{200d}👩\u{200d}👧",
        "\u{10ffff}\u{fffe}",
        " a\r\nb\tc\r ",
    ];
    for text in texts {
        let receipt = host.post(REQUESTS, &Sample::message(text).body()).send().await?;
        assert_eq!(receipt.status(), StatusCode::CREATED, "{text:?}");
        let receipt: Value = receipt.json().await?;
        let token = receipt["tracking_token"].as_str().context("a token")?;
        let own: Value = host.get("/v1/request").bearer_auth(token).send().await?.json().await?;
        assert_eq!(own["entries"][0]["text"], text);
    }
    Ok(())
}
