//! The frames of a video that are worth looking at, decoded ahead of those who look.

use super::picture::Picture;
use super::video::Video;
use crate::error::Result;
use crate::units::Seconds;
use std::path::Path;
use std::sync::mpsc::{SyncSender, sync_channel};

/// Frames closer together than this are passed over: 40 poses a second follow any lift (60 Hz video gives 30).
const MIN_FRAME_STEP_S: f64 = 1.0 / 40.0;
/// Frames decoded ahead of inference. Each 1080p frame takes 6 MB.
const FRAMES_AHEAD: usize = 3;

/// Shows every frame worth looking at. A thread decodes ahead.
pub fn each_frame(path: &Path, mut see: impl FnMut(Seconds, Picture) -> Result<()>) -> Result<()> {
    let (sender, receiver) = sync_channel(FRAMES_AHEAD);
    std::thread::scope(|scope| {
        scope.spawn(move || decode(path, &sender));
        for decoded in receiver {
            let (time, picture) = decoded?;
            see(time, picture)?;
        }
        Ok(())
    })
}

/// Sends the frames worth looking at; ends early when nobody listens any more.
fn decode(path: &Path, sender: &SyncSender<Result<(Seconds, Picture)>>) {
    let send_all = || -> Result<()> {
        let mut video = Video::open(path)?;
        let mut due_s = f64::NEG_INFINITY;
        while let Some(time) = video.grab()? {
            if time.get() < due_s {
                continue;
            }
            due_s = time.get() + MIN_FRAME_STEP_S * 0.9;
            if sender.send(Ok((time, video.picture()?))).is_err() {
                break;
            }
        }
        Ok(())
    };
    if let Err(error) = send_all() {
        // Nobody listening means that inference failed, which is reported there.
        let _ = sender.send(Err(error));
    }
}
