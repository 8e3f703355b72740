//! The flags of `formcheck history`.

use super::notes::{LaterNotes, name};
use clap::{Args, Subcommand, ValueEnum};
use formcheck::diary::NoteField;
use std::path::PathBuf;

#[derive(Args)]
pub struct History {
    #[command(subcommand)]
    pub what: Option<What>,
    #[command(flatten)]
    pub list: List,
}

#[derive(Args)]
pub struct List {
    /// Only this lifter
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub lifter: Option<String>,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

#[derive(Subcommand)]
pub enum What {
    /// Add a report that is not in the diary yet
    Add(Add),
    /// Change or add what was said about a session; measured things stay
    Edit(Box<Edit>),
    /// Take sessions out of the diary; their results on disk stay
    Remove {
        /// Numbers as `formcheck history` lists them
        #[arg(required = true, value_name = "ID")]
        ids: Vec<i64>,
    },
    /// Write the whole diary to stdout, one session a line (JSON)
    Export,
    /// Read such lines; what is in the diary already stays as it is
    Import {
        /// A file that `history export` wrote; - for stdin
        file: PathBuf,
    },
    /// Write the ramp over the weeks as one page
    Html(Html),
}

#[derive(Args)]
pub struct Add {
    /// A folder of results, or its report.json
    pub report: PathBuf,
    #[command(flatten)]
    pub notes: LaterNotes,
}

#[derive(Args)]
pub struct Edit {
    /// Its number as `formcheck history` lists it
    pub id: i64,
    #[command(flatten)]
    pub notes: LaterNotes,
    /// Take back what was said
    #[arg(long, value_enum, value_name = "WHAT")]
    pub clear: Vec<Cleared>,
}

#[derive(Args)]
pub struct Html {
    /// Only this lifter
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub lifter: Option<String>,
    /// Write the page here instead of formcheck-history.html
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// What can be taken back, by the names of the flags that set it.
#[derive(Clone, Copy, ValueEnum)]
pub enum Cleared {
    Lifter,
    Date,
    LoadKg,
    Belt,
    BlockCm,
    SeatCm,
    DiscomfortBefore,
    DiscomfortDuring,
    DiscomfortAfter,
    DiscomfortNextMorning,
    Note,
    Tag,
}

impl Cleared {
    pub fn field(self) -> NoteField {
        match self {
            Cleared::Lifter => NoteField::Lifter,
            Cleared::Date => NoteField::PerformedOn,
            Cleared::LoadKg => NoteField::Load,
            Cleared::Belt => NoteField::Belt,
            Cleared::BlockCm => NoteField::BlockHeight,
            Cleared::SeatCm => NoteField::SeatHeight,
            Cleared::DiscomfortBefore => NoteField::DiscomfortBefore,
            Cleared::DiscomfortDuring => NoteField::DiscomfortDuring,
            Cleared::DiscomfortAfter => NoteField::DiscomfortAfter,
            Cleared::DiscomfortNextMorning => NoteField::DiscomfortNextMorning,
            Cleared::Note => NoteField::Note,
            Cleared::Tag => NoteField::Tags,
        }
    }
}
