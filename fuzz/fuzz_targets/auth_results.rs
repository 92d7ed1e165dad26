//! Authentication-Results: no value may panic, hang or blow memory.

#![no_main]

mod field;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| field::check("Authentication-Results", data));
