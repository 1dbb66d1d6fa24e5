//! Requests to submit, told apart by a number.
#![expect(clippy::expect_used, reason = "a test that cannot go on has failed, and says so by panicking")]

use porchlight_store::{Acceptance, Contact};
use serde_json::json;
use uuid::Uuid;

/// A message with a delivery.
pub fn acceptance(number: u32) -> Acceptance {
    let id = Uuid::from_u128(u128::from(number));
    let received = "2026-11-22T12:00:00Z";
    let request = json!({
        "id": id, "site": "pet-shop", "reference": format!("PS-{number:07}"), "kind": "message", "status": "received",
        "events": [{"event": "received", "by": "requester", "at": received}],
        "requester": {"name": "Анна", "phone": "+79161234567", "email": "anna@example.com"},
        "slot": null, "reply_by": "email", "locale": "ru", "page": "https://shop.example/", "consent": null, "promise": null,
        "routing": {"team": null, "topic": null, "tags": [], "priority": "normal"},
        "entries": [{"id": id, "from": "requester", "at": received, "text": "Где мой заказ? ".repeat(20)}],
        "revision": 0,
    });
    let delivery = json!({
        "id": id, "site": "pet-shop", "request": id, "since": received, "due_at": received, "attempts": 0,
        "payload": {"kind": "letter", "letter": "new-to-business"},
    });
    Acceptance {
        request: serde_json::from_value(request).expect("a request"),
        slot: None,
        idempotency: None,
        spends: vec![],
        deliveries: vec![serde_json::from_value(delivery).expect("a delivery")],
        audited: None,
        measures: None,
        provenance: vec![],
        contacts: vec![contact(number, 1), contact(number, 2)],
    }
}

/// A hash of the requester's, as spread as real ones are.
fn contact(number: u32, of: u32) -> Contact {
    let spread = u128::from(number).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    Contact { key: 1, hash: spread.rotate_left(64 * of).to_be_bytes() }
}
