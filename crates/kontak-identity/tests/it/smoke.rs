use kontak_identity::{Assertion, IdentityGraph, Policy, Position, RecordHandle, TenantKey};
use kontak_types::{ChannelKind, TouchpointId, uuid::Uuid};

#[test]
fn merge_and_unmerge() {
    let mut g = IdentityGraph::new(TenantKey::new([7; 16]), Policy::default()).unwrap();
    let t: Vec<_> = (0..6_u128)
        .map(|i| {
            g.touchpoint_in(
                TouchpointId::new(Uuid::from_u128(i + 1)),
                (&ChannelKind::Store, "", &i.to_string()),
                Default::default(),
            )
            .unwrap()
            .unwrap()
        })
        .collect();
    let s = g.source("crm").unwrap();
    let v: Vec<_> = (0..4).map(|i| g.email(&format!("a{i}@b.id")).unwrap()).collect();
    for (n, (a, b)) in [(0, 0), (1, 0), (1, 1), (2, 1), (3, 2), (4, 2)].into_iter().enumerate() {
        g.assert(&[Assertion::new(
            t[a],
            v[b],
            s,
            RecordHandle::number(n as u64).unwrap(),
            Default::default(),
        )])
        .unwrap();
    }
    assert_eq!(g.settle().customer_count(), 3);
    let id = g.settle().evidence(t[1])[0].id;
    g.retract(&[kontak_identity::Retraction::new(id, 0)]);
    let view = g.settle();
    assert_eq!(view.customer_count(), 4);
    assert_eq!(view.customer_of(t[2]).unwrap().members(), vec![t[1], t[2]]);
    for (p, c) in g.changes(Position::default()) {
        println!("{p:?} {c:?}");
    }
}
