//! Peers in plain Rust, as a careful user of the crates would write them.

use mail_parser::MessageParser;
use regex::bytes::Regex;
use serde_json::json;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Runs one peer; its answer as JSON.
pub(crate) fn run(peer: &str, path: &Path) -> Result<String, String> {
    let answer = match peer {
        "t1-csv" => trace(path),
        "t2-csv" => codes(path),
        "t3-floor" => files(path, |_| ()),
        "t3-headers" => files(path, |head| {
            std::hint::black_box(MessageParser::default().parse_headers(head));
        }),
        "t3-whole" => whole(path, |_| ()),
        "t3-messages" => whole(path, |bytes| {
            std::hint::black_box(MessageParser::default().parse(bytes));
        }),
        _ => return Err(format!("no peer {peer}")),
    };
    answer.map(|a| a.to_string()).map_err(|e| format!("{}: {e}", path.display()))
}

type Answer = Result<serde_json::Value, Box<dyn std::error::Error>>;

fn column(reader: &mut csv::Reader<File>, name: &str) -> Result<usize, Box<dyn std::error::Error>> {
    let at = reader.byte_headers()?.iter().position(|c| c == name.as_bytes());
    at.ok_or_else(|| format!("no column {name}").into())
}

fn domain(address: &[u8]) -> Vec<u8> {
    let at = address.iter().rposition(|b| *b == b'@').map_or(0, |at| at + 1);
    address[at..].to_ascii_lowercase()
}

fn trace(path: &Path) -> Answer {
    let mut reader = csv::Reader::from_path(path)?;
    let names = ["Received", "SenderAddress", "RecipientAddress", "Status", "MessageId"];
    let mut at = [0; 5];
    for (slot, name) in at.iter_mut().zip(names) {
        *slot = column(&mut reader, name)?;
    }
    let mut days: HashMap<(Vec<u8>, Vec<u8>), u64> = HashMap::new();
    let mut domains = [HashMap::<Vec<u8>, [u64; 2]>::new(), HashMap::new()];
    let mut pairs: HashMap<[Vec<u8>; 2], u64> = HashMap::new();
    let mut ids: HashSet<Vec<u8>> = HashSet::new();
    let (mut rows, mut failed) = (0u64, 0u64);
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record)? {
        let [received, sender, recipient, status, id] = at.map(|i| record.get(i).unwrap_or(b""));
        rows += 1;
        let bad = status == b"Failed";
        failed += u64::from(bad);
        *days
            .entry((status.to_vec(), received.get(..10).unwrap_or(received).to_vec()))
            .or_default() += 1;
        let two = [domain(sender), domain(recipient)];
        for (counts, name) in domains.iter_mut().zip(&two) {
            match counts.get_mut(name) {
                Some(count) => *count = [count[0] + 1, count[1] + u64::from(bad)],
                None => _ = counts.insert(name.clone(), [1, u64::from(bad)]),
            }
        }
        if !ids.contains(id) {
            ids.insert(id.to_vec());
        }
        if bad {
            *pairs.entry(two).or_default() += 1;
        }
    }
    let [senders, recipients] = domains.map(|d| d.len());
    Ok(json!({"rows": rows, "failed": failed, "messages": ids.len(), "days": days.len(),
              "senders": senders, "recipients": recipients, "pairs": pairs.len()}))
}

fn codes(path: &Path) -> Answer {
    let code = Regex::new(r"(?-u)\b([245]\.\d{1,3}\.\d{1,3})\b")?;
    let mut reader = csv::Reader::from_path(path)?;
    let at = column(&mut reader, "recipient_status")?;
    let mut counts: HashMap<Vec<u8>, u64> = HashMap::new();
    let (mut rows, mut texts) = (0u64, 0u64);
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record)? {
        rows += 1;
        let Some(text) = record.get(at).filter(|t| !t.is_empty()) else { continue };
        texts += 1;
        let found = code.find(text).map_or(&b""[..], |m| m.as_bytes());
        *counts.entry(found.to_vec()).or_default() += 1;
    }
    Ok(json!({"rows": rows, "texts": texts, "codes": counts.len()}))
}

fn paths(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
    paths.sort();
    Ok(paths)
}

fn files(folder: &Path, mut each: impl FnMut(&[u8])) -> Answer {
    let mut buffer = vec![0; 16 * 1024];
    let paths = paths(folder)?;
    for path in &paths {
        let n = File::open(path)?.read(&mut buffer)?;
        each(&buffer[..n]);
    }
    Ok(json!({"files": paths.len()}))
}

fn whole(folder: &Path, mut each: impl FnMut(&[u8])) -> Answer {
    let paths = paths(folder)?;
    for path in &paths {
        each(&std::fs::read(path)?);
    }
    Ok(json!({"files": paths.len()}))
}
