//! argv → exit code. The only place that prints or exits.

mod cli;
mod command;
mod talk;

use clap::{CommandFactory, Parser};
use cli::{Cli, Command};
use command::diary::{Diary, Keeping};
use formcheck::analysis::{self, Input, Made, Outcome, Plan, Rerender};
use formcheck::error::{Error, Result};
use formcheck::report::{self, terminal, terminal::Ink};
use formcheck::session::{SessionReport, Verdict};
use formcheck::settings::Settings;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use talk::{Loudness, Talk};

/// A rep left neutral and `--fail-on-flag` was given.
const FLAGGED: u8 = 1;
/// Some clips of several failed.
const SOME_FAILED: u8 = 7;
/// Ctrl-C.
const INTERRUPTED: i32 = 130;

fn main() -> ExitCode {
    let cli = Cli::parse();
    leave_on_signal();
    let mut talk = Talk::new(match &cli.command {
        Command::Analyze(a) if a.quiet => Loudness::Quiet,
        Command::Analyze(a) if a.verbose => Loudness::Verbose,
        _ => Loudness::Usual,
    });
    match run(&cli, &mut talk) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            say(&mut talk, &error);
            ExitCode::from(error.exit_code())
        }
    }
}

/// Ctrl-C and a polite kill end the run at once, but never in the middle of writing results: those are renamed into
/// place under a lock that is waited for here.
fn leave_on_signal() {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]) else {
        return;
    };
    std::thread::spawn(move || {
        if signals.forever().next().is_some() {
            let _writes = analysis::hold_writes();
            // not std::process::exit: that would run C++ destructors under the feet of working threads
            signal_hook::low_level::exit(INTERRUPTED);
        }
    });
}

fn run(cli: &Cli, talk: &mut Talk) -> Result<u8> {
    match &cli.command {
        Command::Analyze(args) => analyze(args, cli.history.as_deref(), talk),
        #[cfg(feature = "history")]
        Command::History(args) => command::history::run(args, cli.history.as_deref()),
        Command::Report(args) => {
            let folder = args.out.clone().unwrap_or_else(|| home_of(&args.input));
            let change = Rerender {
                settings: analysis::config()?.onto(Settings::default()),
                flags: args.judge.choices(),
                audience: args.audience.audience(),
            };
            let mut outcome = analysis::render_again(&args.input, &folder, &change)?;
            let mut diary = Diary::new(Keeping::Diary, cli.history.as_deref());
            match args.out {
                None => diary.follow(&mut outcome, talk),
                Some(_) => diary.ask(&mut outcome, talk),
            }
            show(&outcome, args.json, talk)?;
            Ok(0)
        }
        Command::Explain(args) => {
            let report = analysis::stored(&args.report)?;
            let rep = report
                .reps
                .iter()
                .find(|r| r.number == args.rep)
                .ok_or_else(|| Error::Usage {
                    what: format!("there is no rep {}", args.rep),
                    hint: format!("The report has reps 1 to {}.", report.reps.len()),
                })?;
            print(report::explain::text(&report, rep).as_bytes())
        }
        #[cfg(feature = "history")]
        Command::Calibrate(args) => {
            print(command::calibrate::run(args, cli.history.as_deref(), talk)?.as_bytes())
        }
        Command::Check(args) => {
            let checked = command::check::run(args)?;
            print(&checked.text).map(|_| checked.exit_code)
        }
        Command::Compare(args) => print(&command::compare::run(args, cli.history.as_deref())?),
        Command::Export(args) => print(command::export::run(args)?.as_bytes()),
        Command::Reps(args) => {
            let mut diary = Diary::new(Keeping::Diary, cli.history.as_deref());
            print(command::reps::run(args, &mut diary, talk)?.as_bytes())
        }
        Command::Doctor => print(doctor()?.as_bytes()),
        Command::Schema { of } => print(of.schema()?.as_bytes()),
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "formcheck", &mut text);
            print(&text)
        }
        Command::Man => {
            let mut text = Vec::new();
            clap_mangen::Man::new(Cli::command())
                .render(&mut text)
                .map_err(|e| Error::Internal(e.to_string()))?;
            print(&text)
        }
    }
}

fn analyze(args: &cli::Analyze, diary: Option<&Path>, talk: &mut Talk) -> Result<u8> {
    let inputs = analysis::clips(&args.inputs)?;
    let plan = args.plan(analysis::config()?);
    let mut diary = Diary::new(args.keeping(), diary);
    if args.video {
        analysis::encoder_ready()?;
    }
    let single = inputs.len() == 1 && !args.inputs.iter().any(|path| path.is_dir());
    let mut done = Vec::new();
    let mut failed = Vec::new();
    for input in &inputs {
        let folder = place(input, args.out.as_deref(), single);
        let name = terminal::name(input.path());
        let analyzed = one(input, &folder, &plan, talk).and_then(|mut outcome| {
            diary.record(analysis::filmed_at(input.path()), &mut outcome, talk);
            if args.video {
                video(input, &folder, &plan, talk)?;
            }
            Ok(outcome)
        });
        match analyzed {
            Ok(outcome) if single => return finish_single(&outcome, args, talk),
            Ok(outcome) => {
                if !args.json {
                    show(&outcome, false, talk)?;
                }
                done.push(outcome);
            }
            Err(error) if single => return Err(error),
            Err(error) => {
                say(talk, &error);
                failed.push((name, error));
            }
        }
    }
    overview(&done, &failed, args, talk)?;
    finish_batch(&done, &failed, args)
}

fn one(input: &Input, folder: &Path, plan: &Plan, talk: &mut Talk) -> Result<Outcome> {
    let name = terminal::name(input.path());
    talk.begin();
    analysis::analyze(input, folder, plan, &mut |p| talk.progress(&name, p))
}

/// The annotated video beside the report.
fn video(input: &Input, folder: &Path, plan: &Plan, talk: &mut Talk) -> Result<()> {
    let name = format!("{}, video", terminal::name(input.path()));
    talk.begin();
    analysis::annotate(input, folder, plan.faces, &mut |p| talk.progress(&name, p))
}

/// The page over all clips, when there are several.
fn overview(
    done: &[Outcome],
    failed: &[(String, Error)],
    args: &cli::Analyze,
    talk: &mut Talk,
) -> Result<()> {
    if done.len() + failed.len() < 2 || done.is_empty() {
        return Ok(());
    }
    match command::overview::write(done, failed, &args.inputs, args.out.as_deref()) {
        Ok(Some(page)) if !args.json => {
            print(format!("\n  {}\n", page.display()).as_bytes()).map(drop)
        }
        Ok(_) => Ok(()),
        Err(error @ Error::Usage { .. }) => {
            talk.error(&terminal::warning("there is no overview", &error));
            Ok(())
        }
        Err(error) => Err(error),
    }
}

fn finish_single(outcome: &Outcome, args: &cli::Analyze, talk: &mut Talk) -> Result<u8> {
    show(outcome, args.json, talk)?;
    Ok(if args.fail_on_flag && flagged(&outcome.report) {
        FLAGGED
    } else {
        0
    })
}

fn finish_batch(done: &[Outcome], failed: &[(String, Error)], args: &cli::Analyze) -> Result<u8> {
    if args.json {
        let reports: Vec<&SessionReport> = done.iter().map(|o| &o.report).collect();
        let failed: Vec<_> = failed
            .iter()
            .map(|(clip, e)| serde_json::json!({"clip": clip, "error": e.to_string(), "hint": e.hint(), "exit_code": e.exit_code()}))
            .collect();
        let all = serde_json::json!({"schema": "formcheck/batch/1", "reports": reports, "failed": failed});
        print(format!("{all}\n").as_bytes())?;
    }
    if !failed.is_empty() {
        return Ok(SOME_FAILED);
    }
    Ok(
        if args.fail_on_flag && done.iter().any(|o| flagged(&o.report)) {
            FLAGGED
        } else {
            0
        },
    )
}

/// Where the results go: one clip straight into the given folder, several into one folder each within it.
fn place(input: &Input, out: Option<&Path>, single: bool) -> PathBuf {
    let usual = analysis::results_folder(input);
    match (out, single) {
        (None, _) => usual,
        (Some(out), true) => out.into(),
        (Some(out), false) => out.join(usual.file_name().unwrap_or_default()),
    }
}

/// Where drawing again puts its results: where the old ones are.
fn home_of(input: &Path) -> PathBuf {
    if input.is_dir() {
        input.into()
    } else if input.extension().is_some_and(|e| e == "jsonl") {
        analysis::results_folder(&Input::Recording(input.into()))
    } else {
        analysis::home_of(input).into()
    }
}

fn flagged(report: &SessionReport) -> bool {
    report
        .reps
        .iter()
        .any(|r| r.verdict == Verdict::LeftNeutral)
}

fn show(outcome: &Outcome, json: bool, talk: &mut Talk) -> Result<()> {
    if outcome.made == Made::Before {
        talk.note(
            "Unchanged since the last run; the results were kept (--force makes them again).",
        );
    }
    talk.detail(&format!(
        "{} frames, {:.1} s",
        outcome.report.track.len(),
        outcome.report.run.elapsed_s
    ));
    if json {
        return print(&report::json::json(&outcome.report)?).map(|_| ());
    }
    let colour = std::io::stdout().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
    let files: Vec<String> = analysis::listed(&outcome.folder)
        .iter()
        .map(|p| p.display().to_string())
        .collect();
    let text = terminal::summary(
        &outcome.report,
        &files,
        if colour { Ink::Colour } else { Ink::Plain },
    );
    print(text.as_bytes()).map(|_| ())
}

fn say(talk: &mut Talk, error: &Error) {
    talk.error(&terminal::fault(error));
}

/// To stdout. A reader that has gone away (`| head`) is no error.
fn print(bytes: &[u8]) -> Result<u8> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(source) if source.kind() != std::io::ErrorKind::BrokenPipe => Err(Error::Output {
            path: "stdout".into(),
            source,
        }),
        _ => Ok(0),
    }
}

/// What is there; an error names what is missing and the command that brings it.
fn doctor() -> Result<String> {
    let mut text = format!("formcheck {}\n", env!("CARGO_PKG_VERSION"));
    if cfg!(feature = "vision") {
        for network in analysis::networks()? {
            text += &format!(
                "network {}, sha-256 {}: loaded\n",
                network.name, network.sha256
            );
        }
        text += "ready: videos and recordings can be read\n";
    } else {
        text += "ready: recordings can be read (built without the feature `vision`, so no video)\n";
    }
    Ok(text)
}
