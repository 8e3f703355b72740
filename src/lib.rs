//! formcheck measures, rep by rep, how far the lower back rounds or arches in phone video of squats and deadlifts.
//!
//! This is the architecture page.
//!
//! ```text
//! phone.mov ──vision──▶ Recording ──science──▶ SessionReport ──report──▶ html · json · csv · svg · mot · trc · mp4
//!             opencv     (.jsonl)     pure        (serde)       pure
//! ```
//!
//! Two seams of plain data and five rooms; nothing flows back.
//!
//! # Seams
//!
//! - [`recording::Recording`]: what the camera saw, without a pixel: per frame a time, 33 landmarks, and the outline of
//!   the lifter. Kept beside the report, and read back in place of the video.
//! - [`session::SessionReport`]: what was found: reps, verdicts, curves, proofs, cautions. `report.json` is this, serialised.
//!
//! # Rooms
//!
//! | room | takes → gives | |
//! |---|---|---|
//! | `vision` | video → `Recording` | finds and follows the lifter; the only room that names OpenCV or runs the pose networks. Behind the feature `vision` |
//! | [`science`] | `Recording`, [`settings::Settings`] → `SessionReport` | pure: same input, same bytes; no clock, files, threads or printing |
//! | [`compare`] | two `SessionReport`s → [`compare::Comparison`] | pure: difference with interval, and what else differs |
//! | [`report`] | `SessionReport` → bytes | one file a format; knows no paths |
//! | `history` | `SessionReport` ⇄ SQLite | the diary of sessions; the only room that names rusqlite. Behind the feature `history` |
//!
//! The annotated video is the one output that needs pixels: [`report`] says what is drawn at each moment, `vision` draws it.
//!
//! What the user says about a set, and what later sessions need to know of it, is in [`diary`], what the user corrects
//! by hand in [`edits`], which limits the user asks for in [`choices`], and what a look at the filming finds in [`mod@check`]:
//! plain data too.
//!
//! Around them: [`analysis`] puts the rooms in order and writes the folder of results; `main` and `cli` are the
//! program, and the only code that prints, exits or sees a flag. Below them, used by all: [`units`] (`Angle`, `Seconds`,
//! `Point`), [`day`] (the calendar), [`skeleton`] (the joints), [`settings`] (every limit with its source), [`mod@error`] (by whose fault, each with a
//! hint and an exit code).
//!
//! # What holds everywhere
//!
//! - One coordinate space outside `vision`: upright image pixels, y down.
//! - Flexion is positive for rounding; zero is this lifter's own relaxed standing.
//! - Missing is `Option`, and says why; not judged is a verdict with a reason, not an error.
//! - Landmarks say where to look; the back line, the outline's edge along the back, says how the spine is shaped.
//!
//! # Where to start reading
//!
//! [`session`] (what comes out), [`recording`] (what goes in), then [`science::analyze`], whose module page shows the stages
//! between the two. Recipes ("to add a verdict rule, touch …") are in `CONTRIBUTING.md`, measured errors in `docs/ACCURACY.md`.

pub mod analysis;
pub mod check;
pub mod choices;
pub mod compare;
pub mod day;
pub mod diary;
pub mod edits;
pub mod error;
#[cfg(feature = "history")]
pub mod history;
pub mod recording;
pub mod report;
pub mod science;
pub mod session;
pub mod settings;
pub mod skeleton;
pub mod units;
#[cfg(feature = "vision")]
pub mod vision;
