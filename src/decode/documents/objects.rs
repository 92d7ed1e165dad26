//! Objects of an export of settings: JSON (a list, one object, or under `value`), or CSV rows.

use super::{Layout, Read};
use crate::model::documents::{Content, Setting};
use csv::ReaderBuilder;
use serde_json::{Map, Value};

/// Objects of one export that are kept.
const MOST: usize = 100_000;

/// Hands every object to `make`.
pub(super) fn each(
    layout: Layout,
    text: &[u8],
    out: &mut Read,
    make: impl Fn(&Map<String, Value>) -> Option<Setting>,
) {
    let mut take = |number: u64, object: Option<&Map<String, Value>>| match object.and_then(&make) {
        Some(setting) if out.documents.len() < MOST => {
            out.documents.push(Content::Setting(Box::new(setting)));
        }
        Some(_) => {}
        None => out.rejects.push((number, "names nothing that it is about".to_owned())),
    };
    let mut failed = None;
    match layout {
        Layout::Csv { delimiter } => {
            let mut reader =
                ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text);
            let Ok(names) = reader.headers().cloned() else { return };
            for (number, record) in (1..).zip(reader.records()) {
                let Ok(record) = record else {
                    take(number, None);
                    continue;
                };
                let cells = names.iter().zip(&record);
                let object = cells
                    .map(|(name, cell)| (name.to_owned(), Value::String(cell.to_owned())))
                    .collect();
                take(number, Some(&object));
            }
        }
        Layout::Json | Layout::Xml => {
            let mut number = 0;
            for value in serde_json::Deserializer::from_slice(text).into_iter::<Value>() {
                match value {
                    Ok(value) => walk(&value, &mut |object| {
                        number += 1;
                        take(number, Some(object));
                    }),
                    Err(error) => {
                        failed = Some((number + 1, format!("no valid JSON: {error}")));
                        break;
                    }
                }
            }
        }
    }
    out.rejects.extend(failed);
}

/// The objects that are records, whatever wraps them.
fn walk(value: &Value, take: &mut impl FnMut(&Map<String, Value>)) {
    match value {
        Value::Array(list) => list.iter().for_each(|value| walk(value, take)),
        Value::Object(object) => {
            let inner = ["value", "issues"]
                .into_iter()
                .find_map(|name| object.get(name).filter(|value| value.is_array()));
            match inner {
                Some(list) if !object.contains_key("classification") => walk(list, take),
                _ => take(object),
            }
        }
        _ => {}
    }
}
