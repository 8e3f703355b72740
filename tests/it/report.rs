//! The report room: words, escaping, self-containment, schema, determinism.

use crate::made_up::{self, page};
use formcheck::report::{self, Audience, Pictures, terminal::Ink};
use formcheck::session::{SessionReport, Verdict};

/// What a reader sees of a page: no tags, no style, no script.
fn visible(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page;
    for (open, close) in [("<style>", "</style>"), ("<script>", "</script>")] {
        assert_eq!(rest.matches(open).count(), 1, "one {open}");
        assert!(rest.contains(close));
    }
    let body = &page[page.find("</style>").unwrap()..page.find("<script>").unwrap()];
    rest = body;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        rest = &rest[start..][rest[start..]
            .find('>')
            .map_or(rest.len() - start, |e| e + 1)..];
    }
    text
}

/// No word that the evidence does not support, nor one of `also`.
pub fn says_no_more_than_the_evidence(text: &str, also: &[&str]) {
    let text = text.to_lowercase();
    let never = [
        "dangerous",
        "unsafe",
        "safe",
        "injur",
        "risk",
        "bad form",
        "perfect",
        "score",
    ];
    for word in never.iter().chain(also) {
        assert!(!text.contains(word), "{word:?} is said");
    }
}

#[test]
fn the_page_can_be_looked_at() {
    let Some(folder) = std::env::var_os("FORMCHECK_LOOK") else {
        return;
    };
    let (report, pictures) = (made_up::report(), Pictures::new());
    for (name, report, audience) in [
        ("lifter", &report, Audience::Lifter),
        ("coach", &report, Audience::Coach),
        ("hostile", &hostile(), Audience::Lifter),
        ("ten", &made_up::ten_reps(), Audience::Lifter),
        ("fifty", &made_up::fifty_reps(), Audience::Lifter),
    ] {
        let html = report::html(report, &pictures, audience, None).unwrap();
        std::fs::write(
            std::path::Path::new(&folder).join(format!("{name}.html")),
            html,
        )
        .unwrap();
    }
}

#[test]
fn the_blocks_stand_in_the_order_of_the_page() {
    let page = page(&made_up::report());
    let heads = [
        "id=\"answer\"",
        "id=\"next\"",
        "id=\"sure\"",
        "id=\"reps\"",
        "class=\"strip\"",
        "id=\"rep-1\"",
        "id=\"set\"",
        "id=\"notes\"",
        "id=\"about\"",
    ];
    let places: Vec<usize> = heads
        .iter()
        .map(|h| page.find(h).unwrap_or_else(|| panic!("{h} is missing")))
        .collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn the_page_asks_for_nothing_outside_itself() {
    let (report, pictures) = made_up::with_pictures();
    let page = report::html(&report, &pictures, Audience::Lifter, None).unwrap();
    for word in [
        "src=",
        "url(",
        "@import",
        "fetch(",
        "XMLHttpRequest",
        "http://",
        "https://",
    ] {
        assert!(!page.contains(word), "{word} is in the page");
    }
    let links = page.matches("href=\"").count();
    let inside = page.matches("href=\"#").count() + page.matches("href=\"data:").count();
    let beside = ["report.json", "reps.csv", "frames.csv"]
        .iter()
        .filter(|f| page.contains(&format!("href=\"{f}\"")))
        .count();
    assert_eq!(links, inside + beside);
}

#[test]
fn every_picture_is_in_the_page_once() {
    let (report, pictures) = made_up::with_pictures();
    let page = report::html(&report, &pictures, Audience::Lifter, None).unwrap();
    assert_eq!(
        page.matches("data:image/jpeg;base64,").count(),
        pictures.len()
    );
}

/// Text that tries to break out, wherever text can be.
fn hostile() -> SessionReport {
    let hostile = format!(
        "\"><script>alert(1)</script>\u{202e}cod.4pm🏋️{}",
        "x".repeat(300)
    );
    let mut report = made_up::report();
    report.clip.name = hostile.clone();
    report.set.sentence = hostile.clone();
    report.cautions[0].message = "</style></script><img src=x onerror=alert(1)>".into();
    for rep in &mut report.reps {
        rep.reason = hostile.clone();
        rep.rule = "\" onmouseover=\"alert(1)".into();
        rep.missing.insert("depth".into(), "<b>'</b>".into());
        for proof in &mut rep.proofs {
            proof.picture = Some("../../etc/passwd".into());
        }
    }
    report
}

#[test]
fn a_hostile_name_and_note_do_no_harm() {
    let report = hostile();
    let page = page(&report);
    assert_eq!(page.matches("<script>").count(), 1);
    assert_eq!(page.matches("</script>").count(), 1);
    assert!(!page.contains("<img") && !page.contains("\" onmouseover"));
    let text = report::terminal::summary(&report, &[], Ink::Plain);
    assert!(!text.contains('\u{202e}') && !text.contains('\u{1b}'));
}

#[test]
fn no_output_says_what_the_evidence_does_not_support() {
    let report = made_up::report();
    let coach = report::html(&report, &Pictures::new(), Audience::Coach, None).unwrap();
    let explained: String = report
        .reps
        .iter()
        .map(|r| report::explain::text(&report, r))
        .collect();
    for text in [
        visible(&page(&report)),
        visible(&coach),
        report::terminal::summary(&report, &[], Ink::Plain),
        explained,
    ] {
        says_no_more_than_the_evidence(&text, &[]);
    }
}

#[test]
fn the_page_has_no_angle_with_decimals() {
    let text = visible(&page(&made_up::report()));
    let degrees: Vec<_> = text.match_indices('°').map(|(i, _)| i).collect();
    assert!(
        degrees.len() > 50,
        "the page speaks in degrees, {} times",
        degrees.len()
    );
    for i in degrees {
        let number: String = text[..i]
            .chars()
            .rev()
            .take_while(|c| c.is_ascii_digit() || *c == '.')
            .collect();
        assert!(
            !number.contains('.'),
            "a decimal: {}",
            number.chars().rev().collect::<String>()
        );
    }
}

#[test]
fn a_report_says_the_same_in_the_terminal() {
    let report = made_up::report();
    let text = report::terminal::summary(&report, &["out/report.html".into()], Ink::Plain);
    for part in [
        &report.set.sentence,
        &report.set.next_step,
        &report.set.certainty,
    ] {
        assert!(text.contains(part.as_str()));
    }
    let change = "From rep 1 to rep 4 it rounded about 17° more (±6°).";
    assert!(text.contains(change));
    let page = visible(&page(&report));
    assert!(
        page.find(change) < page.find(&report.set.next_step),
        "it is said first"
    );
    assert!(page.contains(change));
    for word in [
        "held",
        "close",
        "left neutral",
        "can't tell",
        "46° ±4°",
        "out/report.html",
    ] {
        assert!(text.contains(word), "{word}");
    }
}

#[test]
fn a_set_without_a_measured_rep_still_gives_a_page() {
    let mut report = made_up::report();
    for rep in &mut report.reps {
        rep.verdict = Verdict::CannotTell;
        rep.peak_lumbar_flexion_deg = None;
        rep.peak_lumbar_flexion_sd_deg = None;
        rep.proofs.clear();
    }
    for point in &mut report.track {
        *point = formcheck::session::TrackPoint {
            time_s: point.time_s,
            ..Default::default()
        };
    }
    assert!(page(&report).contains("can&#39;t tell"));
    report.reps.clear();
    report.track.clear();
    page(&report);
}

#[test]
fn the_report_keeps_to_the_checked_in_schema() {
    let schema = report::json::schema().unwrap();
    let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/report.schema.json");
    let checked_in = std::fs::read_to_string(kept).expect("docs/report.schema.json is there");
    assert_eq!(
        schema, checked_in,
        "the types changed: formcheck schema > docs/report.schema.json"
    );
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let bytes = report::json::json(&made_up::report()).unwrap();
    let document: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    let faults: Vec<String> = validator
        .iter_errors(&document)
        .map(|e| e.to_string())
        .collect();
    assert!(faults.is_empty(), "{faults:?}");
    let mut broken = document.clone();
    broken["reps"][0]["verdict"] = "fine".into();
    assert!(
        !validator.is_valid(&broken),
        "the schema refuses an unknown verdict"
    );
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let (one, two) = (made_up::report(), made_up::report());
    assert_eq!(
        report::json::json(&one).unwrap(),
        report::json::json(&two).unwrap()
    );
    assert_eq!(page(&one), page(&two));
}

#[test]
fn a_report_read_back_is_the_report() {
    let bytes = report::json::json(&made_up::report()).unwrap();
    let back = report::json::read(&bytes).unwrap();
    assert_eq!(report::json::json(&back).unwrap(), bytes);
}

#[test]
fn frames_csv_has_the_columns_of_the_contract() {
    let report = made_up::report();
    let csv = report::csv::frames(&report);
    let header = "time_s,lumbar_flexion_deg,lumbar_flexion_sd_deg,thoracic_flexion_deg,trunk_inclination_deg,hip_flexion_deg,knee_flexion_deg,depth,rep";
    assert!(csv.starts_with(header));
    let widths: Vec<usize> = csv.lines().map(|l| l.split(',').count()).collect();
    assert_eq!(widths.len(), report.track.len() + 1);
    assert!(widths.iter().all(|w| *w == widths[0]));
    let hidden = csv
        .lines()
        .nth(1 + (18.8 * 30.0 + 0.7 * 30.0) as usize)
        .unwrap();
    assert_eq!(
        hidden.split(',').nth(1),
        Some(""),
        "not measured is empty: {hidden}"
    );
}

#[test]
fn a_reason_with_a_comma_stays_one_cell() {
    let mut report = made_up::report();
    report.reps[0].reason = "said \"a, b\"".into();
    let csv = report::csv::reps(&report);
    assert!(
        csv.lines()
            .nth(1)
            .unwrap()
            .ends_with(",\"said \"\"a, b\"\"\",,,")
    );
}

#[test]
fn a_motion_file_counts_its_own_rows() {
    let report = made_up::report();
    let mot = report::mot::mot(&report);
    let rows: usize = mot
        .lines()
        .find_map(|l| l.strip_prefix("nRows="))
        .unwrap()
        .parse()
        .unwrap();
    let body: Vec<&str> = mot
        .lines()
        .skip_while(|l| *l != "endheader")
        .skip(1)
        .collect();
    assert_eq!(body[0].split('\t').count(), 5);
    assert_eq!(body.len() - 1, rows);
    assert!(rows > 500, "{rows}");
}

/// JPEG bytes of the largest picture that the program writes, 480 × 480 px at 80 %: the busiest gym seen, and pure noise.
const LARGEST: [usize; 2] = [46_500, 155_000];

/// A picture of so many bytes for every proof.
fn with_large_pictures(report: &mut SessionReport, bytes: usize) -> Pictures {
    let mut pictures = Pictures::new();
    for rep in &mut report.reps {
        for (proof, i) in rep.proofs.iter_mut().zip(0..) {
            let name = format!("crops/{}-{i}.jpg", rep.number);
            pictures.insert(name.clone(), vec![0x5a; bytes]);
            proof.picture = Some(name);
        }
    }
    pictures
}

#[test]
fn fifty_reps_with_pictures_still_go_through_a_messenger() {
    let mut report = made_up::fifty_reps();
    let pictures = with_large_pictures(&mut report, LARGEST[0]);
    let page = report::html(&report, &pictures, Audience::Lifter, None).unwrap();
    assert!(page.len() < 6_000_000, "{} bytes", page.len());
    let embedded = page.matches("data:image/jpeg;base64,").count();
    assert!(embedded >= 30 && embedded < pictures.len(), "{embedded}");
    assert!(
        page.contains("picture-4-worst"),
        "the flagged reps come first"
    );
}

#[test]
fn the_page_says_how_deep_the_set_stays_neutral_and_marks_it() {
    let report = made_up::report();
    let text = visible(&page(&report));
    for part in [
        "How deep you stay neutral",
        "about 27 % of its way up",
        "Last clearly neutral rep: 2 of 5.",
        "neutral →",
        "Between taking hold of the bar and lifting it",
    ] {
        assert!(text.contains(part), "{part}");
    }
}

#[test]
fn ten_reps_with_pictures_stay_under_3_mb_and_a_second() {
    let mut report = made_up::ten_reps();
    for bytes in LARGEST {
        let pictures = with_large_pictures(&mut report, bytes);
        let begun = std::time::Instant::now();
        let page = report::html(&report, &pictures, Audience::Lifter, None).unwrap();
        let took = begun.elapsed();
        assert!(took.as_secs_f64() < 1.0, "{took:?} in a debug build");
        assert!(page.len() < 3_000_000, "{} bytes", page.len());
        assert!(
            page.contains("picture-4-worst"),
            "what matters most is there"
        );
    }
}

#[test]
fn a_marker_file_reads_back_as_the_landmarks() {
    let mut recording = crate::synthetic_lifter::squats("set.mp4");
    recording.frames[1].person = None;
    let trc = report::trc::trc(&recording);
    let lines: Vec<&str> = trc.lines().collect();
    let facts: Vec<&str> = lines[2].split('\t').collect();
    let markers: usize = facts[3].parse().unwrap();
    let names: Vec<&str> = lines[3].split('\t').skip(2).step_by(3).collect();
    assert_eq!(
        (names.len(), facts[2]),
        (markers, recording.frames.len().to_string().as_str())
    );
    let rows: Vec<Vec<&str>> = lines[6 - 1..]
        .iter()
        .filter(|l| !l.is_empty())
        .map(|l| l.split('\t').collect())
        .collect();
    assert_eq!(rows.len(), recording.frames.len());
    assert!(rows.iter().all(|row| row.len() == 2 + 3 * markers));
    assert!(
        rows[1][2..].iter().all(|cell| cell.is_empty()),
        "nobody there, nothing written"
    );
    let nose = recording.frames[0].person.as_ref().unwrap().world[0];
    let read: Vec<f64> = rows[0][2..5]
        .iter()
        .map(|cell| cell.parse().unwrap())
        .collect();
    // four decimals are written: 0.1 mm
    for (read, true_value) in read.iter().zip([nose.x, -nose.y, -nose.z]) {
        assert!((read - true_value).abs() < 1e-4, "{read} {true_value}");
    }
}

#[test]
fn a_video_tells_the_rep_its_verdict_and_the_angle_but_none_where_nothing_can_be_told() {
    let recording = crate::synthetic_lifter::standing("set.mp4");
    let report = made_up::report();
    let reel = report::overlay::Reel::new(&report, &recording);
    assert_eq!(reel.at(formcheck::units::Seconds::new(0.0)).rep, None);
    let mut seen = 0;
    for rep in &report.reps {
        let during = reel.at(rep.turn_s);
        assert_eq!(during.rep, Some((rep.number, rep.verdict)));
        if rep.verdict == Verdict::CannotTell {
            assert_eq!((during.angle, during.said.as_str()), (None, ""));
        }
        seen += u32::from(during.angle.is_some());
    }
    assert!(seen > 0, "some rep shows its angle");
    let gauge = reel.gauge();
    assert!(gauge.low < gauge.arch_leave && gauge.arch_leave < gauge.arch_watch);
    assert!(
        gauge.arch_watch < gauge.watch && gauge.watch <= gauge.leave && gauge.leave < gauge.high
    );
}

#[test]
fn the_last_neutral_rep_says_which_before_it_were_not() {
    let mut report = made_up::report();
    report.reps[4].verdict = Verdict::Held;
    let text = visible(&page(&report));
    let words = "Last clearly neutral rep: 5 of 5, but reps 3 and 4 before it were not.";
    assert!(text.contains(words));
}

#[test]
fn units_stay_with_their_numbers_where_text_is_large() {
    let mut report = made_up::report();
    report.set.sentence = "Set of 5 deadlifts off 12 cm blocks: held.".into();
    assert!(page(&report).contains("<h1 id=\"answer\">Set of 5 deadlifts off 12\u{a0}cm blocks"));
}

#[test]
fn what_could_not_be_found_is_no_headline() {
    let mut report = made_up::report();
    let depth = report.set.neutral_depth.as_mut().unwrap();
    depth.finding = formcheck::session::NeutralFinding::Unknown;
    depth.sentence = "It takes three measured reps.".into();
    let html = page(&report);
    assert!(html.contains("<li>It takes three measured reps.</li>"));
    assert!(!html.contains("How deep you stay neutral"));
}

/// Relative luminance and contrast after WCAG 2.2.
fn contrast(one: &str, other: &str) -> f64 {
    let luminance = |hex: &str| {
        let hex = hex.trim_start_matches('#');
        let wide = match hex.len() {
            3 => hex.chars().flat_map(|c| [c, c]).collect(),
            _ => hex.to_owned(),
        };
        let part = |at: usize| {
            let value = f64::from(u8::from_str_radix(&wide[at..at + 2], 16).unwrap()) / 255.0;
            match value <= 0.040_45 {
                true => value / 12.92,
                false => ((value + 0.055) / 1.055).powf(2.4),
            }
        };
        0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4)
    };
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn digits_on_coloured_dots_and_words_on_cards_can_be_read_in_light_dark_and_print() {
    let css = include_str!("../../templates/page.css");
    let palettes: Vec<&str> = css
        .split(":root {")
        .skip(1)
        .map(|rest| rest.split('}').next().unwrap())
        .collect();
    assert_eq!(palettes.len(), 3, "light, dark, print");
    for palette in palettes {
        let colour = |name: &str| {
            let value = palette.split(&format!("--{name}: ")).nth(1).unwrap();
            value.split(';').next().unwrap()
        };
        for ink in ["held", "close", "left", "unsure", "soft", "ink"] {
            for ground in ["card", "page"] {
                let ratio = contrast(colour(ink), colour(ground));
                assert!(ratio >= 4.5, "{ink} on {ground}: {ratio:.2}");
            }
        }
        for ground in ["band", "watch", "wash"] {
            let ratio = contrast(colour("soft"), colour(ground));
            assert!(ratio >= 4.5, "soft on {ground}: {ratio:.2}");
        }
    }
    // a digit in a dot has the colour of the card, its dot that of the verdict
    assert!(css.contains(".sheet text[fill=\"#FFFFFF\"] { fill: var(--card);"));
}

#[test]
fn a_picture_says_its_finding_with_the_interval() {
    let html = page(&made_up::report());
    let told = html
        .split("aria-label=\"Rep 4, most rounded: ")
        .nth(1)
        .unwrap();
    let told = told.split('"').next().unwrap();
    assert!(
        told.contains("the lower back is rounded") && told.contains("° ±"),
        "{told}"
    );
    assert!(!html.contains("arched 0°") && !html.contains("rounded 0°"));
}

#[test]
fn a_plot_says_why_its_limit_is_tighter_than_that_of_the_lift() {
    let mut report = made_up::report();
    let set_up = formcheck::units::Angle::from_degrees(5.0);
    report.reps[0].set_up_lumbar_flexion_deg = Some(set_up);
    report.reps[1].set_up_lumbar_flexion_deg = None;
    let limit = report.settings.limits.deadlift;
    let more = limit.leave_over_set_up_deg.unwrap();
    let html = page(&report);
    let cards: Vec<&str> = html.split("<details class=\"card").collect();
    let said = format!(
        "Dashed line: {:.0}°, the limit of this rep: {:.0}° more than in its set-up.",
        (set_up + more).degrees(),
        more.degrees()
    );
    assert!(cards[1].contains(&said), "{said}");
    assert!(!cards[2].contains("the limit of this rep"));
}
