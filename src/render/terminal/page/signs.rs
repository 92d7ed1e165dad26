//! Signs of a page, and what stands for them where only ASCII is read.

/// Signs that have an ASCII stand-in.
#[derive(Clone, Copy, Debug)]
pub(in crate::render) struct Signs {
    pub(in crate::render) ellipsis: &'static str,
    pub(in crate::render) dot: &'static str,
    pub(in crate::render) bad: &'static str,
    pub(in crate::render) good: &'static str,
    pub(in crate::render) zero: char,
    pub(in crate::render) bars: [char; 8],
}

pub(super) const UNICODE: Signs = Signs {
    ellipsis: "…",
    dot: " · ",
    bad: "✖",
    good: "✔",
    zero: '·',
    bars: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
};

pub(super) const ASCII: Signs = Signs {
    ellipsis: "...",
    dot: " | ",
    bad: "X",
    good: "OK",
    zero: '.',
    bars: [':', '-', '=', '+', '*', '%', '#', '@'],
};
