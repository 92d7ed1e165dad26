//! Every stamp against its pairs of headers and values in `tests/data/stamps/`.

use crate::harness::{files, root};
use mailtriage::decode::message::{STAMPS, decode};
use mailtriage::model::message::Stamps;
use serde_json::Value;

#[test]
fn every_stamp_has_pairs_that_hold() {
    let folder = root().join("tests/data/stamps");
    for stamp in STAMPS {
        let name = stamp.name;
        let text = std::fs::read_to_string(folder.join(format!("{name}.json"))).unwrap_or_else(|_| {
            panic!("the stamp {name} needs tests/data/stamps/{name}.json: headers and expected values")
        });
        let pairs: Vec<Value> = serde_json::from_str(&text).unwrap();
        assert!(!pairs.is_empty(), "{name}.json is empty");
        for pair in &pairs {
            let mut expected = serde_json::to_value(Stamps::default()).unwrap();
            for (field, value) in pair["expected"].as_object().unwrap() {
                assert!(expected.get(field).is_some(), "{name}.json: no field {field}");
                expected[field] = value.clone();
            }
            let headers = pair["headers"].as_str().unwrap();
            for headers in
                [headers.to_owned(), headers.replace('\n', "\r\n"), format!("{headers}\nbody")]
            {
                let facts = decode(headers.as_bytes(), headers.len() as u64).unwrap();
                let read = serde_json::to_value(&facts.stamps).unwrap();
                assert_eq!(read, expected, "{name}.json: {headers}");
            }
        }
        let read: String =
            pairs.iter().map(|p| p["headers"].as_str().unwrap().to_lowercase()).collect();
        let header = stamp.headers[0].to_lowercase();
        assert!(read.contains(&header), "{name}.json holds no {header}");
    }
    for file in files(&folder) {
        let stem = file.file_stem().unwrap().to_str().unwrap();
        assert!(STAMPS.iter().any(|s| s.name == stem), "{}: no such stamp", file.display());
    }
}
