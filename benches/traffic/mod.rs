//! Generated input: a message trace as Get-MessageTraceV2 and Export-Csv write it, all cells
//! quoted, and messages with stamps. The same arguments give the same bytes.

use std::fmt::Write;

/// A fixed sequence of numbers without a pattern that matters (an xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit
    }
}

/// An export of so many rows over ten days, newest first.
pub(crate) fn trace(rows: u32) -> Vec<u8> {
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let mut text = String::from(
        "\"MessageTraceId\",\"MessageId\",\"Received\",\"SenderAddress\",\"RecipientAddress\",\"FromIP\",\
         \"ToIP\",\"Subject\",\"Status\",\"Size\"\r\n",
    );
    for n in 0..rows {
        let seconds = 864_000 - u64::from(n) * 864_000 / u64::from(rows.max(1));
        let (day, second) = (1 + seconds / 86_401, seconds % 86_400);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        let (clock, half) = ((hour + 11) % 12 + 1, if hour < 12 { "AM" } else { "PM" });
        let here = format!("user{}@contoso.com", numbers.below(600));
        let there = format!("ann{}@partner{}.example", numbers.below(40), numbers.below(240));
        let (sender, recipient) = if numbers.below(3) == 0 { (here, there) } else { (there, here) };
        let status = match numbers.below(50) {
            0 => "Failed",
            1 | 2 => "FilteredAsSpam",
            3 => "Quarantined",
            _ => "Delivered",
        };
        let (a, b) = (numbers.below(1 << 32), numbers.below(1 << 16));
        let subject = match numbers.below(6) {
            0 => "RE: Offer, second \"\"draft\"\"",
            1 => "Réunion — 予算 2027",
            _ => "Updated: planning of the week",
        };
        let size = 4000 + numbers.below(60_000);
        write!(
            text,
            "\"{a:08x}-{b:04x}-4c3b-9a4e-08de{n:08x}\",\"<{n}.{a:x}@mail.example>\",\
             \"11/{day}/2026 {clock}:{minute:02}:{second:02} {half}\",\"{sender}\",\"{recipient}\",\
             \"198.18.{}.{}\",\"\",\"{subject}\",\"{status}\",\"{size}\"\r\n",
            b >> 8,
            b & 0xff,
        )
        .unwrap_or_default(); // writing to a String cannot fail
    }
    text.into_bytes()
}

/// A message as a mailbox of Exchange Online holds it.
pub(crate) fn message(n: u32) -> Vec<u8> {
    format!(
        "Received: from AM0PR01MB0001.eurprd01.prod.outlook.com (2001:db8:20::81) by\r\n \
         AM0PR01MB0002.eurprd01.prod.outlook.com with HTTPS; Mon, 2 Nov 2026 10:00:05 +0000\r\n\
         Authentication-Results: spf=pass (sender IP is 198.18.0.9)\r\n smtp.mailfrom=partner.example; \
         dkim=pass (signature was verified)\r\n header.d=partner.example;dmarc=pass action=none\r\n \
         header.from=partner.example;compauth=pass reason=100\r\n\
         Received: from mail.partner.example (198.18.0.9) by\r\n \
         AM0EPF0001.mail.protection.outlook.com (2001:db8:20::19) with Microsoft SMTP Server\r\n \
         (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20.9100.12;\r\n \
         Mon, 2 Nov 2026 10:00:04 +0000\r\n\
         From: =?utf-8?B?UsOpdW5pb24=?= <ann@partner.example>\r\nTo: <user{n}@contoso.com>\r\n\
         Subject: =?utf-8?Q?R=C3=A9union_{n}?=\r\nDate: Mon, 2 Nov 2026 10:00:01 +0000\r\n\
         Message-ID: <{n}@mail.partner.example>\r\n\
         X-MS-Exchange-Organization-Network-Message-Id: 5f0e9e1c-11d2-4c3b-9a4e-08de{n:08x}\r\n\
         X-MS-Exchange-Organization-AuthSource: AM0EPF0001.eurprd01.prod.outlook.com\r\n\
         X-MS-Exchange-Organization-AuthAs: Anonymous\r\nX-MS-Exchange-Organization-SCL: 1\r\n\
         X-Forefront-Antispam-Report: CIP:198.18.0.9;CTRY:DE;LANG:de;SCL:1;SRV:;IPV:NLI;SFV:NSPM;\r\n \
         H:mail.partner.example;PTR:mail.partner.example;CAT:NONE;SFS:(13230040);DIR:INB;\r\n\
         X-Microsoft-Antispam: BCL:0;ARA:13230040|376014;\r\n\
         X-Microsoft-Antispam-Mailbox-Delivery: ucf:0;jmr:0;auth:0;dest:I;ENG:(910005);\r\n\r\nText.\r\n"
    )
    .into_bytes()
}
