//! A week of invented mail, written as exports: the ground on which cases are built.

use std::fmt::Write;
use std::path::Path;

/// One row of a message trace.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Makes the network message id.
    pub(crate) number: u32,
    /// Hours since the begin of the week.
    pub(crate) hour: u32,
    /// Minute of the hour.
    pub(crate) minute: u32,
    pub(crate) sender: String,
    pub(crate) recipient: String,
    pub(crate) status: &'static str,
}

impl Row {
    pub(crate) fn id(&self) -> String {
        format!("5f0e{:04x}-11d2-4c3b-9a4e-08de{:08x}", self.number % 0x1_0000, self.number)
    }

    /// `2026-09-07` is a Monday.
    fn time(&self) -> String {
        format!("2026-09-{:02}T{:02}:{:02}:00Z", 7 + self.hour / 24, self.hour % 24, self.minute)
    }

    /// The time as headers write it.
    fn date(&self) -> String {
        let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        let day = self.hour / 24;
        let name = days[day as usize % 7];
        format!("{name}, {} Sep 2026 {:02}:{:02}:00 +0000", 7 + day, self.hour % 24, self.minute)
    }
}

/// Seven days: partners write to us, we write to partners, we write to each other. A few single
/// failures are always there.
pub(crate) fn week() -> Vec<Row> {
    let mut rows = Vec::new();
    for hour in 0..7 * 24 {
        let busy = (8..18).contains(&(hour % 24));
        for n in 0..if busy { 14 } else { 4 } {
            let number = rows.len() as u32;
            // Spread without a pattern that a bucket could see.
            let mixed = (number.wrapping_mul(2_654_435_761)) >> 16;
            let (user, partner) = (mixed % 23, mixed % 9);
            let here = format!("user{user}@contoso.com");
            let there = format!("ann@partner{partner}.example");
            let (sender, recipient) = match mixed % 10 {
                0..5 => (there, here),
                5..8 => (here, there),
                _ => (here, format!("user{}@contoso.com", (user + 1) % 23)),
            };
            let status = if mixed.is_multiple_of(97) { "Failed" } else { "Delivered" };
            rows.push(Row { number, hour, minute: 4 * n, sender, recipient, status });
        }
    }
    rows
}

/// Writes the rows as an export of Get-MessageTraceV2.
pub(crate) fn write_trace(folder: &Path, rows: &[Row]) {
    let mut text = String::from(
        "MessageTraceId,MessageId,Received,SenderAddress,RecipientAddress,FromIP,ToIP,Subject,Status,Size\n",
    );
    for row in rows {
        let (id, time) = (row.id(), row.time());
        let (sender, recipient) = (&row.sender, &row.recipient);
        writeln!(
            text,
            "{id},<{}@mail.example>,{time},{sender},{recipient},198.18.0.9,,Offer,{},1000",
            row.number, row.status
        )
        .unwrap();
    }
    std::fs::write(folder.join("trace.csv"), text).unwrap();
}

/// Writes the bounce of a row.
pub(crate) fn write_bounce(folder: &Path, row: &Row, code: &str, reply: &str) {
    let (id, date, number) = (row.id(), row.date(), row.number);
    let (sender, recipient) = (&row.sender, &row.recipient);
    let host = recipient.split('@').next_back().unwrap();
    let text = format!(
        "From: Microsoft Outlook <postmaster@contoso.com>\nTo: <{sender}>\nDate: {date}\n\
         Subject: Undeliverable: Offer\nMessage-ID: <ndr{number}@contoso.com>\nReturn-Path: <>\n\
         In-Reply-To: <{number}@mail.example>\nX-MS-Exchange-Message-Is-Ndr:\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n\
         --b\nContent-Type: text/plain\n\nYour message couldn't be delivered.\n\n\
         --b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns;mail.contoso.com\n\n\
         Final-Recipient: rfc822;{recipient}\nAction: failed\nStatus: {code}\n\
         Diagnostic-Code: smtp;{reply}\nRemote-MTA: dns;mx.{host}\n\n\
         --b\nContent-Type: message/rfc822\n\nFrom: <{sender}>\nTo: <{recipient}>\nDate: {date}\n\
         Message-ID: <{number}@mail.example>\n\
         X-MS-Exchange-Organization-Network-Message-Id: {id}\n\n--b--\n"
    );
    std::fs::write(folder.join(format!("bounce{number}.eml")), text).unwrap();
}

/// Writes a row's message as the recipient's mailbox holds it, with the results of SPF and DKIM.
pub(crate) fn write_message(folder: &Path, row: &Row, spf: &str, dkim: &str) {
    let (id, date, number) = (row.id(), row.date(), row.number);
    let (sender, recipient) = (&row.sender, &row.recipient);
    let domain = sender.split('@').next_back().unwrap();
    let text = format!(
        "Received: from AM0PR01MB0001.eurprd01.prod.outlook.com (2001:db8:20::81) by\n \
         AM0PR01MB0002.eurprd01.prod.outlook.com with HTTPS; {date}\n\
         Authentication-Results: spf={spf} (sender IP is 198.18.0.9)\n smtp.mailfrom={domain}; \
         dkim={dkim} header.d={domain};dmarc=fail\n action=quarantine header.from={domain};\
         compauth=fail reason=000\n\
         Received: from mail.example (198.18.0.9) by\n \
         AM0EPF0001.mail.protection.outlook.com (2001:db8:20::19) with Microsoft SMTP Server; {date}\n\
         From: <{sender}>\nTo: <{recipient}>\nSubject: Offer\nDate: {date}\n\
         Message-ID: <{number}@mail.example>\n\
         X-MS-Exchange-Organization-Network-Message-Id: {id}\n\
         X-MS-Exchange-Organization-AuthSource: AM0EPF0001.eurprd01.prod.outlook.com\n\
         X-MS-Exchange-Organization-AuthAs: Anonymous\n\nText.\n"
    );
    std::fs::write(folder.join(format!("message{number}.eml")), text).unwrap();
}

/// The way of a row, as an extended report tells it.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    /// Connector; empty for none.
    pub(crate) connector: &'static str,
    /// Seconds from acceptance to the last event.
    pub(crate) seconds: u32,
    /// Reply of a failure.
    pub(crate) reply: &'static str,
    /// Rest of `custom_data`.
    pub(crate) custom: &'static str,
}

impl Default for Way {
    fn default() -> Self {
        Self {
            connector: "",
            seconds: 3,
            reply: "550 5.1.10 RESOLVER.ADR.RecipientNotFound",
            custom: "",
        }
    }
}

/// Writes all rows that come in as a list of quarantined messages, in place of the trace.
pub(crate) fn write_quarantine(folder: &Path, rows: &[Row], policy: impl Fn(&Row) -> &'static str) {
    let mut text = String::from(
        "Identity,ReceivedTime,MessageId,SenderAddress,RecipientAddress,Subject,Size,Type,PolicyType,\
         PolicyName,Released,ReleaseStatus,QuarantineTypes,Direction\n",
    );
    for row in rows.iter().filter(|r| !r.sender.ends_with("@contoso.com")) {
        let (id, time, number, policy) = (row.id(), row.time(), row.number, policy(row));
        let (from, to) = (&row.sender, &row.recipient);
        writeln!(
            text,
            "{id}\\3b0f0000-aaaa-4bbb-8ccc-{number:012x},{time},<{number}@mail.example>,{from},{to},\
             Offer,1000,Spam,HostedContentFilterPolicy,{policy},False,NOTRELEASED,Spam,Inbound"
        )
        .unwrap();
    }
    std::fs::remove_file(folder.join("trace.csv")).ok();
    std::fs::write(folder.join("Quarantine.csv"), text).unwrap();
}

/// What advanced hunting says of a row.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// `DeliveryLocation` of what is delivered.
    pub(crate) place: &'static str,
    /// `AuthenticationDetails`.
    pub(crate) authentication: &'static str,
    /// The setting that let it pass; empty for none.
    pub(crate) allowed: &'static str,
}

impl Default for Seen {
    fn default() -> Self {
        Self {
            place: "Inbox/folder",
            authentication: r#"{"SPF":"pass","DKIM":"pass","DMARC":"pass"}"#,
            allowed: "",
        }
    }
}

/// Writes the rows as the table EmailEvents of advanced hunting, in place of the trace.
pub(crate) fn write_hunting(folder: &Path, rows: &[Row], seen: impl Fn(&Row) -> Seen) {
    let mut text = String::from(
        "Timestamp,NetworkMessageId,InternetMessageId,SenderMailFromAddress,SenderFromAddress,\
         RecipientEmailAddress,Subject,EmailDirection,DeliveryAction,DeliveryLocation,\
         AuthenticationDetails,OrgLevelAction,OrgLevelPolicy\n",
    );
    for row in rows {
        let (id, time, number) = (row.id(), row.time(), row.number);
        let (from, to) = (&row.sender, &row.recipient);
        let ours = |address: &str| address.ends_with("@contoso.com");
        let direction = match (ours(from), ours(to)) {
            (true, true) => "Intra-org",
            (true, false) => "Outbound",
            _ => "Inbound",
        };
        let Seen { place, authentication, allowed } = seen(row);
        let (action, place) = match row.status {
            "Failed" => ("Blocked", "Failed"),
            _ if direction == "Outbound" => ("Delivered", "On-premises/external"),
            _ => ("Delivered", place),
        };
        let authentication = authentication.replace('"', "\"\"");
        let allow = if allowed.is_empty() { "" } else { "Allow" };
        writeln!(
            text,
            "{time},{id},<{number}@mail.example>,{from},{from},{to},Offer,{direction},{action},\
             {place},\"{authentication}\",{allow},{allowed}"
        )
        .unwrap();
    }
    std::fs::remove_file(folder.join("trace.csv")).ok();
    std::fs::write(folder.join("EmailEvents.csv"), text).unwrap();
}

/// Writes the rows as an extended report instead: two events each.
pub(crate) fn write_report(folder: &Path, rows: &[Row], way: impl Fn(&Row) -> Way) {
    let mut text = String::from(
        "date_time_utc,source_context,connector_id,source,event_id,message_id,network_message_id,\
         recipient_address,recipient_status,message_subject,sender_address,directionality,custom_data\n",
    );
    for row in rows {
        let way = way(row);
        let end = row.minute * 60 + way.seconds;
        let (hour, minute) = (row.hour + end / 3600, end / 60 % 60);
        let done = Row { hour, minute, ..row.clone() }
            .time()
            .replace(":00Z", &format!(":{:02}Z", end % 60));
        let (id, number, sender, recipient) = (row.id(), row.number, &row.sender, &row.recipient);
        let stated = if sender.ends_with("@contoso.com") { "Originating" } else { "Incoming" };
        let (source, event, status) = match row.status {
            "Failed" => (
                "AGENT",
                "FAIL",
                format!("[{{LED={}}};{{MSG=}};{{FQDN=}};{{IP=}};{{LRT=}}]", way.reply),
            ),
            _ if recipient.ends_with("@contoso.com") => ("STOREDRIVER", "DELIVER", String::new()),
            _ => ("SMTP", "SENDEXTERNAL", "250 2.1.5 Recipient OK".into()),
        };
        for (time, source, event, status) in
            [(row.time(), "SMTP", "RECEIVE", String::new()), (done, source, event, status)]
        {
            writeln!(
                text,
                "{time},,{},{source},{event},<{number}@mail.example>,{id},{recipient},\"{status}\",Offer,\
                 {sender},{stated},{}",
                way.connector, way.custom
            )
            .unwrap();
        }
    }
    std::fs::write(folder.join("trace.csv"), text).unwrap();
}
