//! Files: kept in pieces, one request's, and gone with it.

use std::sync::Arc;

use porchlight_model::{
    attachment::{Attachment, FileType},
    request::{Request, Status},
};
use uuid::Uuid;

use super::fixtures::{SITE, at, only, plain, request, stepped, uuid};
use crate::{AcceptError, ChangeError, KeepAttachmentError, NewAttachment, PIECE, Store};

const ROOM: u64 = 1 << 30;

pub(crate) fn id(number: u16) -> Uuid {
    uuid(7, number)
}

/// Bytes that are different at every place.
fn content(length: usize) -> Vec<u8> {
    (0_u32..).flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()).take(length).collect()
}

/// A request that names files in what its requester said.
pub(crate) fn naming(mut request: Request, numbers: &[u16]) -> Request {
    let file = |number: &u16| Attachment {
        id: id(*number),
        name: format!("{number}.png"),
        file_type: FileType::Png,
        size: 10,
        sha256: String::new(),
    };
    request.entries[0].attachments = numbers.iter().map(file).collect();
    request
}

fn file(number: u16, length: usize) -> NewAttachment {
    NewAttachment { id: id(number), site: SITE.to_owned(), content: content(length) }
}

async fn keep(store: &Arc<dyn Store>, number: u16, length: usize) {
    store.keep_attachment(file(number, length), ROOM, at(0)).await.expect("kept");
}

async fn read(store: &Arc<dyn Store>, number: u16) -> Vec<u8> {
    let mut whole = Vec::new();
    for place in 0.. {
        let Some(piece) = store.attachment_piece(id(number), place).await.expect("read") else { break };
        assert!(piece.len() <= PIECE);
        whole.extend(piece);
    }
    whole
}

pub(super) async fn a_file_is_read_as_it_was_kept_piece_by_piece(store: &Arc<dyn Store>) {
    for (number, length) in [(1, 1), (2, PIECE - 1), (3, PIECE), (4, PIECE + 1), (5, 3 * PIECE + 7)] {
        keep(store, number, length).await;
        assert!(read(store, number).await == content(length), "{length}");
    }
    assert_eq!(store.attachment_piece(id(9), 0).await.expect("read"), None);
}

pub(super) async fn a_file_becomes_a_requests_with_the_change_that_names_it(store: &Arc<dyn Store>) {
    store.accept(plain(request(1))).await.expect("accepted");
    keep(store, 1, 700_000).await;
    let next = stepped(&request(1), Status::Accepted);
    let next = naming(next, &[1]);
    let later = stepped(&next, Status::InProgress);
    assert!(matches!(store.change_request(only(later.clone())).await, Err(ChangeError::Stale)));
    store.change_request(only(next)).await.expect("changed");
    store.change_request(only(later)).await.expect("it goes on being named");
    assert!(read(store, 1).await == content(700_000));
    assert!(store.erase_request(request(1).id, vec![]).await.expect("erased"));
    assert!(read(store, 1).await.is_empty());
}

pub(super) async fn a_file_can_come_with_the_request_itself(store: &Arc<dyn Store>) {
    let missing = plain(naming(request(1), &[1]));
    assert!(matches!(store.accept(missing.clone()).await, Err(AcceptError::AttachmentGone)));
    assert_eq!(store.lookup_request(request(1).id).await.expect("read"), None, "nothing is kept without it");
    keep(store, 1, 10).await;
    store.accept(missing).await.expect("accepted");
    assert_eq!(store.sweep_attachments(at(1_000_000)).await.expect("swept"), 0);
}

pub(super) async fn a_file_belongs_to_one_request(store: &Arc<dyn Store>) {
    store.accept(plain(request(1))).await.expect("accepted");
    store.accept(plain(request(2))).await.expect("accepted");
    keep(store, 1, 10).await;
    let naming = |number| only(naming(stepped(&request(number), Status::Accepted), &[1]));
    store.change_request(naming(1)).await.expect("changed");
    assert!(matches!(store.change_request(naming(2)).await, Err(ChangeError::Stale)));
    let other = store.lookup_request(request(2).id).await.expect("read").expect("there");
    assert_eq!(other.status, Status::Received, "nothing of the change is kept");
    store.erase_request(request(2).id, vec![]).await.expect("erased");
    assert!(read(store, 1).await == content(10));
}

pub(super) async fn a_site_has_room_for_so_many_bytes_and_gets_them_back(store: &Arc<dyn Store>) {
    let within = |number, length, room| store.keep_attachment(file(number, length), room, at(0));
    within(1, 600, 1_000).await.expect("room");
    assert!(matches!(within(2, 401, 1_000).await, Err(KeepAttachmentError::SiteFull)));
    within(2, 400, 1_000).await.expect("room");
    let elsewhere = NewAttachment { site: "another".to_owned(), ..file(3, 1_000) };
    store.keep_attachment(elsewhere, 1_000, at(0)).await.expect("another site has its own room");
    store.discard_attachment(id(1)).await.expect("discarded");
    within(4, 600, 1_000).await.expect("room");
    store.accept(plain(naming(request(1), &[2, 4]))).await.expect("accepted");
    assert!(matches!(within(5, 1, 1_000).await, Err(KeepAttachmentError::SiteFull)));
    store.erase_request(request(1).id, vec![]).await.expect("erased");
    within(5, 1_000, 1_000).await.expect("room");
}

pub(super) async fn what_belongs_to_a_request_is_neither_discarded_nor_swept(store: &Arc<dyn Store>) {
    keep(store, 1, 10).await;
    store.accept(plain(naming(request(1), &[1]))).await.expect("accepted");
    store.discard_attachment(id(1)).await.expect("asked");
    assert_eq!(store.sweep_attachments(at(1_000_000)).await.expect("swept"), 0);
    assert!(read(store, 1).await == content(10));
}

pub(super) async fn what_was_left_behind_is_swept(store: &Arc<dyn Store>) {
    store.keep_attachment(file(1, 3_000_000), ROOM, at(10)).await.expect("kept");
    store.keep_attachment(file(2, 10), ROOM, at(20)).await.expect("kept");
    assert_eq!(store.sweep_attachments(at(9)).await.expect("swept"), 0);
    assert_eq!(store.sweep_attachments(at(10)).await.expect("swept"), 1);
    assert!(read(store, 1).await.is_empty() && read(store, 2).await == content(10));
    let late = plain(naming(request(1), &[1]));
    assert!(matches!(store.accept(late).await, Err(AcceptError::AttachmentGone)));
}
