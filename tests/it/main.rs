//! Integration tests: one binary, one module per subject.

// Functions that tests share are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)]

mod agreement;
mod architecture;
mod bounces;
mod cli_help;
mod compare;
mod containers;
mod corpus_view;
mod damage;
mod deferrals;
mod depth;
mod events;
mod explain;
mod facts;
mod fuzz;
mod golden;
mod guides;
mod harness;
mod headers;
mod headers_page;
mod inspect;
mod mixed;
mod namings;
mod observations;
mod oracle;
mod query;
mod readme;
mod redact;
mod replies;
mod stamps;
mod tables;
mod tidy;
mod traffic;
mod trust;
mod variants;
mod ways;
mod window;
