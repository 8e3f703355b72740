//! When a clip was filmed, as far as its file tells: what the camera wrote into an MP4 or MOV, which survives copying,
//! else when the file was last changed.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// From 1904, where MP4 counts from, to 1970: 66 years with 17 leap days.
const MP4_EPOCH_S: u64 = (66 * 365 + 17) * 86_400;
/// 2005-01-01: before phones filmed. Cameras whose clock was never set write less.
const EARLIEST_S: u64 = 1_104_537_600;
/// Boxes that are looked at before giving up: a sound file has a dozen.
const MOST_BOXES: usize = 64;

/// The moment; `None` when the file cannot be read.
pub fn filmed_at(path: &Path) -> Option<SystemTime> {
    let mut file = File::open(path).ok()?;
    let written = || file.metadata().ok()?.modified().ok();
    let fallback = written();
    let seconds = creation_s(&mut file)?.checked_sub(MP4_EPOCH_S);
    let moment = |s: u64| UNIX_EPOCH + Duration::from_secs(s);
    seconds
        .filter(|s| *s > EARLIEST_S)
        .map(moment)
        .filter(|at| *at <= SystemTime::now())
        .or(fallback)
}

/// Seconds since 1904 in the movie header; 0 when the file has none.
fn creation_s(file: &mut File) -> Option<u64> {
    let length = file.metadata().ok()?.len();
    Some(creation(file, length).unwrap_or(0))
}

fn creation(file: &mut File, length: u64) -> Option<u64> {
    let (moov, end) = find(file, *b"moov", (0, length))?;
    let (mvhd, _) = find(file, *b"mvhd", (moov, end))?;
    file.seek(SeekFrom::Start(mvhd)).ok()?;
    let mut head = [0; 12];
    file.read_exact(&mut head).ok()?;
    // version 1 counts in 64 bits
    Some(match head[0] {
        1 => u64::from_be_bytes(head[4..12].try_into().ok()?),
        _ => u64::from(u32::from_be_bytes(head[4..8].try_into().ok()?)),
    })
}

/// From and to of what is in the first box of this name between two places.
fn find(file: &mut File, name: [u8; 4], (mut at, end): (u64, u64)) -> Option<(u64, u64)> {
    for _ in 0..MOST_BOXES {
        file.seek(SeekFrom::Start(at)).ok()?;
        let mut head = [0; 16];
        let read = file.read(&mut head).ok()?;
        if read < 8 {
            return None;
        }
        let (size, body) = match u32::from_be_bytes(head[..4].try_into().ok()?) {
            0 => (end.checked_sub(at)?, 8),
            1 if read == 16 => (u64::from_be_bytes(head[8..].try_into().ok()?), 16),
            size => (u64::from(size), 8),
        };
        let next = at.checked_add(size).filter(|n| *n <= end && size >= body)?;
        if head[4..8] == name {
            return Some((at + body, next));
        }
        at = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        [
            &(body.len() as u32 + 8).to_be_bytes()[..],
            name.as_slice(),
            body,
        ]
        .concat()
    }

    fn filmed(bytes: &[u8]) -> SystemTime {
        let home = tempfile::TempDir::new().unwrap();
        let path = home.path().join("a.mp4");
        std::fs::write(&path, bytes).unwrap();
        filmed_at(&path).unwrap()
    }

    fn movie(seconds: u32) -> Vec<u8> {
        let mut head = vec![0; 4];
        head.extend(seconds.to_be_bytes());
        head.extend([0; 92]);
        let moov = boxed(b"moov", &boxed(b"mvhd", &head));
        [boxed(b"ftyp", b"isom0000"), boxed(b"mdat", &[7; 40]), moov].concat()
    }

    #[test]
    fn the_camera_says_when_it_filmed() {
        // 2026-10-05 12:00:00 UTC
        let at = 1_791_201_600;
        let found = filmed(&movie((at + MP4_EPOCH_S) as u32));
        assert_eq!(found, UNIX_EPOCH + Duration::from_secs(at));
    }

    #[test]
    fn a_clock_never_set_or_a_damaged_file_leaves_the_files_own_time() {
        let minute_ago = SystemTime::now() - Duration::from_secs(60);
        for bytes in [
            movie(0),
            movie(u32::MAX),
            vec![1; 30],
            movie(9)[..60].into(),
        ] {
            assert!(filmed(&bytes) > minute_ago);
        }
    }
}
