//! Blocks in temporary files: a private form, read by the process that wrote it.

use super::{Block, Details, Interner, Packed, Sayings};
use std::sync::Arc;

impl Block {
    /// Writes the block in a private, same-process form (spill files).
    pub fn write_to(&self, out: &mut impl std::io::Write) -> std::io::Result<()> {
        let extras = postcard::to_stdvec(&self.extras).map_err(std::io::Error::other)?;
        let rows = bytemuck::cast_slice(&self.rows);
        let ends = bytemuck::cast_slice(&self.ends);
        let (details, detail_ends) = self.details.as_bytes();
        let (told, told_ends) = self.told.as_bytes();
        let texts = self.bytes.as_bytes();
        let domains = bytemuck::cast_slice(&self.domains);
        self.names.write_to(out)?;
        for bytes in [rows, ends, texts, domains, &extras, details, detail_ends, told, told_ends] {
            write_bytes(bytes, out)?;
        }
        Ok(())
    }

    /// Reads what [`Block::write_to`] wrote; `None` at the end of the stream.
    pub fn read_from(input: &mut impl std::io::BufRead) -> std::io::Result<Option<Self>> {
        if input.fill_buf()?.is_empty() {
            return Ok(None);
        }
        let names = Arc::new(Interner::read_from(input)?);
        let mut rows: Vec<Packed> = vec![[0; 8]; length(input)? / size_of::<Packed>()];
        input.read_exact(bytemuck::cast_slice_mut(&mut rows))?;
        let ends = read_ends(input)?;
        let bytes = String::from_utf8(read_bytes(input)?).map_err(std::io::Error::other)?;
        let domains = read_ends(input)?;
        let extras = postcard::from_bytes(&read_bytes(input)?).map_err(std::io::Error::other)?;
        let details = Details::from_parts(read_bytes(input)?, read_ends(input)?);
        let told = Sayings::from_parts(read_bytes(input)?, read_ends(input)?);
        Ok(Some(Self { rows, ends, bytes, domains, names, extras, details, told }))
    }
}

impl Interner {
    /// As [`Block::write_to`].
    pub fn write_to(&self, out: &mut impl std::io::Write) -> std::io::Result<()> {
        let (bytes, ends) = self.as_parts();
        write_bytes(bytes.as_bytes(), out)?;
        write_bytes(bytemuck::cast_slice(ends), out)
    }

    /// Reads what [`Interner::write_to`] wrote.
    pub fn read_from(input: &mut impl std::io::Read) -> std::io::Result<Self> {
        let bytes = String::from_utf8(read_bytes(input)?).map_err(std::io::Error::other)?;
        Ok(Self::from_parts(bytes, read_ends(input)?))
    }
}

fn write_bytes(bytes: &[u8], out: &mut impl std::io::Write) -> std::io::Result<()> {
    out.write_all(&(bytes.len() as u64).to_le_bytes())?;
    out.write_all(bytes)
}

fn read_bytes(input: &mut impl std::io::Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = vec![0; length(input)?];
    input.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn read_ends(input: &mut impl std::io::Read) -> std::io::Result<Vec<u32>> {
    let mut ends = vec![0u32; length(input)? / size_of::<u32>()];
    input.read_exact(bytemuck::cast_slice_mut(&mut ends))?;
    Ok(ends)
}

fn length(input: &mut impl std::io::Read) -> std::io::Result<usize> {
    let mut bytes = [0u8; 8];
    input.read_exact(&mut bytes)?;
    usize::try_from(u64::from_le_bytes(bytes)).map_err(std::io::Error::other)
}
