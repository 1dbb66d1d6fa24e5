//! Stands in for `porchlight` where the kit itself is tested: prints its address, answers everything with 200 but `/readyz`
//! only from the third time on; with `--broken` it ends at once. SIGTERM ends it.

use std::{
    io::{Read, Write},
    net::TcpListener,
    process::ExitCode,
};

fn main() -> std::io::Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    eprintln!("started with {arguments:?} and limit {:?}", std::env::var("PORCHLIGHT_ABUSE__REQUESTS_PER_MINUTE").ok());
    if arguments.iter().any(|argument| argument == "--broken") {
        return Ok(ExitCode::from(1));
    }
    let server = TcpListener::bind("127.0.0.1:0")?;
    println!("listening on http://{}", server.local_addr()?);
    serve(&server)?;
    Ok(ExitCode::SUCCESS)
}

fn serve(server: &TcpListener) -> std::io::Result<()> {
    let mut looks = 0;
    loop {
        let (mut stream, _) = server.accept()?;
        let mut request = [0; 4096];
        let length = stream.read(&mut request)?;
        let asks_ready = request[..length].starts_with(b"GET /readyz ");
        looks += usize::from(asks_ready);
        let status = if asks_ready && looks < 3 { "503 Service Unavailable" } else { "200 OK" };
        write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")?;
    }
}
