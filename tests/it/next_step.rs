//! The next step: a table of histories, each with the sentence and the rule that must follow.

use crate::made_up;
use formcheck::diary::{Discomfort, Outcome, SetNotes};
use formcheck::science::next_step;
use formcheck::session::{Direction, LiftKind, SessionReport, Verdict};
use formcheck::settings::{NextStepTable, Sign, Step, StepRule};
use formcheck::units::Angle;

/// Letters of the reps: H held, c close, L left neutral by rounding, A by arching, ? can't tell.
#[derive(Clone)]
struct Session {
    lift: LiftKind,
    reps: &'static str,
    /// Blocks or seat, centimetres; squats: depth, thigh lengths.
    height: Option<f64>,
    /// The seat that a squat goes down to, centimetres.
    to_seat: Option<f64>,
    /// The worst that was said.
    discomfort: Option<u8>,
    /// Rise of peak rounding from rep to rep and its uncertainty, degrees.
    drift: Option<(f64, f64)>,
}

fn blocks(reps: &'static str, height_cm: f64) -> Session {
    Session {
        lift: LiftKind::Deadlift,
        reps,
        height: Some(height_cm),
        to_seat: None,
        discomfort: None,
        drift: None,
    }
}

fn lift(lift: LiftKind, reps: &'static str, height: Option<f64>) -> Session {
    Session {
        lift,
        height,
        ..blocks(reps, 0.0)
    }
}

/// A squat 0.7 thigh lengths deep, down to a seat.
fn box_squat(reps: &'static str, seat_cm: f64) -> Session {
    Session {
        to_seat: Some(seat_cm),
        ..lift(LiftKind::Squat, reps, Some(0.7))
    }
}

impl Session {
    fn hurt(self, discomfort: u8) -> Self {
        Session {
            discomfort: Some(discomfort),
            ..self
        }
    }

    fn drift(self, slope: f64, sd: f64) -> Self {
        Session {
            drift: Some((slope, sd)),
            ..self
        }
    }

    fn notes(&self) -> SetNotes {
        let of = |kind| self.height.filter(|_| self.lift == kind);
        SetNotes {
            block_height_cm: of(LiftKind::Deadlift),
            seat_height_cm: of(LiftKind::SitToChair).or(self.to_seat),
            discomfort: Discomfort {
                next_morning: self.discomfort,
                ..Discomfort::default()
            },
            ..SetNotes::default()
        }
    }

    fn report(&self) -> SessionReport {
        let mut report = made_up::report();
        report.lift.kind = self.lift;
        report.notes = self.notes();
        let template = report.reps[0].clone();
        report.reps.clear();
        for (letter, number) in self.reps.chars().zip(1..) {
            let mut rep = template.clone();
            rep.number = number;
            rep.depth = self.height.filter(|_| self.lift == LiftKind::Squat);
            (rep.verdict, rep.direction) = match letter {
                'H' => (Verdict::Held, None),
                'c' => (Verdict::Close, Some(Direction::Rounded)),
                'L' => (Verdict::LeftNeutral, Some(Direction::Rounded)),
                'A' => (Verdict::LeftNeutral, Some(Direction::Arched)),
                _ => (Verdict::CannotTell, None),
            };
            report.reps.push(rep);
        }
        let count = |letters: &str| self.reps.matches(|c| letters.contains(c)).count() as u32;
        report.set.held = count("H");
        report.set.close = count("c");
        report.set.left_neutral = count("LA");
        report.set.cannot_tell = count("?");
        report.set.drift_deg_per_rep = self.drift.map(|d| Angle::from_degrees(d.0));
        report.set.drift_sd_deg_per_rep = self.drift.map(|d| Angle::from_degrees(d.1));
        report
    }
}

/// Earlier sessions, today, the sentence, the rule.
type Row = (Vec<Session>, Session, &'static str, &'static str);

fn pulls() -> Vec<Row> {
    let held = || blocks("HHHHH", 12.0);
    vec![
        (
            vec![],
            held(),
            "Stay at 12 cm. One more session that holds, then deeper.",
            "held",
        ),
        (
            vec![held()],
            held(),
            "Go one step deeper: blocks at 9 cm instead of 12 cm.",
            "held_enough",
        ),
        (
            vec![blocks("HHH", 15.0)],
            held(),
            "Stay at 12 cm. One more session that holds, then deeper.",
            "held",
        ),
        (
            vec![blocks("HHHLH", 12.0)],
            held(),
            "Stay at 12 cm. One more session that holds, then deeper.",
            "held",
        ),
        // a session nobody could judge neither counts nor breaks the row
        (
            vec![held(), blocks("????", 12.0)],
            held(),
            "Go one step deeper: blocks at 9 cm instead of 12 cm.",
            "held_enough",
        ),
        // deeper that held counts for here
        (
            vec![blocks("HHH", 10.0)],
            held(),
            "Go one step deeper: blocks at 9 cm instead of 12 cm.",
            "held_enough",
        ),
        // held, but the next morning was bad: it does not count
        (
            vec![held().hurt(5)],
            held(),
            "Stay at 12 cm. One more session that holds, then deeper.",
            "held",
        ),
        (
            vec![held()],
            blocks("HHHH", 2.0),
            "Stay at 2 cm. One more session that holds, then deeper.",
            "held",
        ),
        (
            vec![blocks("HHHH", 2.5)],
            blocks("HHHH", 2.0),
            "Go one step deeper: from 2 cm blocks to the floor.",
            "held_enough",
        ),
        (
            vec![blocks("HHH", 0.0)],
            blocks("HHH", 0.0),
            "Stay at the floor: your back holds there.",
            "held_at_floor",
        ),
        (
            vec![held()],
            blocks("HHHHLH", 12.0),
            "Stay at 12 cm. Stop at 4 reps.",
            "left_once",
        ),
        (
            vec![held()],
            blocks("LHHH", 12.0),
            "Stay at 12 cm until every rep holds.",
            "left_once",
        ),
        (
            vec![blocks("HLHH", 12.0)],
            blocks("HHHL", 12.0),
            "Take a step back: blocks at 15 cm instead of 12 cm.",
            "left_again",
        ),
        (
            vec![blocks("HLHH", 12.0)],
            blocks("HHHL", 9.0),
            "Stay at 9 cm. Stop at 3 reps.",
            "left_once",
        ),
        (
            vec![held(), held()],
            blocks("HHLL", 12.0),
            "Take a step back: blocks at 15 cm instead of 12 cm.",
            "leaves_in_a_row",
        ),
        // the hidden rep between them is no proof that it held
        (
            vec![],
            blocks("HHHHL?L", 0.0),
            "Take a step back: pull from blocks of 3 cm.",
            "leaves_in_a_row",
        ),
        (
            vec![held()],
            held().hurt(4),
            "Stop for today. Next time: blocks at 15 cm instead of 12 cm.",
            "discomfort_over_limit",
        ),
        (
            vec![held()],
            held().hurt(3),
            "Go one step deeper: blocks at 9 cm instead of 12 cm.",
            "held_enough",
        ),
        (
            vec![held()],
            held().drift(2.5, 0.8),
            "Take a step back: blocks at 15 cm instead of 12 cm.",
            "rise_over_set",
        ),
        // as steep, but within its own noise
        (
            vec![held()],
            held().drift(2.5, 2.4),
            "Go one step deeper: blocks at 9 cm instead of 12 cm.",
            "held_enough",
        ),
        (
            vec![held()],
            blocks("HH??", 12.0),
            "Film the set again before you change anything.",
            "not_enough_seen",
        ),
        (
            vec![held()],
            blocks("????", 12.0),
            "Film the set again before you change anything.",
            "not_enough_seen",
        ),
        (
            vec![held()],
            blocks("????", 12.0).hurt(7),
            "Stop for today. Next time: blocks at 15 cm instead of 12 cm.",
            "discomfort_over_limit",
        ),
        (
            vec![held()],
            blocks("HHHcH", 12.0),
            "Stay at 12 cm. Stop at 3 reps.",
            "close",
        ),
        (
            vec![held()],
            blocks("AHHHA", 12.0),
            "Stay at 12 cm. Finish each rep tall, without leaning back.",
            "arched",
        ),
    ]
}

fn others() -> Vec<Row> {
    use LiftKind::{Deadlift, GoodMorning, SitToChair, Squat};
    let squat = |reps, depth| lift(Squat, reps, Some(depth));
    let chair = |reps, seat| lift(SitToChair, reps, seat);
    vec![
        (
            vec![squat("HHH", 0.82)],
            squat("HHH", 0.85),
            "Go a little deeper next time.",
            "held_enough",
        ),
        (
            vec![squat("HHH", 0.6)],
            squat("HHH", 0.85),
            "Stay at this depth. One more session that holds, then deeper.",
            "held",
        ),
        (
            vec![],
            squat("HLLL", 0.9),
            "Take a step back: go a little less deep.",
            "leaves_in_a_row",
        ),
        (
            vec![chair("HHH", Some(45.0))],
            chair("HHHH", Some(45.0)),
            "Go one step deeper: seat at 42 cm instead of 45 cm.",
            "held_enough",
        ),
        (
            vec![],
            chair("LLH", Some(45.5)),
            "Take a step back: seat at 48.5 cm instead of 45.5 cm.",
            "leaves_in_a_row",
        ),
        (
            vec![box_squat("HHH", 45.0)],
            box_squat("HHHH", 45.0),
            "Go one step deeper: seat at 42 cm instead of 45 cm.",
            "held_enough",
        ),
        // as deep, but the seat was higher then
        (
            vec![box_squat("HHH", 55.0)],
            box_squat("HHHH", 45.0),
            "Stay at 45 cm. One more session that holds, then deeper.",
            "held",
        ),
        (
            vec![],
            box_squat("LLH", 45.5),
            "Take a step back: seat at 48.5 cm instead of 45.5 cm.",
            "leaves_in_a_row",
        ),
        (
            vec![],
            chair("LLH", None),
            "Take a step back: raise the seat a little.",
            "leaves_in_a_row",
        ),
        // no height was said: words, never centimetres
        (
            vec![lift(Deadlift, "HHH", None)],
            lift(Deadlift, "HHH", None),
            "Lower the bar a little, if it is still on blocks.",
            "held_enough",
        ),
        (
            vec![],
            lift(Deadlift, "LL", None),
            "Take a step back: raise the bar a little on blocks.",
            "leaves_in_a_row",
        ),
        (
            vec![lift(GoodMorning, "HHH", None)],
            lift(GoodMorning, "HHHH", None),
            "Bend a little further next time.",
            "held_enough",
        ),
        (
            vec![],
            lift(GoodMorning, "HLL", None),
            "Take a step back: bend a little less far.",
            "leaves_in_a_row",
        ),
    ]
}

fn chosen(past: &[Session], today: &SessionReport) -> formcheck::science::NextStep {
    let history: Vec<Outcome> = past.iter().map(|s| Outcome::of(&s.report())).collect();
    next_step(&history, today)
}

#[test]
fn each_history_gives_its_sentence_and_its_rule() {
    let rows = [pulls(), others()].concat();
    assert!(rows.len() >= 12);
    for (past, today, sentence, rule) in rows {
        let found = chosen(&past, &today.report());
        let after: Vec<&str> = past.iter().map(|s| s.reps).collect();
        let case = format!("{after:?}, then {} at {:?}", today.reps, today.height);
        assert_eq!(
            (found.sentence.as_str(), found.rule.as_str()),
            (sentence, rule),
            "{case}"
        );
    }
}

#[test]
fn every_rule_of_the_table_is_tried() {
    let tried: Vec<&str> = [pulls(), others()]
        .concat()
        .iter()
        .map(|row| row.3)
        .collect();
    let rules = NextStepTable::default().rules;
    assert_eq!(rules.len(), 11);
    for rule in rules {
        assert!(tried.contains(&rule.when.name()), "{}", rule.when.name());
    }
}

/// 18 px letters on a phone of 360 px: about 33 on a line.
#[test]
fn no_sentence_is_longer_than_two_lines_on_a_phone() {
    for row in [pulls(), others()].concat() {
        assert!(row.2.chars().count() <= 66, "{}", row.2);
    }
}

#[test]
fn the_user_can_change_the_numbers_and_the_rules() {
    let mut today = blocks("HHHH", 12.0).report();
    today.settings.next_step.sessions_before_deeper = 1;
    today.settings.next_step.step_cm = 2.0;
    let found = chosen(&[], &today);
    assert_eq!(
        found.sentence,
        "Go one step deeper: blocks at 10 cm instead of 12 cm."
    );
    today.settings.next_step.sessions_before_deeper = 4;
    let found = chosen(&[], &today);
    assert_eq!(
        found.sentence,
        "Stay at 12 cm. 3 more sessions that hold, then deeper."
    );
    today.notes.discomfort.after = Some(2);
    today.settings.next_step.discomfort_limit = 1;
    assert_eq!(chosen(&[], &today).action, Step::StepBack);
    today.settings.next_step.rules = vec![StepRule {
        when: Sign::Held,
        then: Step::GoDeeper,
    }];
    assert_eq!(chosen(&[], &today).action, Step::GoDeeper);
    today.settings.next_step.rules.clear();
    let found = chosen(&[], &today);
    assert_eq!(
        (found.action, found.sentence.as_str()),
        (Step::Hold, "Stay at 12 cm.")
    );
}

/// More trouble today never leads deeper than less trouble.
#[test]
fn more_trouble_never_leads_deeper() {
    let depth = |step: Step| match step {
        Step::StepBack => 0,
        Step::Hold | Step::FilmAgain => 1,
        Step::GoDeeper => 2,
    };
    let order = ["HHHH", "HHHc", "HHHL", "HHLL", "LLLL"];
    let steps: Vec<u8> = order
        .map(|reps| depth(chosen(&[blocks("HHHH", 12.0)], &blocks(reps, 12.0).report()).action))
        .into();
    assert!(steps.is_sorted_by(|a, b| a >= b), "{steps:?}");
}

#[test]
fn the_rule_that_fired_is_in_the_page_the_terminal_and_the_json() {
    let mut report = blocks("HHLL", 12.0).report();
    formcheck::science::conclude(&mut report, &[]);
    let page = made_up::page(&report).replace('\u{a0}', " ");
    let terminal =
        formcheck::report::terminal::summary(&report, &[], formcheck::report::terminal::Ink::Plain);
    let json = String::from_utf8(formcheck::report::json::json(&report).unwrap()).unwrap();
    for text in [&page, &terminal, &json] {
        assert!(text.contains("leaves_in_a_row"));
        assert!(text.contains("blocks at 15 cm instead of 12 cm"));
    }
    for text in [&page, &terminal] {
        assert!(text.contains("2 or more reps in a row left neutral by rounding."));
    }
    assert_eq!(page.matches("aria-current=\"true\"").count(), 1);
    assert!(json.contains("\"next_step_action\":\"step_back\""));
}

#[test]
fn a_report_from_before_the_table_still_loads() {
    let mut document = serde_json::to_value(made_up::report()).unwrap();
    document["settings"]
        .as_object_mut()
        .unwrap()
        .remove("next_step");
    document["set"]
        .as_object_mut()
        .unwrap()
        .remove("next_step_action");
    document["set"]["next_step_rule"] = "rounded_twice".into();
    let old = formcheck::report::json::read(&serde_json::to_vec(&document).unwrap()).unwrap();
    assert_eq!(old.settings.next_step, NextStepTable::default());
    assert!(made_up::page(&old).contains("rounded_twice"));
}

/// The headline of a set in which nothing else was seen before.
fn headline(session: &Session) -> SessionReport {
    let mut report = session.report();
    formcheck::science::conclude(&mut report, &[]);
    report
}

#[test]
fn the_headline_names_the_blocks_or_the_seat_when_they_were_said() {
    let of = |session: Session| headline(&session).set.sentence;
    let held = ": your lower back held in every rep.";
    for (session, head) in [
        (
            blocks("HHHHHHHH", 12.0),
            "Set of 8 deadlifts off 12 cm blocks",
        ),
        (blocks("HHH", 9.5), "Set of 3 deadlifts off 9.5 cm blocks"),
        (blocks("HHH", 0.0), "Set of 3 deadlifts from the floor"),
        (lift(LiftKind::Deadlift, "HHH", None), "Set of 3 deadlifts"),
        (
            lift(LiftKind::SitToChair, "HHH", Some(43.0)),
            "Set of 3 sits to a 43 cm seat",
        ),
        (lift(LiftKind::Squat, "HHH", Some(0.9)), "Set of 3 squats"),
        (box_squat("HHH", 43.0), "Set of 3 squats to a 43 cm seat"),
    ] {
        assert_eq!(of(session), format!("{head}{held}"));
    }
    let one = lift(LiftKind::SitToChair, "H", Some(43.0));
    assert_eq!(of(one), "One sit to a 43 cm seat: your lower back held.");
}

#[test]
fn a_step_back_after_reps_that_all_held_says_what_was_seen() {
    let report = headline(&blocks("HHH", 12.0).drift(11.5, 3.0));
    assert_eq!(report.set.next_step_rule, "rise_over_set");
    let page = made_up::page(&report);
    let terminal =
        formcheck::report::terminal::summary(&report, &[], formcheck::report::terminal::Ink::Plain);
    for text in [page, terminal] {
        for words in [
            "held in every rep, but rounded more as the set went on.",
            "Every rep we could judge held, but rounding rose over the set: about 23° (±8°) from rep 1 to rep 3.",
        ] {
            assert!(text.contains(words), "{words}");
        }
    }
    let flat = headline(&blocks("HHH", 12.0));
    assert!(
        flat.set.sentence.ends_with("held in every rep."),
        "{}",
        flat.set.sentence
    );
}
