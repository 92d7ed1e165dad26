//! The input of a race, generated once and kept: the same arguments give the same bytes.

use super::traffic;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A fixed sequence of numbers without a pattern that matters (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// A few numbers often, many seldom, as addresses are.
    fn skewed(&mut self, limit: u64) -> u64 {
        let x = self.below(1 << 20) as f64 / f64::from(1 << 20);
        ((limit as f64).powf(x) - 1.0) as u64
    }
}

/// Bytes of a file, or of the files in a folder.
pub(crate) fn size(path: &Path) -> u64 {
    match std::fs::read_dir(path) {
        Ok(entries) => entries.flatten().filter_map(|e| e.metadata().ok()).map(|m| m.len()).sum(),
        Err(_) => path.metadata().map_or(0, |m| m.len()),
    }
}

/// Writes `path` under another name first, so that what exists is whole.
fn once(
    path: PathBuf,
    fill: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<PathBuf, String> {
    if path.exists() {
        return Ok(path);
    }
    let part = path.with_extension("part");
    let write = || {
        let mut out = BufWriter::with_capacity(1 << 20, File::create(&part)?);
        fill(&mut out)?;
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        std::fs::rename(&part, &path)
    };
    write().map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(path)
}

const OWN: &str = "contoso.example";
/// Ten days from 1 November 2026, UTC.
const SECONDS: u64 = 10 * 86_400;

fn day_and_clock(second: u64) -> (u64, u64, u64, u64) {
    (1 + second / 86_400, second / 3600 % 24, second / 60 % 60, second % 60)
}

/// T1: what Get-MessageTraceV2 and Export-Csv write, every cell quoted, ISO times; an eighth of
/// the subjects with doubled quotes, many with commas, a few with line feeds; about 1.9 rows a
/// message, 40,000 sender and 20,000 recipient domains, three in a hundred failed.
pub(crate) fn trace(folder: &Path, rows: u64) -> Result<PathBuf, String> {
    once(folder.join(format!("t1-{rows}.csv")), |out| {
        out.write_all(
            b"\"MessageTraceId\",\"MessageId\",\"Received\",\"SenderAddress\",\"RecipientAddress\",\
              \"FromIP\",\"ToIP\",\"Subject\",\"Status\",\"Size\"\r\n",
        )?;
        let mut numbers = Numbers(20_261_101);
        let mut n = 0;
        while n < rows {
            let (id, random) = (n, numbers.next());
            let (day, hour, minute, second) = day_and_clock(n * SECONDS / rows.max(1));
            let incoming = numbers.below(3) > 0;
            let ours = |numbers: &mut Numbers| format!("user{}@{OWN}", numbers.skewed(8000));
            let domains = if incoming { 40_000 } else { 20_000 };
            let theirs = |numbers: &mut Numbers| {
                format!("p{}@d{}.example.net", numbers.skewed(30), numbers.skewed(domains))
            };
            let sender = if incoming { theirs(&mut numbers) } else { ours(&mut numbers) };
            let subject = match numbers.below(24) {
                0..=2 => "RE: Offer, second \"\"draft\"\" of the week".to_string(),
                3 => "Order\nconfirmation, part two".to_string(),
                4..=9 => format!("Invoice {}, due, please check", numbers.below(90_000)),
                k => format!("Planning of project {} for room {k}", numbers.below(5000)),
            };
            let recipients = [1, 1, 1, 1, 2, 2, 3, 4][numbers.below(8) as usize];
            for copy in 0..recipients {
                let recipient = if incoming {
                    format!("user{}.{copy}@{OWN}", numbers.skewed(8000))
                } else {
                    let domain = numbers.skewed(domains);
                    format!("p{}.{copy}@d{domain}.example.net", numbers.below(30))
                };
                let status = match numbers.below(100) {
                    0..=2 => "Failed",
                    3 | 4 => "FilteredAsSpam",
                    5 => "Quarantined",
                    _ => "Delivered",
                };
                write!(
                    out,
                    "\"{:08x}-{:04x}-4{:03x}-9a4e-08de{id:08x}\",\"<{random:016x}.{id}@mail.example.net>\",\
                     \"2026-11-{day:02}T{hour:02}:{minute:02}:{second:02}.{:07}Z\",\"{sender}\",\"{recipient}\",\
                     \"198.18.{}.{}\",\"\",\"{subject}\",\"{status}\",\"{}\"\r\n",
                    random >> 32,
                    random >> 16 & 0xffff,
                    random & 0xfff,
                    random % 10_000_000,
                    random >> 8 & 0xff,
                    random & 0xff,
                    4000 + random % 60_000,
                )?;
                n += 1;
                if n == rows {
                    break;
                }
            }
        }
        Ok(())
    })
}

/// Replies of servers: `{}` is a number. Written for this race, after the public documentation.
const REPLIES: &[&str] = &[
    "550 5.1.1 <u{}@there.example>: Recipient address rejected: User unknown",
    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient u{}@there.example not found by SMTP address lookup",
    "550 5.7.1 Service unavailable, client host [198.18.7.{}] blocked using a block list",
    "550 5.7.26 This message does not pass authentication checks (SPF and DKIM both do not pass). id={}",
    "552 5.2.2 Mailbox of user {} is full, quota exceeded",
    "451 4.7.500 Server busy. Please try again later from [198.18.9.{}]. (S77719)",
    "450 4.2.0 <u{}@there.example>: Recipient address rejected: Greylisted, see you in {} seconds",
    "550 5.4.1 Recipient address rejected: Access denied. AS(201806281) [{}]",
    "421 4.4.2 Connection dropped due to SocketError (10054) after {} bytes",
    "554 5.7.1 Message {} rejected: content looks like spam",
    "550 5.7.64 TenantAttribution; Relay Access Denied [{}]",
    "454 4.7.5 The certificate of the remote server could not be validated ({})",
];

/// T2: the extended report, 27 columns, about 1.5 KB a row, half of the rows with a status text.
pub(crate) fn report(folder: &Path, rows: u64) -> Result<PathBuf, String> {
    once(folder.join(format!("t2-{rows}.csv")), |out| {
        out.write_all(
            b"date_time_utc,client_ip,client_hostname,server_ip,server_hostname,source_context,connector_id,source,\
              event_id,internal_message_id,message_id,network_message_id,recipient_address,recipient_status,\
              total_bytes,recipient_count,related_recipient_address,reference,message_subject,sender_address,\
              return_path,message_info,directionality,tenant_id,original_client_ip,original_server_ip,custom_data\r\n",
        )?;
        let mut numbers = Numbers(20_261_102);
        for n in 0..rows {
            let (message, step) = (n / 3, n % 3);
            let mut own = Numbers(message);
            let (a, user, there) = (own.next(), own.skewed(8000), own.skewed(9000));
            let refused = own.below(4) == 0;
            let (day, hour, minute, second) = day_and_clock(message * SECONDS / (rows / 3 + 1));
            let (source, event) = match step {
                0 => ("SMTP", "RECEIVE"),
                1 if refused => ("SMTP", "DEFER"),
                1 => ("AGENT", "AGENTINFO"),
                _ if refused => ("SMTP", "FAIL"),
                _ => ("SMTP", "SEND"),
            };
            let text = match (step, refused) {
                (0, _) | (1, false) => String::new(),
                (_, false) => "250 2.1.5 RESOLVER.GRP.Expanded; accepted".into(),
                _ => {
                    let reply = REPLIES[(a % REPLIES.len() as u64) as usize];
                    let reply = reply.replace("{}", &numbers.below(100_000).to_string());
                    format!(
                        "[{{LED={reply} [AM0EPF{:08X}.eurprd03.prod.outlook.com 2026-11-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z \
                         08DE{:012X}]}};{{MSG=}};{{FQDN=mx.there{there}.example}};{{IP=198.18.3.{}}};\
                         {{LRT=11/{day}/2026 {}:{minute:02}:{second:02} AM}}]",
                        numbers.below(1 << 32),
                        numbers.below(1000),
                        numbers.below(1 << 48),
                        there % 250,
                        1 + hour % 12,
                    )
                }
            };
            let mut custom =
                String::from("S:ProxyHop1=AM0EPF00.mail.protection.outlook.com(10.167.16.1)");
            for k in 0..9 {
                let _ = write!(
                    custom,
                    ";S:CompCost=|ETR={};S:Hop{k}=agent {:016x} of the pipeline took {} ms;\
                     S:AccountForest=EURP{k}.PROD.OUTLOOK.COM",
                    numbers.below(3),
                    numbers.next(),
                    numbers.below(900)
                );
            }
            write!(
                out,
                "2026-11-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}0000Z,198.18.1.{},mail.{OWN},10.0.0.1,\
                 AM0PR01MB{:04}.eurprd01.prod.outlook.com,08DE;context;{step},,{source},{event},{},\
                 <{a:x}@{OWN}>,{:08x}-{:04x}-4abc-9a4e-08de{message:08x},p{there}@there{there}.example,\"{text}\",\
                 {},1,,,\"Order {}, second part\",user{user}@{OWN},user{user}@{OWN},,Originating,\
                 5f0e9e1c-11d2-4c3b-9a4e-08de00000000,198.18.2.2,,{custom}\r\n",
                step * 300,
                message % 250,
                message % 9000,
                message + 1000,
                a >> 32,
                a & 0xffff,
                4000 + a % 60_000,
                a % 5000,
            )?;
        }
        Ok(())
    })
}

/// T3: message files, about 9 KB of headers, 12 to 60 KB in all.
pub(crate) fn messages(folder: &Path, count: u64) -> Result<PathBuf, String> {
    let whole = folder.join(format!("t3-{count}"));
    if whole.exists() {
        return Ok(whole);
    }
    let part = folder.join("t3.part");
    let write = || {
        let _ = std::fs::remove_dir_all(&part);
        std::fs::create_dir_all(&part)?;
        let mut numbers = Numbers(20_261_103);
        for n in 0..count {
            let mut out = BufWriter::new(File::create(part.join(format!("{n:06}.eml")))?);
            let message = traffic::message(n as u32);
            let end = message.len().saturating_sub(9); // the blank line and the text
            out.write_all(&message[..end])?;
            for k in 0..14 {
                write!(out, "X-Filler-{k}: {:0>500}\r\n", numbers.next())?;
            }
            out.write_all(b"\r\n")?;
            for _ in 0..numbers.below(800) + 40 {
                writeln!(out, "A line of text with some sixty characters in it, no more.\r")?;
            }
            out.flush()?;
        }
        std::fs::rename(&part, &whole)
    };
    write().map_err(|e: io::Error| format!("{}: {e}", whole.display()))?;
    Ok(whole)
}
