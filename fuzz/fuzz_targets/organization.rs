//! Headers of the organisation: no value may panic, hang or blow memory.

#![no_main]

mod field;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    for name in [
        "X-MS-Exchange-Organization-SCL",
        "X-MS-Exchange-Organization-AuthSource",
        "X-MS-Exchange-Organization-Network-Message-Id",
    ] {
        field::check(name, data);
    }
});
