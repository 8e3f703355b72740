//! `formcheck reps`: lists the reps of an analysed clip, and corrects them.

use crate::command::diary::Diary;
use crate::talk::Talk;
use clap::{Args, Subcommand};
use formcheck::analysis::{self, Correction, Rerender};
use formcheck::error::{Error, Result};
use formcheck::report::{Audience, terminal};
use formcheck::settings::Settings;
use formcheck::units::Seconds;
use std::path::PathBuf;

/// The arguments.
#[derive(Args)]
pub struct Reps {
    /// A clip that was analysed, or its folder of results
    pub input: PathBuf,
    /// Where its results are, when they are not beside the clip
    #[arg(long, value_name = "DIR")]
    pub results: Option<PathBuf>,
    #[command(subcommand)]
    pub change: Option<Change>,
}

#[derive(Subcommand)]
pub enum Change {
    /// These are no reps
    Drop {
        #[arg(required = true, value_name = "REP")]
        reps: Vec<u32>,
    },
    /// These, and what lies between them, are one rep
    Merge { first: u32, last: u32 },
    /// Give a rep other times, in seconds of the clip
    #[command(group = clap::ArgGroup::new("times").required(true).multiple(true))]
    Time {
        rep: u32,
        /// When it begins
        #[arg(long, value_name = "S", group = "times", value_parser = seconds)]
        start: Option<f64>,
        /// Its bottom or lockout
        #[arg(long, value_name = "S", group = "times", value_parser = seconds)]
        turn: Option<f64>,
        /// When it ends
        #[arg(long, value_name = "S", group = "times", value_parser = seconds)]
        end: Option<f64>,
    },
    /// Say something about a rep
    Note { rep: u32, text: String },
    /// Give a rep words to find it by
    Tag {
        rep: u32,
        #[arg(required = true)]
        tags: Vec<String>,
    },
    /// Take the last correction back
    Undo,
}

/// What is printed: the reps as they stand, and what was corrected.
pub fn run(args: &Reps, diary: &mut Diary, talk: &mut Talk) -> Result<String> {
    let change = Rerender {
        settings: analysis::config()?.onto(Settings::default()),
        flags: Default::default(),
        audience: Audience::Lifter,
    };
    let results = args.results.as_deref();
    let report = match &args.change {
        None => analysis::corrected(&args.input, results, &change)?,
        Some(wanted) => {
            let correction = correction(wanted)?;
            let mut outcome = analysis::correct(&args.input, results, &correction, &change)?;
            diary.follow(&mut outcome, talk);
            outcome.report
        }
    };
    Ok(terminal::reps(&report))
}

fn correction(change: &Change) -> Result<Correction> {
    Ok(match change {
        Change::Drop { reps } => {
            let mut reps = reps.clone();
            reps.sort_unstable();
            reps.dedup();
            Correction::Drop(reps)
        }
        Change::Merge { first, last } => Correction::Merge(*first, *last),
        Change::Time {
            rep,
            start,
            turn,
            end,
        } => Correction::Time {
            rep: *rep,
            start: start.map(Seconds::new),
            turn: turn.map(Seconds::new),
            end: end.map(Seconds::new),
        },
        Change::Note { text, .. } if text.trim().is_empty() => {
            return Err(Error::Usage {
                what: "the note is empty".into(),
                hint: "formcheck reps CLIP undo takes a note back.".into(),
            });
        }
        Change::Note { rep, text } => Correction::Note(*rep, text.clone()),
        Change::Tag { rep, tags } => Correction::Tag(*rep, tags.clone()),
        Change::Undo => Correction::Undo,
    })
}

fn seconds(text: &str) -> std::result::Result<f64, String> {
    match text.parse::<f64>() {
        Ok(s) if s.is_finite() && s >= 0.0 => Ok(s),
        _ => Err("expected seconds of the clip, such as 12.4".into()),
    }
}
