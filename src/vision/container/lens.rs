//! The lens that filmed, as far as the file says: phones of Apple write its focal length as on 35 mm film among the
//! metadata of the picture's track or of the film (QuickTime File Format, "Metadata": a `keys` box of names and an `ilst`
//! box of values). Others write none.

/// Name of the value.
const KEY: &[u8] = b"com.apple.quicktime.camera.focal_length.35mm_equivalent";
/// Lenses of phones, millimetres on 35 mm film; anything else is not believed.
const BELIEVED_MM: std::ops::Range<f64> = 8.0..400.0;

/// Focal length on 35 mm film from the film's index (`moov`), millimetres.
pub fn focal_length_mm(index: &[u8]) -> Option<f64> {
    let keys = positions(index, b"keys");
    let found = keys.into_iter().find_map(|at| {
        let number = key_number(index.get(at + 4..)?)?;
        let list = at + index.get(at..)?.windows(4).position(|w| w == b"ilst")?;
        value(index.get(list - 4..)?, number)
    });
    found.filter(|mm| BELIEVED_MM.contains(mm))
}

fn positions(bytes: &[u8], name: &[u8; 4]) -> Vec<usize> {
    let windows = bytes.windows(4).enumerate();
    windows
        .filter_map(|(at, window)| (window == name).then_some(at))
        .collect()
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(four.try_into().ok()?))
}

/// Which of the names is [`KEY`], counted from 1. `content`: version, number of names, then length, kind and text of each.
fn key_number(content: &[u8]) -> Option<u32> {
    let count = word(content, 4)?;
    let mut at = 8;
    for number in 1..=count {
        let size = word(content, at)? as usize;
        let text = content.get(at + 8..at.checked_add(size)?)?;
        if text == KEY {
            return Some(number);
        }
        at += size;
    }
    None
}

/// The value of a name. `list`: the whole `ilst` box, one box for each value, named by its number, with a `data` box inside.
fn value(list: &[u8], number: u32) -> Option<f64> {
    let end = (word(list, 0)? as usize).min(list.len());
    let mut at = 8;
    while at + 24 <= end {
        let size = word(list, at)? as usize;
        if word(list, at + 4)? == number {
            let data = word(list, at + 8)? as usize;
            let content = list.get(at + 24..at.checked_add(8 + data)?)?;
            return typed(word(list, at + 16)?, content);
        }
        if size < 8 {
            return None;
        }
        at += size;
    }
    None
}

/// A value by its well-known type: 1 text, 21 and 22 whole numbers, 23 and 24 binary fractions, 65 to 78 numbers of fixed length.
fn typed(kind: u32, content: &[u8]) -> Option<f64> {
    match kind {
        1 => std::str::from_utf8(content).ok()?.trim().parse().ok(),
        23 => Some(f64::from(f32::from_be_bytes(content.try_into().ok()?))),
        24 => Some(f64::from_be_bytes(content.try_into().ok()?)),
        21 | 22 | 65..=67 | 74..=78 if content.len() <= 8 => {
            let whole = content
                .iter()
                .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
            Some(whole as f64)
        }
        _ => None,
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    fn named(name: &[u8], content: &[u8]) -> Vec<u8> {
        [&(8 + content.len() as u32).to_be_bytes()[..], name, content].concat()
    }

    /// Metadata as an iPhone writes it, the lens second.
    fn metadata(kind: u32, value: &[u8]) -> Vec<u8> {
        let name = |text: &[u8]| named(b"mdta", text);
        let names = [name(b"com.apple.quicktime.camera.lens_model"), name(KEY)].concat();
        let keys = named(b"keys", &[&[0, 0, 0, 0, 0, 0, 0, 2], &names[..]].concat());
        let data = |kind: u32, value: &[u8]| {
            named(b"data", &[&kind.to_be_bytes()[..], &[0; 4], value].concat())
        };
        let item = |number: u32, data: &[u8]| named(&number.to_be_bytes(), data);
        let values = [
            item(1, &data(1, b"back camera")),
            item(2, &data(kind, value)),
        ]
        .concat();
        let hdlr = named(b"hdlr", b"\0\0\0\0\0\0\0\0mdta");
        named(
            b"moov",
            &named(b"meta", &[hdlr, keys, named(b"ilst", &values)].concat()),
        )
    }

    #[test]
    fn the_lens_is_read_in_each_way_it_is_written() {
        let float = 77.0_f32.to_be_bytes();
        for (kind, value, mm) in [
            (1, &b"26"[..], 26.0),
            (22, &[0, 0, 0, 24], 24.0),
            (66, &[0, 13], 13.0),
            (23, &float, 77.0),
        ] {
            assert_eq!(
                focal_length_mm(&metadata(kind, value)),
                Some(mm),
                "type {kind}"
            );
        }
    }

    #[test]
    fn no_lens_a_cut_one_and_a_wild_one_are_none() {
        assert_eq!(focal_length_mm(b"moov without any"), None);
        assert_eq!(focal_length_mm(&metadata(1, b"a lens")), None);
        assert_eq!(focal_length_mm(&metadata(22, &[0, 0, 0, 0])), None);
        let whole = metadata(22, &[0, 0, 0, 26]);
        for length in 0..whole.len() {
            // never a panic; the value itself ends the box
            let found = focal_length_mm(&whole[..length]);
            assert!(found.is_none(), "{length} bytes gave {found:?}");
        }
    }
}
