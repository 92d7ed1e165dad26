//! JSON records as delimited rows.
//!
//! A stream that stands before [`super::ChunkReader`]: each record of a JSON export becomes one
//! row with the columns that detection settled, so that everything behind reads one layout. A row
//! stands on the line of the output on which its record begins in the input, as long as every
//! record begins on a line of its own; where several share a line, rows are counted on. A line
//! end in a value becomes a return: a row has one line. What is no JSON becomes a line that the splitter refuses by name.

use super::json_cells::Columns;
use crate::detect::json::{self, End, Member};
use memchr::{memchr, memchr_iter};
use std::io::{self, Read};

/// Bytes read at once.
const BLOCK: usize = 256 << 10;

/// Begins a line that stands for a damaged record; the reason follows.
pub(super) const REFUSED: u8 = 0x1A;

/// What surrounds the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    List,
    Object,
}

/// What became of a step.
enum Step {
    /// Something was passed or written.
    Done,
    /// More bytes are needed.
    More,
    /// What stands here is no JSON.
    Bad(&'static str),
}

/// A JSON source as rows.
#[derive(Debug)]
pub(super) struct JsonRows<R> {
    source: R,
    columns: Columns,
    /// Bytes read; those before `at` are done with.
    buffer: Vec<u8>,
    at: usize,
    ended: bool,
    taken: u64,
    /// Physical line of `at`, and the one on which the next output stands.
    line: u64,
    out_line: u64,
    levels: Vec<Level>,
    /// Brackets may be missing: what was damaged held them.
    damaged: bool,
    /// A record longer than this is refused.
    limit: usize,
    out: Vec<u8>,
    out_at: usize,
    done: bool,
}

impl<R: Read> JsonRows<R> {
    pub(super) fn new(source: R, keys: &[String]) -> Self {
        Self {
            source,
            columns: Columns::new(keys),
            buffer: Vec::new(),
            at: 0,
            ended: false,
            taken: 0,
            line: 1,
            out_line: 1,
            levels: Vec::new(),
            damaged: false,
            limit: super::RECORD_LIMIT,
            out: Vec::new(),
            out_at: 0,
            done: false,
        }
    }

    /// Bytes of text read so far, and the source they came from.
    pub(super) fn taken(&self) -> (u64, &R) {
        (self.taken, &self.source)
    }

    /// Reads on, behind what is not done with.
    fn fill(&mut self) -> io::Result<()> {
        self.buffer.drain(..self.at);
        self.at = 0;
        let wanted = BLOCK.max(self.buffer.len());
        let got = (&mut self.source).take(wanted as u64).read_to_end(&mut self.buffer)?;
        self.taken += got as u64;
        self.ended = got < wanted;
        Ok(())
    }

    /// Writes rows until there are some, or the source is at its end.
    fn produce(&mut self) -> io::Result<()> {
        self.out.clear();
        self.out_at = 0;
        while self.out.len() < BLOCK && !self.done {
            match self.step() {
                Step::Done => {}
                Step::More if !self.ended && self.buffer.len() - self.at <= self.limit => {
                    self.fill()?;
                }
                Step::More if !self.ended => self.refuse("a record longer than 16 MiB"),
                Step::More => self.finish(),
                Step::Bad(why) => self.refuse(why),
            }
        }
        Ok(())
    }

    fn finish(&mut self) {
        let rest = json::blank(&self.buffer, self.at) < self.buffer.len();
        if rest {
            self.write_refused("the file ends inside a record: it was cut short");
        } else if !self.levels.is_empty() && !self.damaged {
            self.write_refused("the file ends before its list does: it was cut short");
        }
        self.done = true;
    }

    fn step(&mut self) -> Step {
        self.pass(json::blank(&self.buffer, self.at));
        match self.buffer.get(self.at).copied() {
            None => Step::More,
            Some(b',') => self.over(1),
            Some(b'[') if self.levels.len() < 8 => self.enter(Level::List, self.at + 1),
            Some(b']') if self.leave(Level::List) => self.over(1),
            Some(b'}') if self.leave(Level::Object) => self.over(1),
            Some(b'{') if self.levels.last() == Some(&Level::List) => {
                match json::value(&self.buffer, self.at) {
                    End::At(end) => self.record(end),
                    End::More => Step::More,
                    End::Bad(_) => Step::Bad("no valid JSON"),
                }
            }
            Some(b'{') => self.outer_object(),
            Some(b'"') if self.levels.last() == Some(&Level::Object) => self.wrapping_member(),
            Some(_) => Step::Bad("no valid JSON"),
        }
    }

    fn over(&mut self, bytes: usize) -> Step {
        self.at += bytes;
        Step::Done
    }

    fn enter(&mut self, level: Level, at: usize) -> Step {
        self.levels.push(level);
        self.pass(at);
        Step::Done
    }

    fn leave(&mut self, level: Level) -> bool {
        self.levels.pop_if(|last| *last == level).is_some()
    }

    /// An object outside of any list: a record, or what wraps a list of them.
    fn outer_object(&mut self) -> Step {
        let mut at = self.at + 1;
        loop {
            match json::member(&self.buffer, at) {
                Member::Name(name, start) => {
                    let next = self.buffer.get(start).copied().unwrap_or_default();
                    if json::holds_records(name, next) {
                        self.levels.push(Level::Object);
                        return self.go_to_list(start, next);
                    }
                    match json::value(&self.buffer, start) {
                        End::At(end) => at = end,
                        End::More => return Step::More,
                        End::Bad(_) => return Step::Bad("no valid JSON"),
                    }
                }
                Member::Close(end) => return self.record(end),
                Member::More => return Step::More,
                Member::Bad(_) => return Step::Bad("no valid JSON"),
            }
        }
    }

    /// Goes to a list of records, or to the object around it.
    fn go_to_list(&mut self, start: usize, next: u8) -> Step {
        if next == b'{' {
            return self.enter(Level::Object, start + 1);
        }
        self.pass(start);
        Step::Done
    }

    /// A member beside the list.
    fn wrapping_member(&mut self) -> Step {
        match json::member(&self.buffer, self.at) {
            Member::Name(name, start) => {
                let next = self.buffer.get(start).copied().unwrap_or_default();
                if json::holds_records(name, next) {
                    return self.go_to_list(start, next);
                }
                match json::value(&self.buffer, start) {
                    End::At(end) => {
                        self.pass(end);
                        Step::Done
                    }
                    End::More => Step::More,
                    End::Bad(_) => Step::Bad("no valid JSON"),
                }
            }
            Member::More => Step::More,
            Member::Close(_) | Member::Bad(_) => Step::Bad("no valid JSON"),
        }
    }

    /// Moves on, counting lines.
    fn pass(&mut self, to: usize) {
        let passed = self.buffer.get(self.at..to).unwrap_or_default();
        self.line += memchr_iter(b'\n', passed).count() as u64;
        self.at = to;
    }

    /// Writes the record that ends before `end`.
    fn record(&mut self, end: usize) -> Step {
        if !self.columns.read(&self.buffer[self.at..end]) {
            return Step::Bad("no valid JSON");
        }
        self.catch_up();
        self.columns.write(&mut self.out);
        self.out.push(b'\n');
        self.out_line += 1;
        self.pass(end);
        Step::Done
    }

    /// Blank lines, so that the next row stands on the line of its record.
    fn catch_up(&mut self) {
        let behind = self.line.saturating_sub(self.out_line);
        self.out.extend((0..behind).map(|_| b'\n'));
        self.out_line += behind;
    }

    fn write_refused(&mut self, why: &str) {
        self.catch_up();
        self.out.push(REFUSED);
        self.out.extend_from_slice(why.as_bytes());
        self.out.push(b'\n');
        self.out_line += 1;
        self.damaged = true;
    }

    /// Refuses what stands here, and goes on with the next line that begins with an object.
    fn refuse(&mut self, why: &'static str) {
        self.write_refused(why);
        loop {
            let rest = self.buffer.get(self.at..).unwrap_or_default();
            let Some(feed) = memchr(b'\n', rest) else {
                self.pass(self.buffer.len());
                if self.ended || self.fill().is_err() {
                    self.done = true;
                    return;
                }
                continue;
            };
            self.pass(self.at + feed + 1);
            let mut next = json::blank(&self.buffer, self.at);
            if self.buffer.get(next) == Some(&b',') {
                next = json::blank(&self.buffer, next + 1);
            }
            let line_ends = self.buffer[self.at..next].contains(&b'\n');
            if self.buffer.get(next) == Some(&b'{') && !line_ends {
                return;
            }
        }
    }
}

impl<R: Read> Read for JsonRows<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.out_at == self.out.len() {
            if self.done {
                return Ok(0);
            }
            self.produce()?;
        }
        let rest = self.out.get(self.out_at..).unwrap_or_default();
        let length = rest.len().min(out.len());
        out[..length].copy_from_slice(&rest[..length]);
        self.out_at += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(text: &str) -> String {
        let keys = ["id", "to", "n"].map(str::to_owned);
        let mut out = String::new();
        JsonRows::new(text.as_bytes(), &keys).read_to_string(&mut out).unwrap();
        out
    }

    #[test]
    fn records_of_every_wrapping() {
        let row = "\"a\",\"x;y\",\"1\"\n";
        let record = r#"{"ID":"a","to":["x","y"],"n":1,"more":{"z":[]}}"#;
        for text in [
            format!("[{record}]"),
            format!("{{\"@odata.count\":1,\"value\":[{record}],\"next\":null}}"),
            format!("{{\"d\":{{\"results\":[{record}]}}}}"),
            format!("{record}\n"),
            format!("{{\"time\":\"t\",\"properties\":{record}}}"),
        ] {
            assert_eq!(rows(&text), row, "{text}");
        }
    }

    #[test]
    fn lines_are_kept() {
        let text = "{\n \"value\": [\n  {\"id\": \"a\",\n   \"n\": null},\n  {\"id\": \"b\\\"\\n\"}\n ]\n}\n";
        assert_eq!(rows(text), "\n\n\"a\",,\n\n\"b\"\"\r\",,\n");
    }

    #[test]
    fn damage_costs_its_record() {
        let text = "{\"id\":\"a\"}\n{\"id\":\"b}\n{\"id\":\"c\"\n{\"id\":\"d\"}\n{\"id\":";
        let out = rows(text);
        let lines: Vec<&str> = out.lines().collect();
        assert_eq!((lines[0], lines[3]), ("\"a\",,", "\"d\",,"));
        for at in [1, 2, 4] {
            assert!(lines[at].starts_with('\u{1a}'), "{out}");
        }
        assert!(rows("[{\"id\":\"a\"},").contains("cut short"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]
        #[test]
        fn every_record_comes_out(ids in prop::collection::vec("[ -~äö\n\"\\\\]{0,12}", 0..20)) {
            let records: Vec<_> = ids.iter().map(|id| serde_json::json!({"id": id})).collect();
            let text = serde_json::to_string_pretty(&records).unwrap();
            let out = rows(&text);
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(out.as_bytes());
            let back: Vec<String> =
                reader.records().map(|r| r.unwrap().get(0).unwrap().to_owned()).collect();
            let sent: Vec<String> = ids.iter().map(|id| id.replace('\n', "\r")).collect();
            prop_assert_eq!(back, sent);
        }

        #[test]
        fn never_panics(text in "[\\[\\]{}\",:a1\\\\ \n]{0,80}") {
            rows(&text);
        }
    }
}
