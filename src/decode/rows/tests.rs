//! Records to rows, grain by grain.
