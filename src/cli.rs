//! The command line, by clap. Past this file nobody sees a flag: `main` gets a plan and a list of inputs.

#[cfg(feature = "history")]
pub mod history;
mod notes;

pub use notes::Notes;

use crate::command::check::{Check, Document};
use crate::command::diary::Keeping;
use crate::command::reps::Reps;
use clap::{Args, Parser, Subcommand, ValueEnum};
use formcheck::analysis::{Detail, Existing, Faces, LifterAt, Plan};
use formcheck::choices::{Choices, LIMIT_DEG, PLATE_DIAMETER_MM, STATURE_CM};
use formcheck::compare::By;
use formcheck::report::Audience;
use formcheck::session::LiftKind;
use formcheck::settings::{Profile, Settings};
use formcheck::units::{Angle, Point, Seconds};
use std::path::PathBuf;

/// Says rep by rep how far the lower back rounded or arched in phone video of squats and deadlifts
#[derive(Parser)]
#[command(version, about, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Cli {
    /// Keep the diary in this file instead of its usual place (also: FORMCHECK_HISTORY)
    #[arg(long, global = true, value_name = "FILE")]
    pub history: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done; 1 a rep left neutral (with --fail-on-flag); 2 usage; 3 input unreadable; \
4 nothing to judge; 5 our fault or the machine's; 7 some clips of several failed; 130 interrupted.";

#[derive(Subcommand)]
pub enum Command {
    /// Analyse clips, folders of clips, or recordings: writes CLIP.formcheck/ beside each
    Analyze(Box<Analyze>),
    /// Look at a clip for a few seconds: can a set filmed like this be judged, and what to change?
    Check(Check),
    /// Judge and draw again from a recording or a report, without the video
    Report(Report),
    /// The frames, numbers and rule behind a verdict
    Explain(Explain),
    /// Measure a lifter's own range once: a clip of standing, a slow toe-touch, and bending back
    #[cfg(feature = "history")]
    Calibrate(Calibrate),
    /// Two sets of one lift side by side: what differs, and whether that is more than noise
    Compare(Compare),
    /// Write a report's numbers for other programs: CSV, OpenSim's .mot and .trc, OpenPose's JSON
    Export(Export),
    /// The diary: list sessions, edit them, or write the ramp over the weeks as a page
    #[cfg(feature = "history")]
    History(history::History),
    /// List the reps of an analysed clip, or correct them: drop, merge, re-time, note, tag
    Reps(Reps),
    /// Check that everything needed is there
    Doctor,
    /// Print the JSON Schema of report.json, or of what `check` or `compare` prints with --json
    Schema {
        /// Of this document
        #[arg(value_enum, default_value_t)]
        of: Document,
    },
    /// Print shell completions
    Completions {
        /// For this shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

/// Which document.
#[derive(Args)]
pub struct Analyze {
    /// Videos, recordings (.jsonl), or folders of them
    #[arg(required = true, value_name = "CLIP|FOLDER|RECORDING")]
    pub inputs: Vec<PathBuf>,
    /// Write the results here (with several clips: into one folder each within it)
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Print one JSON document on stdout
    #[arg(long)]
    pub json: bool,
    /// Replace existing results
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub judge: Judge,
    /// Use the heavy model: steadier, about three times slower
    #[arg(long)]
    pub accurate: bool,
    /// Where the lifter is: X,Y in upright image pixels, and when, in seconds
    #[arg(long, value_name = "X,Y[,T]", value_parser = lifter_at)]
    pub lifter_at: Option<LifterAt>,
    /// Also write annotated.mp4: the clip with back line, gauge, rep and verdict (needs ffmpeg)
    #[arg(long)]
    pub video: bool,
    /// Blur the lifter's face and every other face that is found, in pictures and video
    #[arg(long)]
    pub blur_faces: bool,
    /// Exit with 1 when a rep left neutral
    #[arg(long)]
    pub fail_on_flag: bool,
    /// For whom the page is written
    #[arg(long, value_enum, default_value_t)]
    pub audience: Reader,
    /// No progress, no notes
    #[arg(long, short)]
    pub quiet: bool,
    /// Say more
    #[arg(long, short, conflicts_with = "quiet")]
    pub verbose: bool,
    /// Keep this run out of the diary
    #[arg(long)]
    pub no_history: bool,
    #[command(flatten)]
    pub notes: Notes,
}

/// What the limits depend on.
#[derive(Args, Clone, Copy)]
pub struct Judge {
    /// The lift, when it is not recognised rightly
    #[arg(long, value_enum, value_name = "KIND")]
    pub lift: Option<LiftName>,
    /// How strict the limits are
    #[arg(long, value_enum)]
    pub profile: Option<ProfileName>,
    /// Your own limit for rounding, degrees from your standing
    #[arg(long, value_name = "DEG", value_parser = limit)]
    pub limit: Option<f64>,
    /// Discomfort above this is a stop sign, 0 to 10
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=10))]
    pub discomfort_limit: Option<u8>,
    /// Sessions in a row that have to hold before going deeper
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..))]
    pub sessions: Option<u8>,
    /// One step of blocks or seat, in centimetres
    #[arg(long, value_name = "CM", value_parser = step)]
    pub step: Option<f64>,
    #[command(flatten)]
    pub sizes: Sizes,
}

/// Known lengths, for centimetres in the report.
#[derive(Args, Clone, Copy)]
pub struct Sizes {
    /// Your height, centimetres
    #[arg(long, value_name = "CM", value_parser = stature)]
    pub stature: Option<f64>,
    /// Diameter of the largest plates, when it is not 450 mm
    #[arg(long, value_name = "MM", value_parser = plate_diameter)]
    pub plate_diameter: Option<f64>,
}

#[cfg(feature = "history")]
#[derive(Args)]
pub struct Calibrate {
    /// Video or recording: stand still, touch the toes slowly, bend back slowly, filmed from the side
    pub clip: PathBuf,
    /// Whose range it is
    #[arg(long, value_name = "NAME", value_parser = notes::name)]
    pub lifter: String,
}

#[derive(Args)]
pub struct Report {
    /// A folder of results, its report.json, or a recording
    pub input: PathBuf,
    /// Write the results here instead of beside the input
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Print the report as one JSON document on stdout
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub judge: Judge,
    /// For whom the page is written
    #[arg(long, value_enum, default_value_t)]
    pub audience: Reader,
}

#[derive(Args)]
pub struct Explain {
    /// A report.json or its folder
    pub report: PathBuf,
    /// Number of the rep
    #[arg(long, value_name = "N")]
    pub rep: u32,
}

#[derive(Args)]
pub struct Compare {
    /// Two clips that were analysed, folders of results, reports, recordings, or numbers of the diary; with --by, one folder of such
    #[arg(required = true, num_args = 1..=2, value_name = "A B|FOLDER")]
    pub sets: Vec<PathBuf>,
    /// Pair the sets of a folder by their notes: belt, block, or tag:NAME
    #[arg(long, value_parser = by)]
    pub by: Option<By>,
    /// Print one JSON document on stdout
    #[arg(long)]
    pub json: bool,
    /// Write a page with pictures and plots
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
}

#[derive(Args)]
pub struct Export {
    /// A report.json or its folder
    pub report: PathBuf,
    /// What to write
    #[arg(value_enum)]
    pub format: Format,
    /// The folder that OpenPose's files go into
    #[arg(long, value_name = "DIR", required_if_eq("format", "openpose"))]
    pub out: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Format {
    /// One row a frame
    Csv,
    /// One row a rep
    RepsCsv,
    /// OpenSim motion: joint angles over time
    Mot,
    /// OpenSim markers: landmarks and back line over time (needs the recording beside the report)
    Trc,
    /// OpenPose's JSON, one file a frame, into --out (needs the recording beside the report)
    Openpose,
}

#[derive(Clone, Copy, Default, ValueEnum)]
pub enum Reader {
    /// Plain words
    #[default]
    Lifter,
    /// The field's terms, and the table of numbers open
    Coach,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum LiftName {
    Squat,
    Deadlift,
    Rdl,
    #[value(name = "good-morning", alias = "good_morning")]
    GoodMorning,
    #[value(name = "sit-to-chair", alias = "sit_to_chair")]
    SitToChair,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum ProfileName {
    Strict,
    Default,
    Relaxed,
}

impl Reader {
    pub fn audience(self) -> Audience {
        match self {
            Reader::Lifter => Audience::Lifter,
            Reader::Coach => Audience::Coach,
        }
    }
}

impl Judge {
    /// What the flags ask for.
    pub fn choices(self) -> Choices {
        Choices {
            profile: self.profile.map(|p| match p {
                ProfileName::Strict => Profile::Strict,
                ProfileName::Default => Profile::Default,
                ProfileName::Relaxed => Profile::Relaxed,
            }),
            lift: self.lift.map(|l| match l {
                LiftName::Squat => LiftKind::Squat,
                LiftName::Deadlift => LiftKind::Deadlift,
                LiftName::Rdl => LiftKind::Rdl,
                LiftName::GoodMorning => LiftKind::GoodMorning,
                LiftName::SitToChair => LiftKind::SitToChair,
            }),
            limit_deg: self.limit.map(Angle::from_degrees),
            discomfort_limit: self.discomfort_limit,
            sessions_before_deeper: self.sessions,
            step_cm: self.step,
            stature_cm: self.sizes.stature,
            plate_diameter_mm: self.sizes.plate_diameter,
        }
    }
}

impl Analyze {
    /// Whether this run goes into the diary.
    pub fn keeping(&self) -> Keeping {
        if self.no_history {
            Keeping::Nothing
        } else {
            Keeping::Diary
        }
    }

    /// What to do with every input, over what the user's config says.
    pub fn plan(&self, config: Choices) -> Plan {
        Plan {
            settings: config.onto(Settings::default()),
            flags: self.judge.choices(),
            audience: self.audience.audience(),
            detail: if self.accurate {
                Detail::Accurate
            } else {
                Detail::Usual
            },
            lifter_at: self.lifter_at,
            notes: self.notes.said(),
            faces: if self.blur_faces {
                Faces::Blurred
            } else {
                Faces::Shown
            },
            existing: if self.force {
                Existing::Replace
            } else {
                Existing::Keep
            },
        }
    }
}

fn limit(text: &str) -> Result<f64, String> {
    let degrees: f64 = text
        .parse()
        .map_err(|_| "not a number of degrees".to_string())?;
    if LIMIT_DEG.contains(&degrees) {
        Ok(degrees)
    } else {
        Err("a limit lies between 1 and 90 degrees".into())
    }
}

fn step(text: &str) -> Result<f64, String> {
    between(text, 0.5..=30.0, "a step lies between 0.5 and 30 cm")
}

fn by(text: &str) -> Result<By, String> {
    match (text, text.strip_prefix("tag:")) {
        ("belt", _) => Ok(By::Belt),
        ("block", _) => Ok(By::Block),
        (_, Some(tag)) if !tag.is_empty() => Ok(By::Tag(tag.into())),
        _ => Err("expected belt, block or tag:NAME".into()),
    }
}

fn stature(text: &str) -> Result<f64, String> {
    between(
        text,
        STATURE_CM,
        "a height lies between 120 and 230 centimetres",
    )
}

fn plate_diameter(text: &str) -> Result<f64, String> {
    between(
        text,
        PLATE_DIAMETER_MM,
        "a plate lies between 150 and 500 millimetres",
    )
}

fn between(
    text: &str,
    range: std::ops::RangeInclusive<f64>,
    otherwise: &str,
) -> Result<f64, String> {
    let number = text.parse().ok().filter(|n| range.contains(n));
    number.ok_or_else(|| otherwise.into())
}

pub fn lifter_at(text: &str) -> Result<LifterAt, String> {
    let numbers: Result<Vec<f64>, _> = text.split(',').map(|n| n.trim().parse::<f64>()).collect();
    match numbers.as_deref() {
        Ok([x, y]) if x.is_finite() && y.is_finite() => Ok(LifterAt {
            at: Point::new(*x, *y),
            time_s: None,
        }),
        Ok([x, y, t]) if x.is_finite() && y.is_finite() && *t >= 0.0 && t.is_finite() => {
            Ok(LifterAt {
                at: Point::new(*x, *y),
                time_s: Some(Seconds::new(*t)),
            })
        }
        _ => Err("expected X,Y or X,Y,T, such as 540,900,2.5".into()),
    }
}
