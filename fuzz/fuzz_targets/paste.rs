//! Pasted header blocks: no bytes may panic, hang or blow memory, quoted or indented.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mailtriage::decode::message::examine;

fuzz_target!(|data: &[u8]| {
    for before in ["> ", ">> ", "    ", "\t", ""] {
        let mut block = Vec::with_capacity(data.len() * 2);
        for line in data.split_inclusive(|byte| *byte == b'\n') {
            block.extend_from_slice(before.as_bytes());
            block.extend_from_slice(line);
        }
        examine(&block, 0);
    }
});
