//! A body in pieces that are kept elsewhere: they are sent as they lie, and not copied into one.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

/// A body in three pieces, sent one after the other.
#[derive(Clone, Debug)]
pub struct Pieces {
    pieces: [Bytes; 3],
    /// How many of them were sent.
    sent: usize,
}

impl Pieces {
    /// A body of these pieces.
    pub fn of(pieces: [Bytes; 3]) -> Self {
        Self { pieces, sent: 0 }
    }

    fn left(&self) -> &[Bytes] {
        &self.pieces[self.sent..]
    }

    /// All of it in one, for whoever has it compressed: piece by piece that takes twice as long.
    pub fn whole(&self) -> Bytes {
        self.left().concat().into()
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let next = self.left().first().cloned();
        self.sent += usize::from(next.is_some());
        Poll::Ready(next.map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.left().is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left().iter().map(|piece| piece.len() as u64).sum())
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    #[tokio::test]
    async fn pieces_leave_in_order_and_their_length_is_known() {
        let mut pieces = Pieces::of(["one ", "", "two"].map(Bytes::from));
        assert_eq!(pieces.size_hint().exact(), Some(7));
        let first = pieces.frame().await.and_then(Result::ok).and_then(|frame| frame.into_data().ok());
        assert_eq!(first.as_deref(), Some(b"one ".as_slice()));
        assert_eq!((pieces.size_hint().exact(), pieces.is_end_stream()), (Some(3), false));
        assert_eq!(pieces.clone().collect().await.expect("all").to_bytes(), "two");
    }
}
