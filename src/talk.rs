//! What is said on stderr while a run lasts: a bar that redraws on a terminal, a line every few seconds elsewhere.

use formcheck::analysis::Progress;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// Time between two lines where stderr is not a terminal.
const LINE_EVERY: Duration = Duration::from_secs(5);
/// Time between two drawings of the bar.
const BAR_EVERY: Duration = Duration::from_millis(100);
const BAR_WIDTH: usize = 24;

/// How much is said.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Loudness {
    /// Errors only.
    Quiet,
    /// Progress and notes.
    Usual,
    /// Notes for the curious, too.
    Verbose,
}

/// The voice of one run.
pub struct Talk {
    loudness: Loudness,
    on_terminal: bool,
    begun: Instant,
    said: Option<Instant>,
    drawn: bool,
    behind_plate: bool,
}

impl Talk {
    /// Speaks to stderr.
    pub fn new(loudness: Loudness) -> Self {
        Talk {
            loudness,
            on_terminal: std::io::stderr().is_terminal(),
            begun: Instant::now(),
            said: None,
            drawn: false,
            behind_plate: false,
        }
    }

    /// A new clip begins: its time left is counted from here.
    pub fn begin(&mut self) {
        self.begun = Instant::now();
        self.said = None;
        self.behind_plate = false;
    }

    /// How far `name` is. A second reading behind the plate counts from its own beginning.
    pub fn progress(&mut self, name: &str, progress: Progress) {
        if progress.behind_plate && !self.behind_plate {
            self.begin();
            self.behind_plate = true;
        }
        let what = match progress.behind_plate {
            true => ", once more behind the plate",
            false => "",
        };
        let pause = if self.on_terminal {
            BAR_EVERY
        } else {
            LINE_EVERY
        };
        let since = self.said.unwrap_or(self.begun).elapsed();
        if self.loudness == Loudness::Quiet || since < pause {
            return;
        }
        self.said = Some(Instant::now());
        let share = progress.share.clamp(0.0, 1.0);
        let left = self.begun.elapsed().as_secs_f64() * (1.0 - share) / share.max(1e-3);
        let (percent, left) = (
            share * 100.0,
            format!("{}:{:02} left", left as u64 / 60, left as u64 % 60),
        );
        if self.on_terminal {
            let full = (share * BAR_WIDTH as f64).round() as usize;
            let bar = "━".repeat(full) + &"╌".repeat(BAR_WIDTH - full);
            self.write(&format!(
                "\r{name}{what}  {bar} {percent:3.0} %  {left} \u{1b}[K"
            ));
            self.drawn = true;
        } else {
            self.write(&format!("{name}{what}: {percent:.0} %, {left}\n"));
        }
    }

    /// A note for the usual reader.
    pub fn note(&mut self, text: &str) {
        if self.loudness != Loudness::Quiet {
            self.line(text);
        }
    }

    /// A note for the curious.
    pub fn detail(&mut self, text: &str) {
        if self.loudness == Loudness::Verbose {
            self.line(text);
        }
    }

    /// An error, always said.
    pub fn error(&mut self, text: &str) {
        self.line(text);
    }

    fn line(&mut self, text: &str) {
        if std::mem::take(&mut self.drawn) {
            self.write("\r\u{1b}[K");
        }
        self.write(&format!("{text}\n"));
    }

    fn write(&self, text: &str) {
        // a closed stderr must not end the run
        let mut out = std::io::stderr().lock();
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }
}
