//! Where on the way down a set stands: the height of its blocks or seat, or how deep it went; and the words for it.

use crate::diary::{Outcome, SetNotes};
use crate::session::LiftKind;
use crate::settings::NextStepTable;

/// One rung of the way down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rung {
    lift: LiftKind,
    place: Place,
}

/// What is known of the place. Centimetres only where the lifter gave them.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    /// Height of the blocks or the seat.
    HeightCm(f64),
    /// Hip drop of a squat, thigh lengths.
    Depth(f64),
    /// Not said and not measured.
    Unsaid,
}

impl Rung {
    /// Of an earlier session.
    pub fn of(outcome: &Outcome) -> Self {
        Rung {
            lift: outcome.lift,
            place: place(outcome.lift, &outcome.notes, outcome.depth),
        }
    }

    /// Are the two one height? Two of which nothing is known are taken to be.
    pub fn same(self, other: Rung, table: &NextStepTable) -> bool {
        self.as_deep_as(other, table) && other.as_deep_as(self, table)
    }

    /// Is this height no easier than the other?
    pub fn as_deep_as(self, other: Rung, table: &NextStepTable) -> bool {
        match (self.place, other.place) {
            (Place::HeightCm(own), Place::HeightCm(goal)) => own <= goal + table.same_height_cm,
            (Place::Depth(own), Place::Depth(goal)) => own >= goal - table.same_depth,
            (Place::Unsaid, Place::Unsaid) => true,
            _ => false,
        }
    }

    /// Is there no deeper to go?
    pub fn is_floor(self) -> bool {
        self.lift == LiftKind::Deadlift && self.place == Place::HeightCm(0.0)
    }

    /// "at 12 cm".
    pub fn here(self) -> String {
        match (self.place, self.lift) {
            _ if self.is_floor() => "at the floor".into(),
            (Place::HeightCm(height), _) => format!("at {} cm", short(height)),
            (_, LiftKind::Deadlift | LiftKind::SitToChair) => "at this height".into(),
            _ => "at this depth".into(),
        }
    }

    /// One step back: "blocks at 15 cm instead of 12 cm".
    pub fn back(self, table: &NextStepTable) -> String {
        match (self.place, self.lift) {
            _ if self.is_floor() => format!("pull from blocks of {} cm", short(table.step_cm)),
            (Place::HeightCm(height), _) => self.change(height, height + table.step_cm),
            (_, LiftKind::Deadlift) => "raise the bar a little on blocks".into(),
            (_, LiftKind::SitToChair) => "raise the seat a little".into(),
            (_, LiftKind::Squat) => "go a little less deep".into(),
            (_, LiftKind::Rdl | LiftKind::GoodMorning) => "bend a little less far".into(),
        }
    }

    /// One step deeper, a sentence.
    pub fn deeper(self, table: &NextStepTable) -> String {
        match (self.place, self.lift) {
            (Place::HeightCm(height), LiftKind::Deadlift) if height <= table.step_cm => {
                format!(
                    "Go one step deeper: from {} cm blocks to the floor.",
                    short(height)
                )
            }
            (Place::HeightCm(height), _) => format!(
                "Go one step deeper: {}.",
                self.change(height, (height - table.step_cm).max(0.0))
            ),
            (_, LiftKind::Deadlift) => "Lower the bar a little, if it is still on blocks.".into(),
            (_, LiftKind::SitToChair) => "Lower the seat a little next time.".into(),
            (_, LiftKind::Squat) => "Go a little deeper next time.".into(),
            (_, LiftKind::Rdl | LiftKind::GoodMorning) => "Bend a little further next time.".into(),
        }
    }

    fn change(self, from_cm: f64, to_cm: f64) -> String {
        let what = match self.lift {
            LiftKind::SitToChair | LiftKind::Squat => "seat",
            _ => "blocks",
        };
        format!(
            "{what} at {} cm instead of {} cm",
            short(to_cm),
            short(from_cm)
        )
    }
}

fn place(lift: LiftKind, notes: &SetNotes, depth: Option<f64>) -> Place {
    let height = match lift {
        LiftKind::Deadlift => notes.block_height_cm,
        LiftKind::SitToChair | LiftKind::Squat => notes.seat_height_cm,
        // hinges are bent into, not lowered to a height
        LiftKind::Rdl | LiftKind::GoodMorning => None,
    };
    // without a seat the depth of a squat is its own measure
    let depth = depth.filter(|_| lift == LiftKind::Squat);
    let measured = depth.map_or(Place::Unsaid, Place::Depth);
    height.map_or(measured, Place::HeightCm)
}

/// "12" or "9.5".
fn short(centimetres: f64) -> String {
    crate::units::rounded(centimetres, 10.0).to_string()
}
