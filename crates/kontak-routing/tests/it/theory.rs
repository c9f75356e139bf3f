//! Closed forms against values that were computed elsewhere, and the engine against closed forms.

use kontak_routing::theory::{ErlangA, ErlangC, erlang_b, erlang_c};

fn near(found: f64, expected: f64, digits: i32) {
    assert!((found - expected).abs() < 0.6 * 10_f64.powi(-digits), "{found} is not {expected}");
}

#[test]
fn erlang_b_and_c_are_those_of_the_tables() {
    near(erlang_b(2, 1.0), 0.2, 12);
    near(erlang_b(5, 3.0), 0.110_054_347_826_086_96, 12);
    near(erlang_b(10, 10.0), 0.214_582_343_107_347_36, 12);
    near(erlang_b(20, 15.0), 0.045_593_215_589_811_84, 12);
    near(erlang_b(100, 90.0), 0.026_957_380_464_359_214, 12);
    near(erlang_c(2, 1.0), 1.0 / 3.0, 12);
    near(erlang_c(5, 4.0), 0.554_112_554_1, 10);
    near(erlang_c(10, 8.0), 0.409_180_150_8, 10);
    near(erlang_c(20, 18.0), 0.550_769_004_8, 10);
    near(erlang_c(50, 45.0), 0.363_864_467_2, 10);
    near(erlang_c(100, 95.0), 0.506_456_853_9, 10);
}

#[test]
fn m_m_n_is_that_of_pyworkforce() {
    let of =
        |agents, per_hour: f64, service| ErlangC { agents, arrivals: per_hour / 3_600.0, service };
    for (queue, waits, level, mean) in [
        (of(14, 200.0, 180.0), 0.174_131_933_6, 0.888_350_019_2, 7.835_937),
        (of(12, 200.0, 180.0), 0.449_388_224_3, 0.640_158_040_4, 40.444_940),
        (of(24, 240.0, 300.0), 0.298_072_299_8, 0.771_697_978_7, 22.355_422),
        (of(72, 1_000.0, 240.0), 0.414_489_193_3, 0.734_237_658_0, 18.652_014),
        (of(15, 84.0, 600.0), 0.722_319, 0.301_362, 433.391_1),
        (of(90, 504.0, 600.0), 0.411_957, 0.662_718, 41.195_7),
    ] {
        let digits = if queue.service == 600.0 { 4 } else { 6 };
        near(queue.waits(), waits, digits.max(6));
        near(queue.service_level(20.0), level, digits.max(6));
        near(queue.mean_wait(), mean, digits);
    }
}

#[test]
fn erlang_a_is_that_of_its_chain() {
    for (agents, per_minute, theta, waits, level, mean, abandons) in [
        (50, 50.0, 0.5, 0.601_167_65, 0.900_075_73, 5.602_15, 0.046_684_59),
        (50, 50.0, 1.0, 0.518_808_32, 0.933_872_67, 3.379_50, 0.056_325_01),
        (50, 50.0, 2.0, 0.436_659_97, 0.933_388_33, 1.978_22, 0.065_940_73),
        (50, 48.0, 0.5, 0.467_774_07, 0.943_018_95, 3.709_47, 0.030_912_25),
        (10, 10.0, 1.0, 0.542_070_29, 0.764_220_39, 7.506_60, 0.125_110_04),
        (100, 95.0, 0.5, 0.364_474_46, 0.982_890_44, 1.816_93, 0.015_141_04),
    ] {
        let queue = ErlangA::new(agents, per_minute / 60.0, 60.0, 60.0 / theta);
        near(queue.waits(), waits, 7);
        near(queue.service_level(20.0), level, 7);
        near(queue.mean_wait(), mean, 5);
        near(queue.abandons(), abandons, 7);
        near(queue.occupancy(), per_minute * (1.0 - abandons) / f64::from(agents), 7);
    }
}

#[test]
fn classes_wait_as_cobham_and_kleinrock_say() {
    let queue = ErlangC { agents: 14, arrivals: 200.0 / 3_600.0, service: 180.0 };
    let strict = queue.priority_waits(&[0.5, 0.5]);
    near(strict[0], 3.482_6, 4);
    near(strict[1], 12.189_2, 4);
    let (fast, slow) = queue.ageing_waits(0.5, 4.0);
    near(fast, 4.969_1, 4);
    near(slow, 10.702_7, 4);
    let (fast, slow) = queue.ageing_waits(0.5, 2.0);
    near(fast, 6.132_5, 4);
    near(slow, 9.539_4, 4);
}
