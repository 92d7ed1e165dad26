//! Events of extended reports and trace details folded into deliveries, from the text of an export
//! on: what makes a delivery, what ends it, and that the order of the rows says nothing.

use mailtriage::decode::rows::RowDecoder;
use mailtriage::decode::{DateOrder, Zone};
use mailtriage::detect::{self, Head};
use mailtriage::fold::{Orphans, fold};
use mailtriage::model::{Block, BlockBuilder, Detail, RawRecord, Reject, Row};
use mailtriage::read::{ChunkReader, Sink};
use proptest::prelude::*;

/// An event of an extended report; also those of other tests.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Event {
    /// Number of the message.
    pub(crate) message: u32,
    /// Seconds after its receipt.
    pub(crate) second: u32,
    pub(crate) source: &'static str,
    pub(crate) word: &'static str,
    pub(crate) recipients: &'static str,
    pub(crate) status: &'static str,
    pub(crate) related: &'static str,
    pub(crate) context: &'static str,
    pub(crate) tenant: &'static str,
    pub(crate) custom: &'static str,
}

const HEADER: &str = "date_time_utc,source,event_id,network_message_id,recipient_address,\
    recipient_status,related_recipient_address,source_context,tenant_id,sender_address,custom_data";

impl Event {
    pub(crate) const fn of(
        second: u32,
        source: &'static str,
        word: &'static str,
        to: &'static str,
    ) -> Self {
        Self {
            message: 1,
            second,
            source,
            word,
            recipients: to,
            status: "",
            related: "",
            context: "",
            tenant: "",
            custom: "",
        }
    }

    pub(crate) const fn status(self, status: &'static str) -> Self {
        Self { status, ..self }
    }

    const fn related(self, related: &'static str) -> Self {
        Self { related, ..self }
    }

    const fn context(self, context: &'static str) -> Self {
        Self { context, ..self }
    }

    fn written(&self) -> String {
        let (minute, second) = (self.second / 60, self.second % 60);
        format!(
            "2026-10-13T08:{minute:02}:{second:02}.5000000Z,{},{},5d2a7e10-0000-4000-8000-{:012},\
             {},\"{}\",{},{},{},ann@contoso.com,{}\n",
            self.source,
            self.word,
            self.message,
            self.recipients,
            self.status,
            self.related,
            self.context,
            self.tenant,
            self.custom,
        )
    }
}

pub(crate) fn report(events: &[Event]) -> String {
    let rows: String = events.iter().map(Event::written).collect();
    format!("{HEADER}\n{rows}")
}

struct Decode {
    decoder: RowDecoder,
    builder: BlockBuilder,
}

impl Sink for Decode {
    fn record(&mut self, record: RawRecord<'_>) {
        let builder = &mut self.builder;
        let mut take = |row: &Row<'_>, detail: Option<&Detail<'_>>| match detail {
            Some(detail) => builder.push_detail(row, detail),
            None => builder.push(row, None),
        };
        self.decoder.decode(&record, &mut take).unwrap();
    }

    fn reject(&mut self, reject: Reject) {
        panic!("{reject:?}");
    }
}

pub(crate) fn block(text: &str, input: u32) -> Block {
    let bytes = text.as_bytes();
    let head = Head::read(bytes, bytes.len() as u64, "export.csv").unwrap();
    let dialect = detect::detect(&head).unwrap().dialect;
    let decoder = RowDecoder::new(&dialect, DateOrder::Mdy, &Zone::Utc).unwrap();
    let mut decode = Decode { decoder, builder: BlockBuilder::default() };
    let mut reader = ChunkReader::new(bytes, &dialect).unwrap();
    let (splitter, mut ends) = (reader.splitter(), Vec::new());
    while let Some(chunk) = reader.next_chunk().unwrap() {
        splitter.split(&chunk, input, &mut ends, &mut decode);
    }
    decode.builder.seal()
}

/// The deliveries of these exports: recipient, status, and what its events say.
fn deliveries(exports: &[&str]) -> Vec<String> {
    let blocks: Vec<Block> = (0..).zip(exports).map(|(n, text)| block(text, n)).collect();
    let orphans = Orphans::default();
    let mut lines = Vec::new();
    fold(&blocks, &orphans, |deliveries| {
        for d in deliveries {
            let mut line = vec![format!("{} {}", d.recipient, d.status.as_str())];
            if let Some(path) = &d.path {
                if path.deferrals > 0 {
                    line.push(format!("deferrals={}", path.deferrals));
                }
                line.extend(path.failure.map(|reply| format!("failure={:?}", reply.text)));
                for (name, value) in [("folder", path.folder), ("tenant", path.tenant)] {
                    if !value.is_empty() {
                        line.push(format!("{name}={value}"));
                    }
                }
            }
            lines.push(line.join(" "));
        }
    });
    lines.sort();
    lines
}

const NOT_FOUND: &str = "[{LED=550 5.1.10 RESOLVER.ADR.RecipientNotFound; no such address};{MSG=};{FQDN=};{IP=};{LRT=}]";
const BUSY: &str = "[{LED=451 4.3.2 try again};{MSG=};{FQDN=mx.example};{IP=192.0.2.9};{LRT=}]";

const GROUP: &[Event] = &[
    Event::of(0, "STOREDRIVER", "RECEIVE", "team@contoso.com"),
    Event::of(1, "ROUTING", "EXPAND", "a@contoso.com;b@contoso.com;gone@contoso.com")
        .status("250 2.1.5 RESOLVER.GRP.Expanded;250 2.1.5 RESOLVER.GRP.Expanded;250 2.1.5 RESOLVER.GRP.Expanded")
        .related("team@contoso.com"),
    Event::of(2, "ROUTING", "DROP", "team@contoso.com").status("250 2.1.5 RESOLVER.GRP.Expanded"),
    Event::of(2, "ROUTING", "TRANSFER", "b@contoso.com").context("Resolver"),
    Event::of(3, "STOREDRIVER", "DELIVER", "a@contoso.com"),
    Event::of(4, "STOREDRIVER", "DELIVER", "b@contoso.com").status(
        "The message was successfully delivered to the folder: DefaultFolderType:JunkEmail",
    ),
    Event::of(2, "ROUTING", "FAIL", "gone@contoso.com").status(NOT_FOUND),
    Event::of(3, "DSN", "DSN", "ann@contoso.com").related("gone@contoso.com"),
];

const GROUP_DELIVERIES: [&str; 4] = [
    "a@contoso.com Delivered",
    "b@contoso.com Delivered folder=JunkEmail",
    "gone@contoso.com Failed failure=\"550 5.1.10 RESOLVER.ADR.RecipientNotFound; no such address\"",
    "team@contoso.com Expanded",
];

#[test]
fn a_group_is_expanded_and_its_members_are_deliveries() {
    assert_eq!(deliveries(&[&report(GROUP)]), GROUP_DELIVERIES);
}

#[test]
fn a_drop_is_a_loss_only_without_success() {
    let drop = |status| {
        let events = [
            Event::of(0, "SMTP", "RECEIVE", "a@contoso.com"),
            Event::of(2, "AGENT", "DROP", "a@contoso.com").status(status),
        ];
        deliveries(&[&report(&events)])
    };
    assert_eq!(drop(""), ["a@contoso.com Dropped"]);
    assert_eq!(drop("250 2.1.5 suppressed"), ["a@contoso.com GettingStatus"]);
}

#[test]
fn an_address_that_was_replaced_is_settled_by_that() {
    for word in ["RESOLVE", "REDIRECT"] {
        let events = [
            Event::of(0, "SMTP", "RECEIVE", "old@contoso.com"),
            Event::of(1, "ROUTING", word, "new@contoso.com").related("old@contoso.com"),
            Event::of(3, "STOREDRIVER", "DELIVER", "new@contoso.com"),
        ];
        let expected = ["new@contoso.com Delivered", "old@contoso.com Resolved"];
        assert_eq!(deliveries(&[&report(&events)]), expected, "{word}");
    }
}

#[test]
fn a_notice_makes_no_delivery() {
    let notice = Event::of(3, "DSN", "DSN", "ann@contoso.com");
    assert_eq!(deliveries(&[&report(&[notice.related("gone@contoso.com")])]), [""; 0]);
    assert_eq!(deliveries(&[&report(&[notice])]), [""; 0]);
    let events = [Event::of(0, "SMTP", "RECEIVE", "a@contoso.com"), notice];
    assert_eq!(deliveries(&[&report(&events)]), ["a@contoso.com GettingStatus"]);
}

#[test]
fn deferrals_are_counted_and_end_with_the_delivery() {
    let events = [
        Event::of(0, "SMTP", "RECEIVE", "a@northwindtraders.com"),
        Event::of(5, "SMTP", "DEFER", "a@northwindtraders.com").status(BUSY),
        Event::of(300, "SMTP", "DEFER", "a@northwindtraders.com").status(BUSY),
        Event::of(600, "SMTP", "SENDEXTERNAL", "a@northwindtraders.com"),
    ];
    let waiting = deliveries(&[&report(&events[..3])]);
    assert_eq!(waiting, ["a@northwindtraders.com Pending deferrals=2"]);
    let sent = deliveries(&[&report(&events)]);
    assert_eq!(sent, ["a@northwindtraders.com Sent deferrals=2"]);
}

#[test]
fn the_agent_that_defers_for_quarantine_quarantines() {
    let held = [
        Event::of(0, "SMTP", "RECEIVE", "a@contoso.com"),
        Event::of(1, "AGENT", "AGENTINFO", "a@contoso.com"),
        Event::of(2, "AGENT", "DEFER", "a@contoso.com")
            .context("AgentDefer - Antispam Quarantine Agent"),
    ];
    assert_eq!(deliveries(&[&report(&held)]), ["a@contoso.com Quarantined"]);
    let released = [&held[..], &[Event::of(900, "STOREDRIVER", "DELIVER", "a@contoso.com")]];
    assert_eq!(deliveries(&[&report(&released.concat())]), ["a@contoso.com Delivered"]);
}

#[test]
fn two_organisations_stay_apart() {
    const OURS: &str = "3d0c9a51-7b62-4f0e-9c1d-000000000001";
    const THEIRS: &str = "3d0c9a51-7b62-4f0e-9c1d-000000000002";
    let of = |tenant, second, source, word| Event {
        tenant,
        ..Event::of(second, source, word, "a@contoso.com")
    };
    let events = [
        of(THEIRS, 0, "STOREDRIVER", "RECEIVE"),
        of(THEIRS, 2, "SMTP", "SENDEXTERNAL"),
        of(OURS, 3, "SMTP", "RECEIVE"),
        of(OURS, 5, "STOREDRIVER", "DELIVER"),
    ];
    let expected = [
        format!("a@contoso.com Delivered tenant={OURS}"),
        format!("a@contoso.com Sent tenant={THEIRS}"),
    ];
    assert_eq!(deliveries(&[&report(&events)]), expected);
}

const TRACE: &str =
    "MessageTraceId,MessageId,Received,SenderAddress,RecipientAddress,Subject,Status\n";
const DETAIL: &str = "MessageId,MessageTraceId,Date,Event,Action,Detail,Data\n\
    <1@contoso.com>,5d2a7e10-0000-4000-8000-000000000001,2026-10-13T08:00:00Z,Submit,,The message was submitted.,\n\
    <1@contoso.com>,5d2a7e10-0000-4000-8000-000000000001,2026-10-13T08:00:02Z,Fail,,\"Reason: [{LED=550 5.7.26 refused};{MSG=};{FQDN=mx.example};{IP=192.0.2.9};{LRT=}]\",\n";

fn traced(recipients: &[&str]) -> String {
    let row = |to| {
        format!(
            "5d2a7e10-0000-4000-8000-000000000001,<1@contoso.com>,2026-10-13T08:00:00Z,ann@contoso.com,{to},Plan,Failed\n"
        )
    };
    TRACE.to_owned() + &recipients.iter().map(row).collect::<String>()
}

#[test]
fn details_without_recipient_speak_of_the_only_one() {
    let refused = "failure=\"550 5.7.26 refused\"";
    let one = deliveries(&[&traced(&["a@fabrikam.com"]), DETAIL]);
    assert_eq!(one, [format!("a@fabrikam.com Failed {refused}")]);
    assert_eq!(deliveries(&[DETAIL]), [format!(" Failed {refused}")]);
    // Of two recipients, nobody knows which one.
    let two = deliveries(&[&traced(&["a@fabrikam.com", "b@fabrikam.com"]), DETAIL]);
    assert_eq!(two, ["a@fabrikam.com Failed", "b@fabrikam.com Failed"]);
}

#[test]
fn a_report_gives_the_row_of_a_trace_its_reason() {
    let events = [
        Event::of(0, "STOREDRIVER", "RECEIVE", "a@fabrikam.com"),
        Event::of(2, "SMTP", "FAIL", "A@fabrikam.com").status(NOT_FOUND),
    ];
    let joined = deliveries(&[&traced(&["a@fabrikam.com", "b@fabrikam.com"]), &report(&events)]);
    assert_eq!(
        joined,
        [
            "a@fabrikam.com Failed failure=\"550 5.1.10 RESOLVER.ADR.RecipientNotFound; no such address\"",
            "b@fabrikam.com Failed",
        ]
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_the_rows_says_nothing(
        order in Just((0..GROUP.len() * 2).collect::<Vec<usize>>()).prop_shuffle(),
        cut in 0..GROUP.len() * 2,
    ) {
        // Two messages; the rows lie in two files, in any order.
        let events: Vec<Event> = order
            .iter()
            .map(|at| {
                let message = 1 + (at / GROUP.len()) as u32;
                Event { message, ..GROUP[at % GROUP.len()] }
            })
            .collect();
        let (one, other) = events.split_at(cut);
        let mut expected: Vec<&str> = [GROUP_DELIVERIES, GROUP_DELIVERIES].concat();
        expected.sort_unstable();
        prop_assert_eq!(deliveries(&[&report(one), &report(other)]), expected);
    }
}
