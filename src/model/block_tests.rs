use super::*;

fn sample() -> Block {
    let mut builder = BlockBuilder::default();
    for n in 0..700u32 {
        let sender = format!("user{}@contoso.com", n % 90);
        let extra = (n % 100 == 7).then(|| {
            Extra::Bounce(Box::new(BounceRecipient {
                status: "5.1.1".into(),
                ..Default::default()
            }))
        });
        let row = Row {
            key: u128::from(n) << 64,
            time: i64::from(n),
            line: n,
            status: Status::Failed as u8,
            sender: &sender,
            recipient: "a@fabrikam.example",
            ..Row::default()
        };
        builder.push(&row, extra);
    }
    builder.seal()
}

#[test]
fn rows_read_back_and_texts_are_shared() {
    let block = sample();
    assert_eq!(block.len(), 700);
    assert_eq!(block.texts(), 1 + 90 + 1);
    assert_eq!(block.row(95).sender, "user5@contoso.com");
    assert!(matches!(block.extra(107), Some(Extra::Bounce(b)) if b.status == "5.1.1"));
    assert!(block.extra(108).is_none());
}

#[test]
fn disk_round_trip() {
    let block = sample();
    let mut file = Vec::new();
    block.write_to(&mut file).unwrap();
    Block::default().write_to(&mut file).unwrap();
    let mut reader = file.as_slice();
    assert_eq!(Block::read_from(&mut reader).unwrap().as_ref(), Some(&block));
    assert_eq!(Block::read_from(&mut reader).unwrap(), Some(Block::default()));
    assert_eq!(Block::read_from(&mut reader).unwrap(), None);
}

#[test]
fn message_ids_join_whatever_their_brackets() {
    assert_eq!(message_id_hash(b"<a@b>"), message_id_hash(b" a@b "));
    assert_eq!(message_id_hash(b"<>"), 0);
    assert_ne!(message_id_hash(b"a@b"), message_id_hash(b"A@b"));
}
