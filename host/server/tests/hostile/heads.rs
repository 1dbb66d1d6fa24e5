//! Heads: hosts, targets, lengths that contradict each other, and too much of everything.

use anyhow::Result;

use crate::{
    raw::{self, answer, answers, authority, last_answer},
    shop::{self, OFFER, REQUESTS},
};

#[tokio::test]
async fn a_request_that_does_not_name_one_host_is_refused() -> Result<()> {
    let host = shop::open().await?;
    let hosts = [
        "",
        "Host: a.example\r\nHost: b.example\r\n",
        "Host: a.example\r\nHost: a.example\r\n",
        "Host: a.example, b.example\r\n",
        "Host:\r\n",
        "Host: a b\r\n",
        "Host: a.example/path\r\n",
        "Host: http://a.example\r\n",
        "Host: user@a.example\r\n",
        "Host: a.example:port\r\n",
        "Host: a.example:99999\r\n",
        "Host: [::1\r\n",
        "Host: a.example?x\r\n",
        "X: a\nHost: a.example\nHost: b.example\r\n",
    ];
    for hosts in hosts {
        let told = last_answer(&host, format!("GET {OFFER} HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n")).await?;
        assert_eq!((told.status, told.problem()?.as_str()), (400, "bad-host"), "{hosts:?}");
    }
    for hosts in ["Host: a.example\r\n", "Host: a.example:8080\r\n", "Host: [::1]:80\r\n", "Host: 127.0.0.1\r\n"] {
        let told = last_answer(&host, format!("GET {OFFER} HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n")).await?;
        assert_eq!(told.status, 200, "{hosts:?}");
    }
    Ok(())
}

#[tokio::test]
async fn http_1_0_is_served_once_and_needs_no_host() -> Result<()> {
    let host = shop::open().await?;
    for hosts in ["", "Host: a.example\r\n"] {
        let told = last_answer(&host, format!("GET {OFFER} HTTP/1.0\r\n{hosts}\r\n")).await?;
        assert_eq!(told.status, 200, "{hosts:?}");
    }
    let told = last_answer(&host, format!("GET {OFFER} HTTP/1.0\r\nHost: a b\r\n\r\n")).await?;
    assert_eq!((told.status, told.problem()?.as_str()), (400, "bad-host"));
    for version in ["HTTP/0.9", "HTTP/1.2", "HTTP/3.0", "HTTP/1.1 "] {
        let told = last_answer(&host, format!("GET {OFFER} {version}\r\nHost: a.example\r\n\r\n")).await?;
        assert_eq!(told.status, 400, "{version}");
    }
    Ok(())
}

#[tokio::test]
async fn the_host_in_the_request_line_wins() -> Result<()> {
    let host = shop::open().await?;
    let line = format!("GET http://a.example{OFFER} HTTP/1.1\r\nConnection: close\r\n");
    for (origin, status) in [("http://a.example", 200), ("http://b.example", 403)] {
        let told = last_answer(&host, format!("{line}Host: b.example\r\nOrigin: {origin}\r\n\r\n")).await?;
        assert_eq!(told.status, status, "{origin}");
    }
    let told = last_answer(&host, format!("{line}\r\n")).await?;
    assert_eq!((told.status, told.problem()?.as_str()), (400, "bad-host"), "HTTP/1.1 gives `Host` all the same");
    Ok(())
}

#[tokio::test]
async fn a_target_that_is_no_path_is_refused() -> Result<()> {
    let host = shop::open().await?;
    for line in ["CONNECT a.example:443", "OPTIONS *", "GET http://user@a.example/", "GET a.example"] {
        let told = answer(&host, line, "").await?;
        assert_eq!(told.status, 400, "{line}");
    }
    Ok(())
}

#[tokio::test]
async fn no_second_request_is_smuggled_behind_a_contradictory_length() -> Result<()> {
    let host = shop::open().await?;
    let cases: [(&str, &str); 16] = [
        ("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n"),
        ("Content-Length: 0\r\nContent-Length: 5\r\n", "12345"),
        ("Content-Length: 5\r\nContent-Length: 0\r\n", "12345"),
        ("Content-Length: 0, 5\r\n", "12345"),
        ("Content-Length: +5\r\n", "12345"),
        ("Content-Length: -1\r\n", ""),
        ("Content-Length: 0x5\r\n", "12345"),
        ("Content-Length: five\r\n", "12345"),
        ("Content-Length: 18446744073709551616\r\n", "12345"),
        ("Transfer-Encoding: identity\r\n", ""),
        ("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"),
        ("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"),
        ("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"),
        ("Content-Length : 5\r\n", "12345"),
        (" Content-Length: 5\r\n", "12345"),
    ];
    for (headers, body) in cases {
        let head = format!("POST {REQUESTS} HTTP/1.1\r\nHost: a.example\r\n{headers}\r\n{body}");
        assert_eq!(last_answer(&host, head).await?.status, 400, "{headers:?}");
    }
    let old = format!("POST {REQUESTS} HTTP/1.0\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    assert_eq!(last_answer(&host, old).await?.status, 400);
    Ok(())
}

#[tokio::test]
async fn chunks_that_make_no_sense_end_the_connection() -> Result<()> {
    let host = shop::open().await?;
    let chunks = [
        "zz\r\n{}\r\n0\r\n\r\n",
        "-2\r\n{}\r\n0\r\n\r\n",
        "fffffffffffffffff\r\n{}",
        "2\r\n{}XX0\r\n\r\n",
        "0x2\r\n{}\r\n0\r\n\r\n",
        "\r\n\r\n",
    ];
    for chunks in chunks {
        let head = format!(
            "POST {REQUESTS} HTTP/1.1\r\nHost: a.example\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}"
        );
        let told = last_answer(&host, head).await?;
        assert_eq!((told.status, told.problem()?.as_str()), (400, "bad-body"), "{chunks:?}");
    }
    Ok(())
}

#[tokio::test]
async fn headers_that_are_none_are_refused() -> Result<()> {
    let host = shop::open().await?;
    let headers: [&[u8]; 9] = [
        b"X: a\r\n folded\r\n",
        b"X: a\r\n\tfolded\r\n",
        b"X: a\0b\r\n",
        b"X: a\rb\r\n",
        b"X: a\x7fb\r\n",
        b"X\0: a\r\n",
        b"X y: a\r\n",
        b": a\r\n",
        b"X\r\n",
    ];
    for header in headers {
        let bytes = [format!("GET {OFFER} HTTP/1.1\r\nHost: a.example\r\n").as_bytes(), header, b"\r\n"].concat();
        assert_eq!(last_answer(&host, bytes).await?.status, 400, "{}", String::from_utf8_lossy(header));
    }
    Ok(())
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() -> Result<()> {
    let host = shop::open().await?;
    let thousand: String = (0..1_000).map(|number| format!("X-{number}: a\r\n")).collect();
    let one = format!("X: {}\r\n", "a".repeat(500_000));
    for headers in [thousand, one] {
        assert_eq!(answer(&host, &format!("GET {OFFER}"), &headers).await?.status, 431);
    }
    let long = format!("GET /{}", "a".repeat(100_000));
    assert_eq!(answer(&host, &long, "").await?.status, 431);
    Ok(())
}

#[tokio::test]
async fn strange_paths_are_problems_too() -> Result<()> {
    let host = shop::open().await?;
    let cases = [
        ("%FF", 400, "bad-query"),
        ("%C0%AF", 400, "bad-query"),
        ("%ED%A0%80", 400, "bad-query"),
        ("%00", 404, "unknown-site"),
        ("pet-shop%00", 404, "unknown-site"),
        ("%2e%2e%2f%2e%2e", 404, "unknown-site"),
        ("%zz", 404, "unknown-site"),
        ("pet%E2%80%AEshop", 404, "unknown-site"),
    ];
    for (key, status, problem) in cases {
        for line in [
            "GET /v1/sites/{}/offer",
            "GET /v1/sites/{}/slots",
            "GET /v1/sites/{}/answers",
            "POST /v1/sites/{}/requests",
            "GET /c/{}",
            "POST /c/{}",
            "GET /w/{}.js",
            "GET /r/{}/x",
        ] {
            let told = answer(&host, &line.replace("{}", key), "").await?;
            let is_own_page = told.is_page() && ["/c/", "/r/"].iter().any(|path| line.contains(path));
            assert_eq!(told.status, status, "{line} {key}");
            assert!(is_own_page || told.problem()? == problem, "{line} {key}: {told:?}");
        }
    }
    let long = answer(&host, &format!("GET /v1/sites/{}/offer", "a".repeat(20_000)), "").await?;
    assert_eq!((long.status, long.problem()?.as_str()), (404, "unknown-site"));
    for file in ["%00", "..%2f..%2fetc%2fpasswd", "%2e%2e"] {
        let told = answer(&host, &format!("GET /assets/{file}"), "").await?;
        assert_eq!((told.status, told.problem()?.as_str()), (404, "not-found"), "{file}");
    }
    for line in
        ["GET /v1/sites/../../etc/passwd", "GET /../../../../etc/passwd", "GET /v1/sites/pet-shop/../../../etc/passwd"]
    {
        let told = answer(&host, line, "").await?;
        assert!(told.status == 404 && !told.body.windows(4).any(|bytes| bytes == b"root"), "{line}");
    }
    Ok(())
}

#[tokio::test]
async fn strange_methods_are_problems_too() -> Result<()> {
    let host = shop::open().await?;
    for method in ["PUT", "TRACE", "PROPFIND", "QUERY", "get", "X"] {
        let told = answer(&host, &format!("{method} {REQUESTS}"), "").await?;
        assert_eq!((told.status, told.problem()?.as_str()), (405, "method-not-allowed"), "{method}");
    }
    for bytes in ["G\u{e9}T / HTTP/1.1\r\n\r\n", "\0\0\0\0", "\x16\x03\x01\x02\0\x01\0\x01\u{fc}\x03\x03", "{}\r\n\r\n"]
    {
        let told = last_answer(&host, bytes).await?;
        assert_eq!(told.status, 400, "{bytes:?}");
    }
    Ok(())
}

#[tokio::test]
async fn honest_requests_in_one_go_are_each_served() -> Result<()> {
    let host = shop::open().await?;
    let one = format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n\r\n", authority(&host));
    let last = one.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    let told = answers(&host, one.repeat(50) + last.as_str() + raw::FOLLOWER).await?;
    assert!(told.len() == 51 && told.iter().all(|answer| answer.status == 200), "{}", told.len());
    Ok(())
}
