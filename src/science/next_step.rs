//! The next step, by the table of rules in [`crate::settings::NextStepTable`]: the first rule whose sign is seen decides.
//! Takes today's report and what is known of earlier sessions of the same lifter and lift; without those it works from
//! today's set alone.

use super::rung::Rung;
use super::words::INTERVAL;
use crate::diary::Outcome;
use crate::session::{Direction, Rep, SessionReport, Verdict};
use crate::settings::{NextStepTable, Sign, Step, StepRule};

/// Fewer reps that held at the start of a set are no set to stop at.
const SHORTEST_SET: usize = 3;
/// The rule of a table none of whose signs was seen; it cannot happen with the table as it comes.
const NO_RULE: &str = "none_fits";

/// What to do next time, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct NextStep {
    /// Which way.
    pub action: Step,
    /// One action, two lines on a phone at most.
    pub sentence: String,
    /// Name of the rule that fired.
    pub rule: String,
}

/// Chooses. `history` holds the earlier sessions of the same lifter and lift, oldest first.
pub fn next_step(history: &[Outcome], today: &SessionReport) -> NextStep {
    let own = Outcome::of(today);
    let scene = Scene {
        history,
        today,
        table: &today.settings.next_step,
        rung: Rung::of(&own),
        own,
    };
    let fired = scene.table.rules.iter().find(|rule| scene.sees(rule.when));
    match fired {
        Some(rule) => NextStep {
            action: rule.then,
            sentence: scene.sentence(*rule),
            rule: rule.when.name().into(),
        },
        None => NextStep {
            action: Step::Hold,
            sentence: format!("Stay {}.", scene.rung.here()),
            rule: NO_RULE.into(),
        },
    }
}

struct Scene<'a> {
    history: &'a [Outcome],
    today: &'a SessionReport,
    table: &'a NextStepTable,
    /// Today in short.
    own: Outcome,
    /// Where today stands.
    rung: Rung,
}

impl Scene<'_> {
    fn sees(&self, sign: Sign) -> bool {
        match sign {
            Sign::DiscomfortOverLimit => !self.comfortable(&self.own),
            Sign::LeavesInARow => {
                longest_run(self.judged(), left_rounded) >= usize::from(self.table.leaves_in_a_row)
            }
            Sign::LeftAgain => self.judged().any(left_rounded) && self.left_last_time(),
            Sign::RiseOverSet => self.rises(),
            Sign::NotEnoughSeen => !self.seen(&self.own),
            Sign::LeftOnce => self.judged().any(left_rounded),
            Sign::Arched => self.own.left_neutral > 0,
            Sign::Close => self.own.close > 0,
            Sign::HeldAtFloor => self.holds(&self.own) && self.rung.is_floor(),
            Sign::HeldEnough => {
                self.holds(&self.own) && self.sessions_held() >= self.table.sessions_before_deeper
            }
            Sign::Held => self.holds(&self.own),
        }
    }

    fn judged(&self) -> impl Iterator<Item = &Rep> {
        let seen = |r: &&Rep| r.verdict != Verdict::CannotTell;
        self.today.reps.iter().filter(seen)
    }

    /// Did a rep leave neutral the last time this height was tried and seen?
    fn left_last_time(&self) -> bool {
        let here = |o: &&Outcome| Rung::of(o).same(self.rung, self.table) && self.seen(o);
        let last = self.history.iter().rev().find(here);
        last.is_some_and(|o| o.left_neutral > 0)
    }

    fn rises(&self) -> bool {
        let (Some(slope), Some(sd)) = (
            self.today.set.drift_deg_per_rep,
            self.today.set.drift_sd_deg_per_rep,
        ) else {
            return false;
        };
        let mut numbers = self.judged().map(|r| r.number);
        let first = numbers.next().unwrap_or(0);
        let steps = numbers.last().unwrap_or(first) - first;
        slope * f64::from(steps) >= self.table.rise_over_set_deg && slope > sd * INTERVAL
    }

    /// Sessions in a row, today's and back, in which all held at this height or deeper. Easier ones that held between
    /// them, and ones that were not seen, neither count nor break the row.
    fn sessions_held(&self) -> u8 {
        let mut count = u8::from(self.good(&self.own));
        for past in self.history.iter().rev().filter(|o| self.seen(o)) {
            match (
                self.good(past),
                Rung::of(past).as_deep_as(self.rung, self.table),
            ) {
                (true, true) => count = count.saturating_add(1),
                (true, false) => {}
                (false, _) => break,
            }
        }
        count
    }

    fn good(&self, outcome: &Outcome) -> bool {
        self.holds(outcome) && self.comfortable(outcome)
    }

    /// Nothing said is taken for comfortable.
    fn comfortable(&self, outcome: &Outcome) -> bool {
        let worst = outcome.notes.discomfort.worst();
        worst.is_none_or(|d| d <= self.table.discomfort_limit)
    }

    fn holds(&self, outcome: &Outcome) -> bool {
        outcome.held > 0 && outcome.close == 0 && outcome.left_neutral == 0
    }

    fn seen(&self, outcome: &Outcome) -> bool {
        let judged = outcome.held + outcome.close + outcome.left_neutral;
        let all = f64::from(judged + outcome.cannot_tell);
        judged > 0 && f64::from(judged) >= self.table.min_judged_share * all
    }

    fn sentence(&self, rule: StepRule) -> String {
        match (rule.then, rule.when) {
            (Step::FilmAgain, _) => "Film the set again before you change anything.".into(),
            (Step::GoDeeper, _) => self.rung.deeper(self.table),
            (Step::StepBack, Sign::DiscomfortOverLimit) => {
                format!("Stop for today. Next time: {}.", self.rung.back(self.table))
            }
            (Step::StepBack, _) => format!("Take a step back: {}.", self.rung.back(self.table)),
            (Step::Hold, sign) => self.stay(sign),
        }
    }

    fn stay(&self, sign: Sign) -> String {
        let here = self.rung.here();
        match sign {
            Sign::Arched => format!("Stay {here}. Finish each rep tall, without leaning back."),
            Sign::HeldAtFloor => "Stay at the floor: your back holds there.".into(),
            Sign::Held => {
                let needed = self.table.sessions_before_deeper;
                match needed.saturating_sub(self.sessions_held()) {
                    0 => format!("Stay {here}."),
                    1 => format!("Stay {here}. One more session that holds, then deeper."),
                    more => format!("Stay {here}. {more} more sessions that hold, then deeper."),
                }
            }
            Sign::LeftOnce | Sign::Close | Sign::RiseOverSet => {
                let held = |r: &&Rep| r.verdict == Verdict::Held;
                match self.today.reps.iter().take_while(held).count() {
                    first if first >= SHORTEST_SET => format!("Stay {here}. Stop at {first} reps."),
                    _ => format!("Stay {here} until every rep holds."),
                }
            }
            _ => format!("Stay {here}."),
        }
    }
}

fn left_rounded(rep: &Rep) -> bool {
    rep.verdict == Verdict::LeftNeutral && rep.direction != Some(Direction::Arched)
}

/// Length of the longest unbroken run of reps that are so.
fn longest_run<'a>(reps: impl Iterator<Item = &'a Rep>, is_so: fn(&Rep) -> bool) -> usize {
    let mut run = 0;
    reps.map(|rep| {
        run = if is_so(rep) { run + 1 } else { 0 };
        run
    })
    .max()
    .unwrap_or(0)
}
