//! Keys of a snapshot of DNS, and the signatures verified with them.
//!
//! The lean build has no cryptography of signatures: it says so, before anything is read.

#[cfg(not(feature = "live"))]
pub(super) use lean::{Keys, read, verify};
#[cfg(feature = "live")]
pub(super) use live::{Keys, read, verify};

#[cfg(feature = "live")]
mod live {
    use super::super::headers::HeadersError;
    use crate::check::{self, Snapshot};
    use crate::decode::message::{Walked, cleaned};
    use crate::detect::{self, Head};
    use crate::model::auth::DkimCheck;
    use crate::model::{Encoding, Instant};
    use std::borrow::Cow;
    use std::fs::File;
    use std::io::Read;
    use std::path::Path;

    /// Bytes of a snapshot read at most.
    const CAP: u64 = 64 << 20;

    pub(in crate::pipeline) type Keys = Snapshot;

    /// Reads a snapshot.
    pub(in crate::pipeline) fn read(path: &Path) -> Result<Keys, HeadersError> {
        let fault = |why: String| HeadersError::Keys(format!("{}: {why}", path.display()));
        let mut bytes = Vec::new();
        let opened = File::open(path).and_then(|file| file.take(CAP + 1).read_to_end(&mut bytes));
        opened.map_err(|error| fault(format!("cannot be read: {error}")))?;
        if bytes.len() as u64 > CAP {
            return Err(fault(format!("is larger than {} MiB", CAP >> 20)));
        }
        let name = path.display().to_string();
        let head = Head { total: bytes.len() as u64, bytes: bytes.clone(), name };
        let encoding = detect::encoding(&head).unwrap_or(Encoding::Utf8);
        let text = encoding.decode(&bytes);
        Snapshot::parse(&String::from_utf8_lossy(&text)).map_err(fault)
    }

    /// The signatures of a message, verified.
    pub(in crate::pipeline) fn verify(
        keys: &Keys,
        message: &Walked<'_>,
        arrived: Option<Instant>,
    ) -> Vec<DkimCheck> {
        // A quoted block is no message as it was sent.
        let as_it_was = matches!(cleaned(message.bytes()), Cow::Borrowed(_));
        let whole = message.is_whole() && as_it_was;
        check::signatures(message.message(), whole, arrived, keys)
    }
}

#[cfg(not(feature = "live"))]
mod lean {
    use super::super::headers::HeadersError;
    use crate::decode::message::Walked;
    use crate::model::Instant;
    use crate::model::auth::DkimCheck;
    use std::convert::Infallible;
    use std::path::Path;

    /// There are none.
    #[derive(Debug)]
    pub(in crate::pipeline) struct Keys(Box<Infallible>);

    pub(in crate::pipeline) fn read(_: &Path) -> Result<Keys, HeadersError> {
        Err(HeadersError::Lean)
    }

    pub(in crate::pipeline) fn verify(
        keys: &Keys,
        _: &Walked<'_>,
        _: Option<Instant>,
    ) -> Vec<DkimCheck> {
        match *keys.0 {}
    }
}
