//! Where no connection is tried.

use porchlight_egress::EgressError;

use crate::bench::{Door, Names, client, post};

/// What was tried when this was asked for, of a name with these addresses.
async fn refused(url: &str, addresses: &[&str]) -> EgressError {
    let (names, door) = (Names::answering(&[addresses]), Door::shut());
    let error = post(&client(&names, &door), url).await.expect_err(url);
    assert_eq!(door.tried(), [""; 0], "{url}: {error}");
    error
}

#[tokio::test]
async fn name_of_a_neighbour_is_not_connected_to() {
    for address in
        ["127.0.0.1", "10.0.0.7", "192.168.1.1", "169.254.169.254", "::1", "fd00::7", "fe80::1", "::ffff:10.0.0.7"]
    {
        let error = refused("https://hooks.shop.example/", &[address]).await;
        assert!(matches!(error, EgressError::Refused(_)), "{address}: {error:?}");
    }
}

#[tokio::test]
async fn one_neighbour_among_a_names_addresses_spoils_all_of_them() {
    for addresses in [["8.8.8.8", "10.0.0.7"], ["10.0.0.7", "8.8.8.8"], ["2606:4700::1111", "::1"]] {
        let error = refused("https://hooks.shop.example/", &addresses).await;
        assert!(matches!(error, EgressError::Refused(_)), "{error:?}");
    }
}

#[tokio::test]
async fn literal_address_of_a_neighbour_is_not_connected_to_in_any_spelling() {
    for url in [
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://127.0.0.1./",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:a9fe:a9fe]/latest/meta-data",
        "https://[64:ff9b::7f00:1]/",
        "https://0/",
        "https://①⑦②.16.0.1/",
    ] {
        let error = refused(url, &["8.8.8.8"]).await;
        assert!(matches!(error, EgressError::Refused(_)), "{url}: {error:?}");
    }
}

#[tokio::test]
async fn localhost_is_the_host_itself_with_a_dot_behind_it_too() {
    for url in ["https://localhost/", "https://LOCALHOST./", "https://a.localhost/"] {
        let error = refused(url, &["127.0.0.1"]).await;
        assert!(matches!(error, EgressError::Refused(_)), "{url}: {error:?}");
    }
}

#[tokio::test]
async fn user_name_before_the_host_leads_nowhere() {
    let error = refused("https://hooks.shop.example@127.0.0.1/", &["8.8.8.8"]).await;
    assert_eq!(error.to_string(), "the address is refused");
}

#[tokio::test]
async fn without_tls_only_what_the_operator_allows_is_connected_to() {
    for url in ["http://8.8.8.8/", "http://hooks.shop.example/", "http://10.0.0.7/"] {
        refused(url, &["8.8.8.8"]).await;
    }
}

#[tokio::test]
async fn name_without_addresses_is_said() {
    assert!(matches!(refused("https://hooks.shop.example/", &[]).await, EgressError::NoAddress));
    let (names, door) = (Names::answering(&[]), Door::shut());
    let error = post(&client(&names, &door), "https://hooks.shop.example/").await.expect_err("no such name");
    assert!(matches!(error, EgressError::Unresolved(_)), "{error:?}");
}

#[tokio::test]
async fn name_is_asked_for_once_a_request_and_only_what_it_said_then_is_connected_to() {
    let names = Names::answering(&[&["8.8.8.8", "2606:4700::1111"], &["127.0.0.1"]]);
    let door = Door::shut();
    let client = client(&names, &door);
    let first = post(&client, "https://hooks.shop.example:8443/").await.expect_err("nobody is there");
    assert!(matches!(first, EgressError::Connect(_)), "{first:?}");
    assert_eq!(names.asked(), ["hooks.shop.example"]);
    assert_eq!(door.tried(), ["8.8.8.8:8443", "[2606:4700::1111]:8443"]);
    let second = post(&client, "https://hooks.shop.example:8443/").await.expect_err("it turned inward");
    assert!(matches!(second, EgressError::Refused(_)), "{second:?}");
    assert_eq!((names.asked().len(), door.tried().len()), (2, 2), "asked anew, and nothing more was tried");
}

#[tokio::test]
async fn no_more_than_four_addresses_of_a_name_are_tried() {
    let many: Vec<String> = (1..=50).map(|number| format!("8.8.8.{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let (names, door) = (Names::answering(&[&many]), Door::shut());
    post(&client(&names, &door), "https://hooks.shop.example/").await.expect_err("nobody is there");
    assert_eq!(door.tried(), ["8.8.8.1:443", "8.8.8.2:443", "8.8.8.3:443", "8.8.8.4:443"]);
}
