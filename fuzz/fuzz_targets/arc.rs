//! The headers of an ARC set: no value may panic, hang or blow memory.

#![no_main]

mod field;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    for name in ["ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results"] {
        field::check(name, data);
    }
});
