//! A first look at a video file, before a decoder sees it: so that what is wrong is said in words, and not by the decoder.

mod lens;

use crate::error::{Error, Result};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// The error for a video that cannot be used.
pub fn bad(path: &Path, what: &str) -> Error {
    let hint = "Give a video as the phone made it: MP4 or MOV with H.264 or HEVC.".into();
    Error::BadInput {
        path: path.into(),
        what: what.into(),
        hint,
    }
}

/// Errors when the file cannot be a whole video.
pub fn check(path: &Path) -> Result<()> {
    let bad = |what: &str| bad(path, what);
    let facts = std::fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            let hint = "Check the name; a name with blanks needs quotes.".into();
            Error::BadInput {
                path: path.into(),
                what: "there is no such file".into(),
                hint,
            }
        }
        _ => bad(&error.to_string()),
    })?;
    if facts.is_dir() {
        return Err(bad("it is a folder, not a video"));
    }
    if facts.len() == 0 {
        return Err(bad("the file is empty"));
    }
    let mut file = File::open(path).map_err(|error| bad(&error.to_string()))?;
    let mut start = [0; 4096];
    let length = file
        .read(&mut start)
        .map_err(|error| bad(&error.to_string()))?;
    let start = &start[..length];
    if is_mp4(start) {
        let boxes = Boxes::read(&mut file, facts.len()).map_err(|error| bad(&error.to_string()))?;
        return boxes.verdict().map_or(Ok(()), |what| Err(bad(what)));
    }
    if start.starts_with(b"\x89PNG") || start.starts_with(&[0xff, 0xd8, 0xff]) {
        return Err(bad("it is a picture, not a video"));
    }
    if std::str::from_utf8(start).is_ok() {
        return Err(bad("it is a text file, not a video"));
    }
    Ok(())
}

/// Focal length of the lens on 35 mm film, millimetres; `None` when the file does not say, as most do not.
pub fn lens_35mm_equivalent_mm(path: &Path) -> Option<f64> {
    let mut file = File::open(path).ok()?;
    let length = file.metadata().ok()?.len();
    Boxes::read(&mut file, length).ok()?.lens_mm
}

fn is_mp4(start: &[u8]) -> bool {
    matches!(
        start.get(4..8),
        Some(b"ftyp" | b"moov" | b"mdat" | b"wide" | b"free" | b"skip")
    )
}

/// What the top level of an MP4 or MOV file holds (ISO/IEC 14496-12).
#[derive(Debug, Default)]
struct Boxes {
    index: bool,
    picture_track: bool,
    cut: bool,
    lens_mm: Option<f64>,
}

impl Boxes {
    fn read(file: &mut File, length: u64) -> std::io::Result<Self> {
        let mut boxes = Boxes::default();
        let mut at = 0;
        while at + 8 <= length {
            file.seek(SeekFrom::Start(at))?;
            let mut head = [0; 16];
            let got = file.read(&mut head)?;
            let short = u64::from(u32::from_be_bytes([head[0], head[1], head[2], head[3]]));
            let size = match short {
                0 => length - at,
                1 if got == 16 => u64::from_be_bytes([
                    head[8], head[9], head[10], head[11], head[12], head[13], head[14], head[15],
                ]),
                _ => short,
            };
            boxes.cut |= size < 8 || at.saturating_add(size) > length;
            if &head[4..8] == b"moov" {
                boxes.index = true;
                file.seek(SeekFrom::Start(at))?;
                let mut index = Vec::new();
                file.take(size).read_to_end(&mut index)?;
                boxes.picture_track = names_picture_track(&index);
                boxes.lens_mm = lens::focal_length_mm(&index);
            }
            if boxes.cut {
                break;
            }
            at += size;
        }
        Ok(boxes)
    }

    /// What is wrong, if anything is.
    fn verdict(&self) -> Option<&'static str> {
        match self {
            Boxes { index: false, .. } => Some("the file was cut off: its index is missing"),
            Boxes { cut: true, .. } => Some("the file was cut off before its end"),
            Boxes {
                picture_track: false,
                ..
            } => Some("it holds sound only, no picture"),
            _ => None,
        }
    }
}

/// A handler box (`hdlr`) names the kind of its track 8 bytes after its own name.
fn names_picture_track(index: &[u8]) -> bool {
    index
        .windows(16)
        .any(|window| &window[..4] == b"hdlr" && &window[12..] == b"vide")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        [&(8 + content.len() as u32).to_be_bytes()[..], name, content].concat()
    }

    fn verdict_on(name: &str, bytes: &[u8]) -> String {
        let path = std::env::temp_dir().join(format!("formcheck-{}-{name}", std::process::id()));
        std::fs::write(&path, bytes).unwrap();
        let found = check(&path);
        std::fs::remove_file(&path).unwrap();
        found.map_or_else(|error| error.to_string(), |()| "usable".into())
    }

    fn movie(handler: &[u8; 4]) -> Vec<u8> {
        let handler = named(b"hdlr", &[&[0; 8][..], handler].concat());
        [
            named(b"ftyp", b"isom"),
            named(b"moov", &handler),
            named(b"mdat", &[7; 100]),
        ]
        .concat()
    }

    #[test]
    fn a_whole_movie_passes_and_each_fault_is_named() {
        let whole = movie(b"vide");
        assert_eq!(verdict_on("whole", &whole), "usable");
        assert!(verdict_on("cut", &whole[..whole.len() - 50]).contains("cut off before its end"));
        assert!(verdict_on("no-index", &named(b"ftyp", b"isom")).contains("its index is missing"));
        assert!(verdict_on("sound", &movie(b"soun")).contains("sound only"));
        assert!(verdict_on("text", b"Dear diary").contains("text file"));
        assert!(verdict_on("empty", b"").contains("empty"));
    }

    #[test]
    fn a_missing_file_and_a_folder_are_told_apart() {
        assert!(
            check(Path::new("/no/such/clip.mp4"))
                .unwrap_err()
                .to_string()
                .contains("no such file")
        );
        assert!(
            check(&std::env::temp_dir())
                .unwrap_err()
                .to_string()
                .contains("folder")
        );
    }
}
