//! `formcheck export`: a report's numbers for other programs.

use crate::cli::{Export, Format};
use formcheck::analysis;
use formcheck::error::{Error, Result};
use formcheck::report;

/// What goes to stdout.
pub fn run(args: &Export) -> Result<String> {
    if let (Format::Openpose, Some(folder)) = (args.format, &args.out) {
        let count = analysis::export_openpose(&args.report, folder)?;
        return Ok(format!("{count} files in {}\n", folder.display()));
    }
    if args.out.is_some() {
        return Err(Error::Usage {
            what: "--out is for openpose; the other formats are one file, written to stdout".into(),
            hint: "Redirect it: formcheck export REPORT trc > set.trc".into(),
        });
    }
    let report = || analysis::stored(&args.report);
    Ok(match args.format {
        Format::Csv => report::csv::frames(&report()?),
        Format::RepsCsv => report::csv::reps(&report()?),
        Format::Mot => report::mot::mot(&report()?),
        Format::Trc | Format::Openpose => report::trc::trc(&analysis::recording_of(&args.report)?),
    })
}
