use std::collections::VecDeque;
use std::f64::consts::TAU;

/// Where a node stands, in the lengths of a link.
pub(super) type Point = [f64; 2];

const ROUNDS: usize = 300;

/// Places the nodes so that their distances are those along the links, as well as the plane
/// allows: stress majorization (Gansner, Koren and North, 2004), from a fixed start, so the same
/// graph is drawn the same.
pub(super) fn layout(nodes: usize, links: &[(usize, usize)]) -> Vec<Point> {
    let wanted = distances(nodes, links);
    let mut places: Vec<Point> = (0..nodes).map(|node| start(node, nodes)).collect();
    for _ in 0..ROUNDS {
        for node in 0..nodes {
            let (mut sum, mut weights) = ([0.0, 0.0], 0.0);
            for other in (0..nodes).filter(|other| *other != node) {
                let wanted = wanted[node][other];
                let weight = wanted.powi(-2);
                let apart = [0, 1].map(|axis| places[node][axis] - places[other][axis]);
                let now = apart[0].hypot(apart[1]).max(1e-9);
                for axis in [0, 1] {
                    sum[axis] += weight * (places[other][axis] + wanted * apart[axis] / now);
                }
                weights += weight;
            }
            if weights > 0.0 {
                places[node] = sum.map(|sum| sum / weights);
            }
        }
    }
    lie_down(&mut places);
    places
}

/// Moves boxes of `size` around the places apart until none overlap.
pub(super) fn spread(places: &mut [Point], size: Point) {
    for _ in 0..ROUNDS {
        let mut moved = false;
        for a in 0..places.len() {
            for b in a + 1..places.len() {
                let apart = [0, 1].map(|axis| places[b][axis] - places[a][axis]);
                let over = [0, 1].map(|axis| size[axis] - apart[axis].abs());
                if over[0] <= 0.0 || over[1] <= 0.0 {
                    continue;
                }
                moved = true;
                // Along the axis where the shorter way leads out.
                let axis = usize::from(over[1] / size[1] < over[0] / size[0]);
                let step = (over[axis] / 2.0 + 0.5).copysign(apart[axis]);
                places[a][axis] -= step;
                places[b][axis] += step;
            }
        }
        if !moved {
            break;
        }
    }
}

/// How many boxes of `size` around the places overlap another.
pub(super) fn overlaps(places: &[Point], size: Point) -> usize {
    let close = |a: &Point, b: &Point| (0..2).all(|axis| (a[axis] - b[axis]).abs() < size[axis]);
    (0..places.len()).map(|a| places[..a].iter().filter(|b| close(&places[a], b)).count()).sum()
}

/// On a circle; a little inwards one by one, so that no two forces cancel out.
fn start(node: usize, nodes: usize) -> Point {
    let share = node as f64 / nodes as f64;
    let radius = (nodes as f64).sqrt() * (1.0 - 0.3 * share);
    [radius * (TAU * share).cos(), radius * (TAU * share).sin()]
}

/// The number of links between every two nodes.
fn distances(nodes: usize, links: &[(usize, usize)]) -> Vec<Vec<f64>> {
    let mut near = vec![Vec::new(); nodes];
    for &(a, b) in links {
        near[a].push(b);
        near[b].push(a);
    }
    // Parts without a link between them stand side by side.
    let far = 2.0 + (nodes as f64).sqrt();
    (0..nodes)
        .map(|from| {
            let mut steps = vec![far; nodes];
            let mut seen = vec![false; nodes];
            seen[from] = true;
            let mut queue = VecDeque::from([(from, 0.0)]);
            while let Some((node, step)) = queue.pop_front() {
                steps[node] = step;
                for &next in
                    near[node].iter().filter(|next| !std::mem::replace(&mut seen[**next], true))
                {
                    queue.push_back((next, step + 1.0));
                }
            }
            steps
        })
        .collect()
}

/// Turns the drawing so that its long side lies: pages are wide.
fn lie_down(places: &mut [Point]) {
    let count = places.len().max(1) as f64;
    let mean = [0, 1].map(|axis| places.iter().map(|place| place[axis]).sum::<f64>() / count);
    let [mut xx, mut xy, mut yy] = [0.0; 3];
    for place in places.iter() {
        let [x, y] = [place[0] - mean[0], place[1] - mean[1]];
        xx += x * x;
        xy += x * y;
        yy += y * y;
    }
    let (sin, cos) = (0.5 * (2.0 * xy).atan2(xx - yy)).sin_cos();
    for place in places {
        let [x, y] = [place[0] - mean[0], place[1] - mean[1]];
        *place = [cos * x + sin * y, cos * y - sin * x];
    }
}
