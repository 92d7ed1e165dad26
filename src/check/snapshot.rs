//! TXT records of a snapshot of DNS, in whatever form it was saved.
//!
//! Forms: lines of a zone file or of dig (`name [ttl] [IN] TXT "..." "..."`), of nslookup
//! (`name text = "..."`, the text on lines of its own), a JSON object (`{"name": "txt"}`, or a list
//! of texts), and CSV of PowerShell's Resolve-DnsName (columns Name, Type, Strings).

use std::collections::HashMap;

/// Most records read.
const MOST: usize = 100_000;

/// Names and the texts of their TXT records. Names in lower case, without the last dot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    records: HashMap<String, Vec<String>>,
}

impl Snapshot {
    /// Reads a snapshot; forms may be mixed but for JSON, lines of another kind are passed over.
    ///
    /// # Errors
    /// Where there is no TXT record in it, with what would do.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim_start_matches('\u{feff}');
        let mut snapshot = Self::default();
        if text.trim_start().starts_with(['{', '[']) {
            snapshot.json(text)?;
        } else if !snapshot.csv(text) {
            snapshot.lines(text);
        }
        if snapshot.records.is_empty() {
            return Err(
                "no TXT record in it; give lines such as 'name. IN TXT \"v=DKIM1; ...\"', \
                        the output of dig, nslookup or Resolve-DnsName, or JSON"
                    .to_owned(),
            );
        }
        Ok(snapshot)
    }

    /// The texts of a name; `None` where the snapshot has none.
    pub fn txt(&self, name: &str) -> Option<&[String]> {
        self.records.get(&folded(name)).map(Vec::as_slice)
    }

    /// Number of names.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// True where there is no name.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    fn add(&mut self, name: &str, text: String) {
        let name = folded(name);
        if name.is_empty() || text.is_empty() || self.records.len() >= MOST {
            return;
        }
        let texts = self.records.entry(name).or_default();
        if texts.len() < 16 && !texts.contains(&text) {
            texts.push(text);
        }
    }

    fn json(&mut self, text: &str) -> Result<(), String> {
        let value: serde_json::Value =
            serde_json::from_str(text).map_err(|error| format!("is no JSON: {error}"))?;
        match &value {
            serde_json::Value::Object(map) => {
                for (name, value) in map {
                    self.json_texts(name, value);
                }
            }
            // ConvertTo-Json of Resolve-DnsName: objects with Name and Strings.
            serde_json::Value::Array(items) => {
                for item in items {
                    let Some(name) = item.get("Name").and_then(|n| n.as_str()) else { continue };
                    if let Some(serde_json::Value::Array(strings)) = item.get("Strings") {
                        let parts = strings.iter().filter_map(|s| s.as_str());
                        self.add(name, parts.collect());
                    } else if let Some(text) = item.get("Strings").and_then(|s| s.as_str()) {
                        self.add(name, text.to_owned());
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn json_texts(&mut self, name: &str, value: &serde_json::Value) {
        match value {
            serde_json::Value::String(text) => self.add(name, quoted_or_plain(text)),
            serde_json::Value::Array(texts) => {
                for text in texts.iter().filter_map(|text| text.as_str()) {
                    self.add(name, quoted_or_plain(text));
                }
            }
            _ => {}
        }
    }

    /// True where the first line names the columns of Resolve-DnsName.
    fn csv(&mut self, text: &str) -> bool {
        let text = match text.split_once('\n') {
            Some((first, rest)) if first.starts_with("#TYPE") => rest,
            _ => text,
        };
        let delimiter =
            if text.lines().next().is_some_and(|l| l.contains(';')) { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(text.as_bytes());
        let Ok(header) = reader.headers() else { return false };
        let column = |name: &str| header.iter().position(|h| h.trim().eq_ignore_ascii_case(name));
        let (Some(name), Some(strings)) = (column("Name"), column("Strings")) else { return false };
        for record in reader.records().filter_map(Result::ok).take(MOST) {
            if let (Some(name), Some(text)) = (record.get(name), record.get(strings)) {
                // Export-Csv writes a list as `{a, b}` or loses it (`System.String[]`).
                let text = text.trim().trim_start_matches('{').trim_end_matches('}');
                if text != "System.String[]" {
                    self.add(name, text.to_owned());
                }
            }
        }
        true
    }

    fn lines(&mut self, text: &str) {
        let mut open: Option<(String, String)> = None;
        for line in joined(text) {
            let line = line.trim();
            // nslookup writes the text below its name.
            if let Some((name, so_far)) = &mut open {
                if line.is_empty() && so_far.is_empty() {
                    continue;
                }
                if line.starts_with('"') {
                    so_far.push_str(&strings(line));
                    continue;
                }
                let (name, so_far) = (std::mem::take(name), std::mem::take(so_far));
                self.add(&name, so_far);
                open = None;
            }
            if line.is_empty() || line.starts_with([';', '#']) {
                continue;
            }
            if let Some((name, rest)) = line.split_once("text =") {
                open = Some((name.trim().to_owned(), strings(rest)));
            } else if let Some((name, rest)) = record(line) {
                self.add(name, strings(rest));
            }
        }
        if let Some((name, text)) = open {
            self.add(&name, text);
        }
    }
}

/// Lines, those in brackets of a zone file made one; bounded, since a bracket may never close.
fn joined(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut held = String::new();
    let mut depth = 0usize;
    for line in text.lines() {
        let mut quoted = false;
        let mut escaped = false;
        for c in line.chars() {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => quoted = !quoted,
                // A comment of a zone file.
                ';' if !quoted => break,
                '(' if !quoted => depth += 1,
                ')' if !quoted => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        held.push_str(line);
        if depth == 0 || held.len() > 16 << 10 {
            out.push(std::mem::take(&mut held));
            depth = 0;
        } else {
            held.push(' ');
        }
    }
    out.push(held);
    out
}

/// Name and texts of `name [ttl] [class] TXT ...`.
fn record(line: &str) -> Option<(&str, &str)> {
    let (name, mut rest) = line.split_once(char::is_whitespace)?;
    for _ in 0..3 {
        let (word, behind) = rest.trim_start().split_once(char::is_whitespace)?;
        rest = behind;
        if word.eq_ignore_ascii_case("TXT") {
            return Some((name, rest));
        }
        let passable = word.bytes().all(|b| b.is_ascii_digit())
            || ["IN", "CH", "HS"].iter().any(|class| word.eq_ignore_ascii_case(class));
        if !passable {
            return None;
        }
    }
    None
}

/// Quoted strings put together, escapes undone; the bare text where there are no quotes.
fn strings(text: &str) -> String {
    let text = text.trim().trim_start_matches('(').trim_end_matches(')').trim();
    if !text.contains('"') {
        return text.to_owned();
    }
    let mut out = String::new();
    let (mut quoted, mut escaped) = (false, false);
    for c in text.chars() {
        match c {
            c if escaped => {
                out.push(c);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            c if quoted => out.push(c),
            _ => {}
        }
    }
    out
}

fn quoted_or_plain(text: &str) -> String {
    if text.trim_start().starts_with('"') { strings(text) } else { text.to_owned() }
}

fn folded(name: &str) -> String {
    name.trim().trim_matches('"').trim_end_matches('.').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form() {
        let expected = ["v=DKIM1; k=rsa; p=AAAABBBB".to_owned()];
        for text in [
            "s1._domainkey.contoso.com. 3600 IN TXT \"v=DKIM1; k=rsa; \" \"p=AAAABBBB\"\n",
            "s1._domainkey.contoso.com TXT \"v=DKIM1\\; k=rsa; p=AAAABBBB\"",
            "s1._domainkey.contoso.com. IN TXT ( \"v=DKIM1; k=rsa; \"\n  \"p=AAAABBBB\" ) ; a key\n",
            "; <<>> DiG\n;; ANSWER SECTION:\nS1._domainkey.Contoso.com. 60 IN TXT \"v=DKIM1; k=rsa; p=AAAA\" \"BBBB\"\n;; Query time: 1\n",
            "Server: dns.example\n\ns1._domainkey.contoso.com\ttext = \"v=DKIM1; k=rsa; p=AAAABBBB\"\n",
            "s1._domainkey.contoso.com\ttext =\n\n\t\"v=DKIM1; k=rsa; p=AAAA\"\n\t\"BBBB\"\n",
            "{\"s1._domainkey.contoso.com\": \"v=DKIM1; k=rsa; p=AAAABBBB\"}",
            "{\"s1._domainkey.contoso.com.\": [\"v=DKIM1; k=rsa; p=AAAABBBB\"]}",
            "[{\"Name\": \"s1._domainkey.contoso.com\", \"Strings\": [\"v=DKIM1; k=rsa; \", \"p=AAAABBBB\"]}]",
            "\u{feff}\"Name\",\"Type\",\"Strings\"\r\n\"s1._domainkey.contoso.com\",\"TXT\",\"v=DKIM1; k=rsa; p=AAAABBBB\"\r\n",
        ] {
            let snapshot = Snapshot::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"));
            assert_eq!(snapshot.txt("S1._domainkey.contoso.com"), Some(&expected[..]), "{text}");
            assert_eq!(snapshot.len(), 1, "{text}");
        }
        assert!(Snapshot::parse("").unwrap_err().contains("no TXT record"));
        assert!(Snapshot::parse("contoso.com. IN MX 10 mx.contoso.com.").is_err());
        assert!(Snapshot::parse("{").unwrap_err().contains("no JSON"));
    }

    proptest::proptest! {
        #[test]
        fn any_text(text in "\\PC{0,80}|([a-z. \\t\"();=\\\\\n]|IN|TXT|text =){0,60}") {
            let _ = Snapshot::parse(&text);
        }
    }
}
