//! Invented records for every dialect of rows.

use super::columns::EXPORTS;
use proptest::prelude::*;
use proptest::sample::select;

/// What a column holds, so that records can be invented for it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Holds {
    Id,
    Time,
    Address,
    Addresses,
    Packed,
    Status,
    Event,
    Direction,
    Number,
    Text,
    Replies,
    Items,
    Sentence,
    Xml,
    MessageId,
    Threat,
    Release,
    Done,
    Place,
    Results,
}
use Holds::{
    Address, Addresses, Direction, Done, Event, Id, Items, MessageId, Number, Packed, Place,
    Release, Replies, Results, Sentence, Status, Text, Threat, Time, Xml,
};

/// A cell before it is written.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    Text(String),
    /// Microseconds after the start of 13 October 2026, below 15 days.
    Time(u64),
    Null,
}

/// Signs that matter to delimited files or to the languages inside cells, and letters: some that
/// Windows-1252 has, some that it lacks.
const SIGNS: &str =
    "[ -~]{0,9}|[\",;\t'#|=<>\\[\\]{}é日🙂]{1,5}|\"|##|;|\n|\r\n|éß Ünö|Счёт №|[a-zé]{1,12}";

fn words() -> impl Strategy<Value = String> {
    proptest::collection::vec(SIGNS, 0..4).prop_map(|parts| parts.concat())
}

fn address() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[a-zA-Z]{1,4}@(contoso\\.com|fabrikam\\.com|é\\.example)",
        1 => "\"[a-z;,<#]{1,5}\"@contoso\\.com",
        1 => select(vec!["", "<>", "System.Collections.ArrayList"]).prop_map(str::to_owned),
    ]
}

fn text_of(holds: Holds) -> BoxedStrategy<String> {
    let list = |words: &'static [&'static str]| select(words).prop_map(str::to_owned);
    let event = list(&[
        "RECEIVE",
        "DELIVER",
        "FAIL",
        "DEFER",
        "SEND",
        "SENDEXTERNAL",
        "EXPAND",
        "RESOLVE",
        "DROP",
        "DSN",
        "TRANSFER",
        "AGENTINFO",
        "Send external",
        "Spam",
        "Quarantine",
        "TELEPORT",
    ]);
    match holds {
        Id => any::<u128>()
            .prop_map(|n| {
                let hex = format!("{n:032x}");
                [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
            })
            .boxed(),
        Time => unreachable!("times are no text"),
        Address => address().boxed(),
        Addresses => proptest::collection::vec(address(), 0..4).prop_map(|a| a.join(";")).boxed(),
        Packed => proptest::collection::vec((address(), event, words()), 0..4)
            .prop_map(|list| {
                let entry = |(address, event, more): &(String, String, String)| {
                    format!("{address}##Receive, {event}{}", more.replace(';', ""))
                };
                list.iter().map(entry).collect::<Vec<_>>().join(";")
            })
            .boxed(),
        Status => list(&["Delivered", "Failed", "Filtered as spam", "Getting status", "", "New"])
            .boxed(),
        Event => event.boxed(),
        Direction => list(&["Incoming", "Originating", "Undefined", "1", "2", ""]).boxed(),
        Number => (0u32..=u32::MAX).prop_map(|n| n.to_string()).boxed(),
        Text => words().boxed(),
        Replies => prop_oneof![
            words(),
            words().prop_map(|w| format!("[{{LED=550 5.7.1 {w}}};{{MSG=}};{{FQDN=a.example}};{{IP=}};{{LRT=}}]")),
            (words(), words()).prop_map(|(a, b)| format!("250 2.1.5 {a};'550 5.1.1 {b}'")),
        ]
        .boxed(),
        Items => words()
            .prop_map(|w| format!("S:SFA=SUM|SFV=SPM|SCL=5|DI=SJ|H={w};'S:TRA=ETR|ruleId={w}|action=RejectMessage';S:E2ELatency=3.47"))
            .boxed(),
        Sentence => prop_oneof![
            words(),
            words().prop_map(|w| format!("Reason: [{{LED=450 4.3.2 {w}}};{{MSG=}};{{FQDN=a.example}}]")),
            words().prop_map(|w| format!("Transport rule: '{w}', ID: ('{w}'), DLP policy: '', ID: ().")),
        ]
        .boxed(),
        MessageId => "<[a-z]{1,6}@fabrikam\\.com>".boxed(),
        Threat => list(&["Spam", "Phish", "High confidence phishing", "Malware", "Bulk", "Transport rule", "", "New"])
            .boxed(),
        Release => list(&["Released", "NOTRELEASED", "Needs review", "Denied", ""]).boxed(),
        Done => list(&["Delivered", "Junked", "Blocked", "Replaced", "", "New"]).boxed(),
        Place => prop_oneof![
            list(&["Inbox/folder", "Junk folder", "Quarantine", "Failed", "On-premises/external", ""]),
            words(),
        ]
        .boxed(),
        Results => prop_oneof![
            words(),
            Just("{\"SPF\":\"softfail\",\"DKIM\":\"none\",\"DMARC\":\"fail\",\"CompAuth\":\"fail\"}".to_owned()),
        ]
        .boxed(),
        Xml => words()
            .prop_map(|w| {
                let w = w.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
                format!("<root><MEP Name=\"ConnectorId\" String=\"{w}\"/><MEP Name=\"SCL\" String=\"5\"/><MEP Name=\"CustomData\" Blob=\"S:BCL=7;'S:x={w}'\"/></root>")
            })
            .boxed(),
    }
}

fn cell(holds: Holds) -> BoxedStrategy<Cell> {
    match holds {
        Time => (0..15 * 86_400_000_000u64).prop_map(Cell::Time).boxed(),
        Id | Status | Event | MessageId => text_of(holds).prop_map(Cell::Text).boxed(),
        _ => prop_oneof![5 => text_of(holds).prop_map(Cell::Text), 1 => Just(Cell::Null)].boxed(),
    }
}

/// An export as it is meant: a dialect and its records.
#[derive(Clone, Debug)]
pub(super) struct Export {
    pub(super) number: usize,
    pub(super) records: Vec<Vec<Cell>>,
}

impl Export {
    pub(super) fn columns(&self) -> &'static [(&'static str, Holds)] {
        EXPORTS[self.number].1
    }
}

pub(super) fn export(number: usize) -> impl Strategy<Value = Export> {
    let record: Vec<BoxedStrategy<Cell>> = EXPORTS[number].1.iter().map(|c| cell(c.1)).collect();
    proptest::collection::vec(record, 1..6).prop_map(move |records| Export { number, records })
}
