//! `formcheck check`: can a set filmed like this clip be judged?

use crate::cli::lifter_at;
use clap::{Args, ValueEnum};
use formcheck::analysis::{self, Input, LifterAt};
use formcheck::check::Answer;
use formcheck::error::Result;
use formcheck::report;
use formcheck::settings::Settings;
use std::path::PathBuf;

/// The arguments.
#[derive(Args)]
pub struct Check {
    /// A video, however short (standing is enough), or a recording
    #[arg(value_name = "CLIP|RECORDING")]
    pub clip: PathBuf,
    /// Where the lifter is: X,Y in upright image pixels, and when, in seconds
    #[arg(long, value_name = "X,Y[,T]", value_parser = lifter_at)]
    pub lifter_at: Option<LifterAt>,
    /// Print one JSON document on stdout
    #[arg(long)]
    pub json: bool,
}

/// A document that has a schema.
#[derive(Clone, Copy, Default, ValueEnum)]
pub enum Document {
    /// report.json
    #[default]
    Report,
    /// What `check --json` prints
    Check,
    /// What `compare --json` prints
    Comparison,
}

/// Nothing can be judged.
const NOT_USABLE: u8 = 4;

/// What goes to stdout, and the exit code that says the same.
pub struct Checked {
    pub text: Vec<u8>,
    pub exit_code: u8,
}

/// Looks at the clip and says so.
pub fn run(args: &Check) -> Result<Checked> {
    let settings = analysis::config()?.onto(Settings::default());
    let input = Input::of(args.clip.clone());
    let check = analysis::check(&input, args.lifter_at, &settings)?;
    let text = if args.json {
        report::check::json(&check)?
    } else {
        report::check::text(&check).into_bytes()
    };
    let exit_code = match check.answer {
        Answer::Usable | Answer::UsableWithCautions => 0,
        Answer::NotUsable => NOT_USABLE,
    };
    Ok(Checked { text, exit_code })
}

impl Document {
    /// Its JSON Schema.
    pub fn schema(self) -> Result<String> {
        match self {
            Document::Report => report::json::schema(),
            Document::Check => report::check::schema(),
            Document::Comparison => report::compare::schema(),
        }
    }
}
