//! The report against its schema, and the schema against the vocabularies.

use super::*;
use crate::model::ColumnKind as K;
use crate::model::{EntityType, FindingState, FindingStatus, Grade, InputRole, Side};
use crate::render::sample;
use serde_json::Value;

const SCHEMA: &str = include_str!("../../../docs/report.schema.json");

fn written(report_: &Report) -> String {
    let mut bytes = Vec::new();
    report(report_, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn schema() -> Value {
    serde_json::from_str(SCHEMA).unwrap()
}

fn faults(instance: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let errors = validator.iter_errors(instance);
    errors.map(|e| format!("{}: {e}", e.instance_path())).collect()
}

#[test]
fn rich_and_empty_reports_fit_the_schema() {
    for report in [sample::rich(), Report::default()] {
        let text = written(&report);
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(faults(&value), Vec::<String>::new());
        assert!(text.is_ascii() && text.ends_with("}\n"));
        assert!(!text.bytes().any(|b| b < b'\n' || b == 0x7f));
        assert_eq!(text, written(&report), "deterministic");
    }
}

#[test]
fn the_schema_is_closed_and_complete() {
    let whole: Value = serde_json::from_str(&written(&sample::rich())).unwrap();
    for key in whole.as_object().unwrap().keys() {
        let mut less = whole.clone();
        less.as_object_mut().unwrap().remove(key);
        assert!(!faults(&less).is_empty(), "{key} is required");
    }
    for at in ["", "/tool", "/window", "/input", "/input/sources/0", "/totals", "/findings/0"] {
        let mut more = whole.clone();
        let object = more.pointer_mut(at).unwrap().as_object_mut().unwrap();
        object.insert("surprise".into(), Value::Null);
        assert!(!faults(&more).is_empty(), "{at} is closed");
    }
    let mut wrong = whole.clone();
    wrong["findings"][0]["status"] = "Incident".into();
    assert!(!faults(&wrong).is_empty(), "spelling is exact");
}

#[test]
fn the_schema_has_the_vocabularies_of_the_model() {
    let schema = schema();
    let is_enum = |name: &str, words: Vec<&str>| {
        let stated: Vec<_> = schema["$defs"][name]["enum"].as_array().unwrap().iter().collect();
        assert_eq!(stated, words, "$defs/{name}");
    };
    macro_rules! check {
        ($($name:literal $type:ty,)+) => {$(
            is_enum($name, <$type>::ALL.iter().map(|v| v.as_str()).collect());
        )+};
    }
    check! {
        "layer" Layer, "layer_state" LayerState, "side" Side, "grade" Grade,
        "finding_status" FindingStatus, "finding_state" FindingState, "entity_type" EntityType,
    }
    let roles = [InputRole::Mail, InputRole::Evidence];
    is_enum("role", roles.map(InputRole::as_str).to_vec());
    let kinds = [K::Text, K::Id, K::Count, K::Share, K::Instant];
    is_enum("column_kind", kinds.map(K::as_str).to_vec());

    let is_map = |name: &str, words: Vec<&str>| {
        let map = &schema["$defs"][name];
        let keys: Vec<_> = map["properties"].as_object().unwrap().keys().collect();
        assert_eq!(keys, words, "$defs/{name}");
        let required: Vec<_> = map["required"].as_array().unwrap().iter().collect();
        assert_eq!(required, words, "$defs/{name}");
    };
    is_map("outcome_counts", Outcome::ALL.iter().map(|v| v.as_str()).collect());
    is_map("placement_counts", Placement::ALL.iter().map(|v| v.as_str()).collect());
    is_map("direction_counts", Direction::ALL.iter().map(|v| v.as_str()).collect());
}

#[test]
fn shape_and_values() {
    let text = written(&sample::rich());
    assert!(text.starts_with("{\n  \"schema_version\": 1,\n  \"tool\": {\n    \"name\""));
    let row = "        [\"2026-11-16T00:00:00Z\", 40, 0, 0],\n";
    assert!(text.contains(row), "rows stand on one line");
    assert!(text.contains("[\"contoso.com\", 1234],\n"), "pairs too");
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["findings"][0]["share"], 0.621_235);
    assert_eq!(value["findings"][0]["onset"], "2026-11-18T09:00:00Z");
    assert_eq!(value["findings"][0]["change"]["minutes_before"], 12);
    assert_eq!(value["findings"][1]["title"], sample::HOSTILE, "nothing is lost");
    assert_eq!(value["input"]["sources"][3]["format"], Value::Null);
    assert_eq!(value["totals"]["outcome"]["recalled"], 0);
    let keys: Vec<_> = value["findings"][0].as_object().unwrap().keys().collect();
    assert_eq!(keys[..4], ["id", "key", "layer", "cause"]);
}

#[test]
fn empty_containers_and_unknowns() {
    let text = written(&Report::default());
    assert!(text.contains("\"findings\": [],\n") && text.contains("\"tables\": {}\n"));
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["window"]["first"], Value::Null);
    assert_eq!(value["totals"]["outcome"]["failed"], 0);
    assert_eq!(value["layers"].as_array().unwrap().len(), Layer::ALL.len());
    assert_eq!(value["layers"][0]["state"], "not_observable");
}

#[test]
fn floats() {
    let text = |f: f64| serde_json::to_string(&Float(f)).unwrap();
    assert_eq!(text(1.0 / 3.0), "0.333333");
    assert_eq!(text(0.999_999_9), "1.0");
    assert_eq!(text(-0.000_000_1), "0.0");
    assert_eq!(text(f64::NAN), "null");
}
