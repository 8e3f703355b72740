//! From a recording to a report: pure, same input, same bytes; no clock, files, threads or printing.

use crate::error::Result;
use crate::recording::Recording;
use crate::session::SessionReport;
use crate::settings::Settings;
