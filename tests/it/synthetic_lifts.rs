//! Lifts by the script: what the synthetic lifter does, with every angle and every time known because it was written down.

use formcheck::units::Angle;

/// Angles of the figure, degrees; forward is positive. Inclinations are from vertical, arms from hanging straight down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose {
    /// Ankle to knee.
    pub shank: f64,
    /// Knee to hip (negative: the hip is behind the knee).
    pub thigh: f64,
    /// Hip to shoulder.
    pub trunk: f64,
    /// Lumbar flexion, from standing.
    pub lumbar: f64,
    /// Thoracic flexion, from standing.
    pub thoracic: f64,
    /// Shoulder to elbow.
    pub upper_arm: f64,
    /// Elbow to wrist.
    pub forearm: f64,
    /// How far the feet have gone, metres.
    pub along_m: f64,
}

impl Pose {
    /// Standing with empty hands.
    pub const STANDING: Pose = Pose {
        shank: 3.0,
        thigh: -3.0,
        trunk: 2.0,
        lumbar: 0.0,
        thoracic: 0.0,
        upper_arm: -2.0,
        forearm: 22.0,
        along_m: 0.0,
    };

    const fn bent(shank: f64, thigh: f64, trunk: f64) -> Pose {
        Pose {
            shank,
            thigh,
            trunk,
            ..Pose::STANDING
        }
    }

    /// With a rounded (or arched) back.
    pub fn rounded(self, lumbar: f64, thoracic: f64) -> Pose {
        Pose {
            lumbar,
            thoracic,
            ..self
        }
    }

    fn arms(self, upper_arm: f64, forearm: f64) -> Pose {
        Pose {
            upper_arm,
            forearm,
            ..self
        }
    }

    /// Bar on the back: elbows down, wrists at the shoulders.
    fn bar_on_back(self) -> Pose {
        self.arms(40.0 - self.trunk, 170.0 - self.trunk)
    }

    fn bar_in_hands(self) -> Pose {
        self.arms(4.0, 4.0)
    }

    /// Thigh against trunk.
    pub fn hip_flexion(&self) -> f64 {
        self.trunk - self.thigh
    }

    /// Shank against thigh.
    pub fn knee_flexion(&self) -> f64 {
        self.shank - self.thigh
    }

    fn towards(&self, to: &Pose, share: f64) -> Pose {
        let mix = |a: f64, b: f64| a + (b - a) * share;
        Pose {
            shank: mix(self.shank, to.shank),
            thigh: mix(self.thigh, to.thigh),
            trunk: mix(self.trunk, to.trunk),
            lumbar: mix(self.lumbar, to.lumbar),
            thoracic: mix(self.thoracic, to.thoracic),
            upper_arm: mix(self.upper_arm, to.upper_arm),
            forearm: mix(self.forearm, to.forearm),
            along_m: mix(self.along_m, to.along_m),
        }
    }
}

/// Squat bottom, thighs a little below horizontal.
pub const SQUAT: Pose = Pose::bent(30.0, -92.0, 42.0);
const FLOOR: Pose = Pose::bent(12.0, -64.0, 68.0);
const RDL: Pose = Pose::bent(0.0, -22.0, 74.0);
const GOOD_MORNING: Pose = Pose::bent(2.0, -20.0, 66.0);
const LOCKOUT: Pose = Pose::bent(1.0, -1.0, 0.0);

/// Seconds down, up, in a pull, and at rest between reps.
const DOWN_S: f64 = 1.3;
const UP_S: f64 = 1.1;
const REST_S: f64 = 0.9;
/// Standing before and after the set.
const STAND_S: f64 = 1.5;

/// One rep as it was written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrueRep {
    /// As in the report: descent begins, or the bar leaves the floor.
    pub start_s: f64,
    /// Bottom, or lockout.
    pub turn_s: f64,
    /// Standing again, or the bar is down.
    pub end_s: f64,
}

#[derive(Clone, Copy, Debug)]
struct Step {
    lasts_s: f64,
    to: Pose,
    way: Way,
}

/// How a movement runs. Sinking by the angles' cosine begins slowly; lifters go down, and come up, at an even pace.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// All angles at an even pace.
    Even,
    /// From standing, height at an even pace.
    Down,
    /// The same with a bar that lands at full speed.
    PutDown,
    /// To standing, height at an even pace.
    Up,
}

/// What the lifter does: from pose to pose, each in its time.
#[derive(Clone, Debug)]
pub struct Script {
    start: Pose,
    steps: Vec<Step>,
    /// The reps in it.
    pub reps: Vec<TrueRep>,
}

impl Script {
    fn new(start: Pose) -> Self {
        Script {
            start,
            steps: Vec::new(),
            reps: Vec::new(),
        }
    }

    fn now(&self) -> Pose {
        self.steps.last().map_or(self.start, |s| s.to)
    }

    /// Stands still in the last pose.
    fn hold(self, lasts_s: f64) -> Self {
        let pose = self.now();
        self.to(pose, lasts_s)
    }

    fn to(self, to: Pose, lasts_s: f64) -> Self {
        self.moving(to, lasts_s, Way::Even)
    }

    fn moving(mut self, to: Pose, lasts_s: f64, way: Way) -> Self {
        self.steps.push(Step { lasts_s, to, way });
        self
    }

    /// The rep that has just been done.
    fn counted(mut self, start_s: f64, turn_s: f64) -> Self {
        let end_s = self.length_s();
        self.reps.push(TrueRep {
            start_s,
            turn_s,
            end_s,
        });
        self
    }

    /// Seconds from the first to the last pose.
    pub fn length_s(&self) -> f64 {
        self.steps.iter().map(|s| s.lasts_s).sum()
    }

    /// The pose at a time; before the first and after the last, those.
    pub fn at(&self, time_s: f64) -> Pose {
        let (mut from, mut begun) = (self.start, 0.0);
        for Step { lasts_s, to, way } in &self.steps {
            if time_s < begun + lasts_s {
                let u = (time_s - begun) / lasts_s;
                let share = match way {
                    Way::Even => eased(u),
                    Way::Down => sunk(eased(u)),
                    Way::PutDown => sunk(landing(u)),
                    Way::Up => 1.0 - sunk(1.0 - eased(u)),
                };
                return from.towards(to, share);
            }
            (from, begun) = (*to, begun + lasts_s);
        }
        from
    }

    /// One rep down to `bottom`, a pause of `pause_s`, and up to where it began.
    fn down_and_up(self, bottom: Pose, pause_s: f64) -> Self {
        let (top, start_s) = (self.now(), self.length_s());
        let turn_s = start_s + DOWN_S + 0.5 * pause_s;
        self.moving(bottom, DOWN_S, Way::Down)
            .hold(pause_s)
            .moving(top, UP_S, Way::Up)
            .counted(start_s, turn_s)
            .hold(REST_S)
    }

    /// One pull from the floor, and back down.
    fn pull(self, floor: Pose) -> Self {
        let set_up = self.to(floor, 0.6).hold(0.4);
        let start_s = set_up.length_s();
        let up = set_up.moving(LOCKOUT.bar_in_hands(), UP_S, Way::Up);
        let turn_s = up.length_s();
        up.hold(0.6)
            .moving(floor, DOWN_S, Way::PutDown)
            .counted(start_s, turn_s)
            .hold(0.3)
    }
}

/// Share of the angles when `share` of the height is lost, for a thigh that ends level.
fn sunk(share: f64) -> f64 {
    (share * (2.0 - share)).sqrt().atan2(1.0 - share) / std::f64::consts::FRAC_PI_2
}

/// Share of a movement that is spent speeding up.
const RAMP: f64 = 0.12;

/// Speeds up at first, then falls evenly.
fn landing(u: f64) -> f64 {
    let fastest = 1.0 / (1.0 - 0.5 * RAMP);
    if u < RAMP {
        0.5 * fastest * u * u / RAMP
    } else {
        fastest * (u - 0.5 * RAMP)
    }
}

/// Speeds up at first, slows down at last, so that the moments it begins and ends are plain to see.
fn eased(u: f64) -> f64 {
    let fastest = 1.0 / (1.0 - RAMP);
    if u < RAMP {
        0.5 * fastest * u * u / RAMP
    } else if u > 1.0 - RAMP {
        1.0 - 0.5 * fastest * (1.0 - u) * (1.0 - u) / RAMP
    } else {
        fastest * (u - 0.5 * RAMP)
    }
}

/// Squats with the bar on the back, one for each lumbar flexion at the bottom, held there for `pause_s`.
pub fn squats(lumbar: &[f64], pause_s: f64) -> Script {
    around(SQUAT, lumbar, pause_s)
}

impl Pose {
    /// Drop of the hips below standing, thigh lengths, for the synthetic lifter's shank of 0.42 m and thigh of 0.43 m.
    pub fn hip_drop(&self) -> f64 {
        let cos = |deg: f64| Angle::from_degrees(deg).radians().cos();
        let height = |p: &Pose| 0.42 * cos(p.shank) + 0.43 * cos(p.thigh);
        (height(&Pose::STANDING) - height(self)) / 0.43
    }
}

/// Bottom of sitting down: thighs level, trunk leant forward to keep the balance.
const SEATED: Pose = Pose::bent(14.0, -86.0, 44.0);

/// Sits down on a seat and stands up again, once for each lumbar flexion on the seat: the trunk rocks back and leans forward
/// while the hips rest, arms held out.
pub fn sits(lumbar: &[f64]) -> Script {
    sits_with_arms(lumbar, (60.0, 80.0))
}

/// As [`sits`], with these angles of upper arm and forearm from hanging straight down.
pub fn sits_with_arms(lumbar: &[f64], (upper_arm, forearm): (f64, f64)) -> Script {
    let standing = Script::new(Pose::STANDING).hold(STAND_S);
    let rep = |done: Script, &l: &f64| {
        let (top, start_s) = (done.now(), done.length_s());
        let contact = SEATED.rounded(l, 0.0).arms(upper_arm, forearm);
        let upright = Pose {
            trunk: 12.0,
            ..contact
        };
        let down = done.moving(contact, DOWN_S, Way::Down);
        let turn_s = down.length_s();
        down.to(upright, 0.5)
            .hold(0.4)
            .to(contact, 0.5)
            .moving(top, UP_S, Way::Up)
            .counted(start_s, turn_s)
            .hold(REST_S)
    };
    lumbar.iter().fold(standing, rep).hold(STAND_S - REST_S)
}

/// Squats whose lower back stays at standing down to the hip drop `onset`, then rounds evenly to `lumbar` at the bottom.
pub fn squats_that_round_from(onset: f64, lumbar: &[f64]) -> Script {
    let top = Pose::STANDING.bar_on_back();
    let bottom = SQUAT.bar_on_back();
    let share = (0..=1000).map(|k| f64::from(k) / 1000.0);
    let edge = share
        .map(|s| top.towards(&bottom, s))
        .find(|p| p.hip_drop() >= onset)
        .unwrap_or(bottom);
    let standing = Script::new(top).hold(STAND_S);
    let rep = |done: Script, &l: &f64| {
        let start_s = done.length_s();
        let down = done.to(edge, 0.9).to(bottom.rounded(l, 0.0), 0.6);
        let turn_s = down.length_s() + 0.05;
        down.hold(0.1)
            .to(edge, 0.5)
            .to(top, 0.8)
            .counted(start_s, turn_s)
            .hold(REST_S)
    };
    lumbar.iter().fold(standing, rep).hold(STAND_S - REST_S)
}

/// Squats with a dumbbell at the chest, which sinks in front of the leaning trunk.
pub fn goblet_squats(lumbar: &[f64]) -> Script {
    let standing = Script::new(Pose::STANDING.arms(10.0, 130.0)).hold(STAND_S);
    let bottom = SQUAT.arms(5.0, 45.0);
    let rep = |done: Script, &l: &f64| done.down_and_up(bottom.rounded(l, 0.0), 0.1);
    lumbar.iter().fold(standing, rep).hold(STAND_S - REST_S)
}

/// Good mornings, one for each lumbar flexion at the bottom.
pub fn good_mornings(lumbar: &[f64]) -> Script {
    around(GOOD_MORNING, lumbar, 0.1)
}

fn around(bottom: Pose, lumbar: &[f64], pause_s: f64) -> Script {
    let standing = Script::new(Pose::STANDING.bar_on_back()).hold(STAND_S);
    let rep =
        |done: Script, &l: &f64| done.down_and_up(bottom.rounded(l, 0.0).bar_on_back(), pause_s);
    lumbar.iter().fold(standing, rep).hold(STAND_S - REST_S)
}

/// RDLs from standing, bar in the hands.
pub fn rdls(lumbar: &[f64]) -> Script {
    let standing = Script::new(LOCKOUT.bar_in_hands()).hold(STAND_S);
    let rep = |done: Script, &l: &f64| done.down_and_up(RDL.rounded(l, 0.0).bar_in_hands(), 0.1);
    lumbar.iter().fold(standing, rep).hold(STAND_S - REST_S)
}

/// Stands, bends down to the bar, pulls once for each lumbar flexion at the floor, puts it down and stands up without it.
pub fn deadlifts(lumbar: &[f64]) -> Script {
    deadlifts_until_put_down(lumbar)
        .moving(Pose::STANDING, 1.0, Way::Up)
        .hold(STAND_S)
}

fn deadlifts_until_put_down(lumbar: &[f64]) -> Script {
    let floor = |l: f64| FLOOR.rounded(l, 0.3 * l).bar_in_hands();
    let set_up = Script::new(Pose::STANDING)
        .hold(STAND_S)
        .moving(floor(lumbar[0]), 1.4, Way::Down)
        .hold(0.2);
    lumbar.iter().fold(set_up, |done, &l| done.pull(floor(l)))
}

/// Deadlifts filmed from the lockout of an earlier pull: no standing, and the clip ends at the last lockout.
pub fn deadlifts_cut_at_lockout(lumbar: &[f64]) -> Script {
    let mut all = deadlifts_until_put_down(lumbar);
    // the last hold on the floor, and the way down to it
    all.steps.truncate(all.steps.len() - 2);
    let end_s = all.length_s();
    if let Some(last) = all.reps.last_mut() {
        last.end_s = end_s;
    }
    all
}

/// The clip begins at the bottom of the first squat.
pub fn squats_from_the_bottom(lumbar: &[f64]) -> Script {
    let top = Pose::STANDING.bar_on_back();
    let first = Script::new(SQUAT.rounded(lumbar[0], 0.0).bar_on_back())
        .hold(0.4)
        .moving(top, UP_S, Way::Up)
        .counted(0.0, 0.2);
    let rep = |done: Script, &l: &f64| done.down_and_up(SQUAT.rounded(l, 0.0).bar_on_back(), 0.1);
    lumbar[1..].iter().fold(first.hold(REST_S), rep).hold(0.6)
}

/// Only the upper back rounds.
pub fn squats_with_a_round_upper_back(thoracic: f64) -> Script {
    let standing = Script::new(Pose::STANDING.bar_on_back()).hold(STAND_S);
    let bottom = SQUAT.rounded(0.0, thoracic).bar_on_back();
    (0..3)
        .fold(standing, |done, _| done.down_and_up(bottom, 0.1))
        .hold(0.6)
}

/// `script` after walking in from `metres` behind.
pub fn walking_in(script: Script, metres: f64) -> Script {
    let behind = Pose {
        along_m: -metres,
        ..script.start
    };
    let mut whole = steps_to(Script::new(behind), metres).to(script.start, 0.3);
    let later = whole.length_s();
    whole.reps = script
        .reps
        .iter()
        .map(|r| TrueRep {
            start_s: r.start_s + later,
            turn_s: r.turn_s + later,
            end_s: r.end_s + later,
        })
        .collect();
    whole.steps.extend(script.steps);
    whole
}

/// Walking across the picture.
pub fn walking(metres: f64) -> Script {
    let start = Pose {
        along_m: -0.5 * metres,
        ..Pose::STANDING
    };
    steps_to(Script::new(start), metres).hold(0.5)
}

/// Steps of 0.5 m in 0.6 s, knees bending and arms swinging.
fn steps_to(script: Script, metres: f64) -> Script {
    let start = script.now();
    (0..(metres / 0.5).round() as u32).fold(script, |done, step| {
        let along_m = start.along_m + 0.5 * f64::from(step);
        let swing = if step % 2 == 0 { 25.0 } else { -25.0 };
        let mid = Pose {
            shank: 18.0,
            thigh: -14.0,
            trunk: 5.0,
            upper_arm: start.upper_arm + swing,
            along_m: along_m + 0.25,
            ..start
        };
        let foot = Pose {
            along_m: along_m + 0.5,
            ..start
        };
        done.to(mid, 0.3).to(foot, 0.3)
    })
}

/// Standing still.
pub fn standing() -> Script {
    Script::new(Pose::STANDING).hold(6.0)
}

/// Curls: only the arms move.
pub fn curls() -> Script {
    let up = Pose::STANDING.arms(0.0, 140.0);
    (0..4).fold(Script::new(Pose::STANDING).hold(1.0), |done, _| {
        done.to(up, 1.0).to(Pose::STANDING, 1.0)
    })
}
