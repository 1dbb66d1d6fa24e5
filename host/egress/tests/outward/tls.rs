//! Whom the client believes.

use std::{net::SocketAddr, sync::Arc};

use porchlight_egress::{EgressError, RootCertStore, StatusCode};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{ServerConfig, crypto::aws_lc_rs, pki_types::PrivateKeyDer};
use tokio::{io::AsyncReadExt, io::AsyncWriteExt, net::TcpListener};
use tokio_rustls::TlsAcceptor;

use crate::bench::{Door, Names, client, post};

/// A server of this name with a certificate that it signed itself, and a store that trusts that certificate.
async fn self_signed(name: &str) -> (SocketAddr, RootCertStore) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed([name.to_owned()]).expect("a certificate");
    let mut roots = RootCertStore::empty();
    roots.add(cert.der().clone()).expect("a root");
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
    let config = config.with_safe_default_protocol_versions().expect("versions").with_no_client_auth();
    let config = config.with_single_cert(vec![cert.der().clone()], key).expect("a server");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut request = [0; 4_096];
            if stream.read(&mut request).await.is_ok_and(|read| read == 0) {
                continue;
            }
            stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.expect("an answer");
        }
    });
    (address, roots)
}

#[tokio::test]
async fn certificate_that_nobody_vouches_for_is_refused() {
    let (address, roots) = self_signed("hooks.shop.example").await;
    let (names, door) = (Names::answering(&[&["8.8.8.8"]]), Door::to(address));
    let client = client(&names, &door);
    let error = post(&client, "https://hooks.shop.example/").await.expect_err("unknown");
    assert!(matches!(error, EgressError::Tls(_)), "{error:?}");
    let client = client.trusting(roots).expect("a client");
    let answer = post(&client, "https://hooks.shop.example/").await.expect("it is known now");
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn certificate_of_another_name_is_refused() {
    let (address, roots) = self_signed("hooks.shop.example").await;
    let (names, door) = (Names::answering(&[&["8.8.8.8"]]), Door::to(address));
    let client = client(&names, &door).trusting(roots).expect("a client");
    for url in ["https://hooks.cinema.example/", "https://8.8.8.8/"] {
        let error = post(&client, url).await.expect_err("another's");
        assert!(matches!(error, EgressError::Tls(_)), "{url}: {error:?}");
    }
}

#[tokio::test]
async fn server_without_tls_is_refused() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let door = Door::to(listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.expect("an answer");
    });
    let client = client(&Names::answering(&[&["8.8.8.8"]]), &door);
    let error = post(&client, "https://hooks.shop.example/").await.expect_err("no TLS");
    assert!(matches!(error, EgressError::Tls(_)), "{error:?}");
}
