//! `formcheck calibrate`: a lifter's own range into the diary, so that later reports can say how much of it a rep used.

use super::history;
use crate::cli::Calibrate;
use crate::talk::Talk;
use formcheck::analysis::{self, Detail, Existing, Faces, Input, Plan};
use formcheck::choices::Choices;
use formcheck::diary::SetNotes;
use formcheck::error::{Error, Result};
use formcheck::history::OwnReference;
use formcheck::report::{Audience, terminal};
use formcheck::session::OwnRange;
use formcheck::settings::Settings;
use std::path::Path;

/// Measures the range and keeps it; gives what to print.
pub fn run(args: &Calibrate, place: Option<&Path>, talk: &mut Talk) -> Result<String> {
    let inputs = analysis::clips(std::slice::from_ref(&args.clip))?;
    let [input] = inputs.as_slice() else {
        return Err(Error::Usage {
            what: format!("{} is not one clip", args.clip.display()),
            hint: "Give the clip in which the lifter stands, touches the toes and bends back."
                .into(),
        });
    };
    let range = measured(input, talk)?;
    let payload = serde_json::to_value(range).map_err(|e| Error::Internal(e.to_string()))?;
    let mut diary = history::open(place)?;
    let day = diary.day_of(analysis::filmed_at(input.path()))?;
    diary.put_reference(&OwnReference {
        lifter: args.lifter.clone(),
        made_on: day.to_string(),
        payload,
    })?;
    Ok(terminal::own_range(&args.lifter, range))
}

fn measured(input: &Input, talk: &mut Talk) -> Result<OwnRange> {
    let plan = Plan {
        settings: analysis::config()?.onto(Settings::default()),
        flags: Choices::default(),
        audience: Audience::default(),
        detail: Detail::Usual,
        lifter_at: None,
        notes: SetNotes::default(),
        faces: Faces::Shown,
        existing: Existing::Keep,
    };
    let name = terminal::name(input.path());
    talk.begin();
    analysis::calibrate(input, &plan, &mut |p| talk.progress(&name, p))
}
