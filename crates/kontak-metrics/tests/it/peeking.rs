//! Alarms that are looked at after every single value.

use kontak_metrics::{Alarm, AlarmChange};

/// SplitMix64, so that the streams are the same everywhere.
struct Random(u64);

impl Random {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// How many of a thousand windows of 2,000 values raise the alarm at any look, and after how many values.
fn raised(share: f64) -> (u32, u64) {
    let (mut raised, mut looks) = (0, 0);
    for window in 0..1_000 {
        let mut random = Random(window);
        let mut alarm = Alarm::new(0.80, 0.02, 30);
        let mut successes = 0;
        for of in 1..=2_000 {
            successes += u64::from(random.unit() < share);
            if alarm.look(successes, of) == Some(AlarmChange::Raised) {
                raised += 1;
                looks += of;
                break;
            }
        }
    }
    (raised, looks / u64::from(raised.max(1)))
}

#[test]
fn it_does_not_cry_wolf_and_sees_the_wolf() {
    let (wrongly, _) = raised(0.80);
    assert!(wrongly <= 50, "{wrongly} of 1,000 windows at the goal");
    let (rightly, after) = raised(0.65);
    assert_eq!(rightly, 1_000);
    assert!(after < 400, "seen after {after} values");
}

#[test]
fn an_alarm_goes_off_only_well_above_its_goal() {
    let mut alarm = Alarm::new(0.80, 0.02, 50);
    assert_eq!(alarm.look(90, 160), Some(AlarmChange::Raised));
    assert_eq!(alarm.look(810, 1_000), None, "above the goal, within the margin");
    assert!(alarm.is_raised());
    assert_eq!(alarm.look(830, 1_000), Some(AlarmChange::Cleared));
    assert_eq!(alarm.look(790, 1_000), None, "not surely below");
}
