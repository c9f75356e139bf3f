//! Two tenants with the same customers: nothing of one is in the other.

use crate::history::{Act, Player, SETTINGS, acts};
use crate::world::World;
use proptest::prelude::*;

fn shop(number: u8) -> Player {
    let world = World::numbered(SETTINGS, [number; 16], u128::from(number) << 64);
    Player::new(world, ["", "mangga", "durian"][usize::from(number)])
}

fn told(player: &mut Player) -> (String, String) {
    let records = player.world.work.records.iter().map(|kept| &kept.record);
    let records = serde_json::to_string(&records.collect::<Vec<_>>()).unwrap();
    let snapshot = serde_json::to_string(&player.world.tenant.snapshot()).unwrap();
    (records, snapshot)
}

fn alone(number: u8, acts: &[Act]) -> (String, String) {
    let mut player = shop(number);
    acts.iter().for_each(|act| player.play(act));
    told(&mut player)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn tenants_know_nothing_of_each_other(one in acts(40), other in acts(40)) {
        let (mut mango, mut durian) = (shop(1), shop(2));
        let longest = one.len().max(other.len());
        for place in 0..longest {
            one.get(place).into_iter().for_each(|act| mango.play(act));
            other.get(place).into_iter().for_each(|act| durian.play(act));
        }
        let (mango, durian) = (told(&mut mango), told(&mut durian));
        prop_assert!(!mango.0.contains("durian") && !mango.1.contains("durian"));
        prop_assert!(!durian.0.contains("mangga") && !durian.1.contains("mangga"));
        prop_assert!(mango == alone(1, &one));
        prop_assert!(durian == alone(2, &other));
    }
}
