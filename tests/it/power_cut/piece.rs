//! Changes of a file's content, done to bytes and to a hash that stands for them.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// A change of a file's content.
#[derive(Clone, Debug)]
pub(crate) enum Piece {
    /// Bytes at a place.
    Write(u64, Arc<Vec<u8>>),
    /// The file is so long now.
    Length(u64),
    /// The file is at least so long now.
    AtLeast(u64),
}

/// Does it.
pub(crate) fn apply_piece(content: &mut Vec<u8>, piece: &Piece) {
    let place = |at: u64| usize::try_from(at).expect("a small file");
    match piece {
        Piece::Write(at, bytes) => {
            let (start, end) = (place(*at), place(*at) + bytes.len());
            if content.len() < end {
                content.resize(end, 0);
            }
            content[start..end].copy_from_slice(bytes);
        }
        Piece::Length(length) => content.resize(place(*length), 0),
        Piece::AtLeast(length) => content.resize(place(*length).max(content.len()), 0),
    }
}

/// The hash of a content after it, from the one before.
pub(crate) fn chained(hash: u64, piece: &Piece) -> u64 {
    match piece {
        Piece::Write(at, bytes) => hash_of(&(hash, at, &**bytes)),
        Piece::Length(length) => hash_of(&(hash, "length", length)),
        Piece::AtLeast(length) => hash_of(&(hash, "least", length)),
    }
}

pub(crate) fn hash_of(what: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}
