//! An answer's body on its way out.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum::body::Body;
use bytes::Bytes;
use hyper::body::{Body as Outgoing, Frame, SizeHint};

use super::moves::Exchange;

/// How much is given away at once, in bytes, or half as much again: between two pieces it shows whether the client takes them.
const PIECE: usize = 16 * 1024;

/// An answer's body, given away piece by piece as the client takes it.
pub struct Answer {
    body: Body,
    /// What of the body's last frame is still here.
    rest: Bytes,
    exchange: Exchange,
}

impl Answer {
    /// The body of an exchange's answer.
    pub fn new(body: Body, exchange: Exchange) -> Self {
        exchange.moved();
        Self { body, rest: Bytes::new(), exchange }
    }
}

impl Outgoing for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.exchange.moved();
        if self.rest.is_empty() {
            let frame = match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                Some(Ok(frame)) => frame,
                ended => return Poll::Ready(ended),
            };
            match frame.into_data() {
                Ok(data) => self.rest = data,
                Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
            }
        }
        let length = next_piece(self.rest.len());
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(length)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (rest, mut hint) = (self.rest.len() as u64, self.body.size_hint());
        if let Some(upper) = hint.upper() {
            hint.set_upper(upper + rest);
        }
        hint.set_lower(hint.lower() + rest);
        hint
    }
}

/// How much of what is left is given away next. A small rest goes with the piece before it: as a segment of its own it could be
/// squeezed together later by the kernel of a client that does not read, which then looks as if it did.
fn next_piece(left: usize) -> usize {
    if left <= PIECE + PIECE / 2 { left } else { PIECE }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http_body_util::BodyExt;

    use super::{
        super::moves::{Moves, Patience},
        *,
    };

    #[tokio::test]
    async fn a_long_answer_leaves_in_pieces_and_whole() {
        let second = Duration::from_secs(1);
        let moves = Moves::new(Patience { asking: second, reading: second });
        let whole: Vec<u8> = (0..100_000_u32).map(|number| number.to_le_bytes()[0]).collect();
        let mut answer = Answer::new(Body::from(whole.clone()), moves.begin());
        let mut taken = Vec::new();
        loop {
            assert_eq!(answer.size_hint().exact(), Some((whole.len() - taken.len()) as u64));
            let Some(frame) = answer.frame().await else { break };
            let piece = frame.expect("a frame").into_data().expect("data");
            assert!(piece.len() <= PIECE + PIECE / 2);
            taken.extend_from_slice(&piece);
        }
        assert!(answer.is_end_stream());
        assert!(taken == whole);
    }
}
