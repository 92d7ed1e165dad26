//! How the JSON is laid out: ASCII, indented, rows on one line.

use crate::render::safety;
use std::io::{self, Write};

/// Two spaces of indent, ASCII strings, and an array inside an array on one line (rows of a
/// table, pairs of a list), so that the file can be read and compared by line.
#[derive(Default)]
pub(super) struct Layout {
    /// Open containers, outermost first: true for an array.
    open: Vec<bool>,
    /// Open containers from which on everything stands on one line.
    inline: usize,
    filled: bool,
}

impl Layout {
    fn begin<W: Write + ?Sized>(&mut self, out: &mut W, array: bool) -> io::Result<()> {
        if self.inline > 0 || (array && self.open.last() == Some(&true)) {
            self.inline += 1;
        }
        self.open.push(array);
        self.filled = false;
        out.write_all(if array { b"[" } else { b"{" })
    }

    fn end<W: Write + ?Sized>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.open.pop();
        if self.inline > 0 {
            self.inline -= 1;
        } else if self.filled {
            self.line(out)?;
        }
        self.filled = true;
        out.write_all(bracket)
    }

    fn item<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        if !first {
            out.write_all(b",")?;
        }
        if self.inline == 0 {
            self.line(out)
        } else if first {
            Ok(())
        } else {
            out.write_all(b" ")
        }
    }

    fn line<W: Write + ?Sized>(&self, out: &mut W) -> io::Result<()> {
        out.write_all(b"\n")?;
        self.open.iter().try_for_each(|_| out.write_all(b"  "))
    }
}

impl serde_json::ser::Formatter for Layout {
    fn write_string_fragment<W: Write + ?Sized>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        safety::json_fragment(out, fragment)
    }

    fn begin_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, true)
    }

    fn end_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"]")
    }

    fn begin_array_value<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.item(out, first)
    }

    fn end_array_value<W: Write + ?Sized>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn begin_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, false)
    }

    fn end_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"}")
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.item(out, first)
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    fn end_object_value<W: Write + ?Sized>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }
}
