//! From schema 1 to 2: a part of the log names its change, so that it can be told from others
//! without its key. Records are as they were.

use crate::domain::change::{ChangeHead, Edit};
use crate::store::codec::{self, LogPart};
use crate::store::{Store, StoreError, keys};
use serde::Deserialize;

const SCHEMA: u16 = 1;

/// A part of the log as schema 1 had it.
#[derive(Deserialize)]
struct OldLogPart {
    head: Option<ChangeHead>,
    edits: Vec<Edit>,
}

/// One value from schema 1 to 2.
pub(super) fn step(store: &dyn Store, key: &[u8], value: &[u8]) -> Result<Vec<u8>, StoreError> {
    let Some((number, place)) = keys::log_of(key) else {
        return codec::restamp(value, SCHEMA);
    };
    let old: OldLogPart = codec::decode_older(value, SCHEMA)?;
    let of = match &old.head {
        Some(head) => head.parts,
        None => first_part(store, number)?,
    };
    codec::encode_log(&LogPart {
        number,
        place,
        of,
        // Schema 1 kept nothing by which two tries at one number could be told apart, and an
        // unfinished one is taken back before the next has its number.
        stamp: 0,
        head: old.head,
        edits: old.edits,
    })
}

/// In how many parts a change is stored, as its first part says.
fn first_part(store: &dyn Store, number: u64) -> Result<u32, StoreError> {
    let bytes = store.get(&keys::log(number, 0))?;
    let part = bytes.map(|bytes| codec::decode_older::<OldLogPart>(&bytes, SCHEMA));
    let head = part.transpose()?.and_then(|part| part.head);
    head.map(|head| head.parts)
        .ok_or_else(|| StoreError::Damaged(format!("change {number} lacks its first part")))
}
