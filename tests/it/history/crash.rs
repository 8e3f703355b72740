//! Killed between any two writes, and out of disk: what was recorded before is there, and what was under way is there
//! whole or not at all.

use super::{Edit, anna, entries, exported, next_morning, record, report};
use formcheck::diary::SetNotes;
use formcheck::history::History;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// The log is cut at every so many bytes; no divisor of a page, so that cuts fall everywhere within one.
const CUT_EVERY: usize = 2503;

type State = Vec<(String, SetNotes, usize)>;

fn state(history: &History) -> State {
    let all = entries(history);
    let reps = |id| history.report(id).expect("whole").reps.len();
    all.into_iter()
        .map(|e| (e.content_sha256, e.notes, reps(e.id)))
        .collect()
}

/// SQLite writes each change to the end of its log and nowhere else, so a log cut short is what a process leaves that
/// is killed there.
#[test]
fn a_log_cut_anywhere_gives_a_state_that_once_was() {
    let home = TempDir::new().unwrap();
    let path = home.path().join("history.sqlite");
    let mut history = History::open(&path).unwrap();
    let mut states = vec![state(&history)];
    for clip in 0..4 {
        record(&mut history, &report(clip, anna(60.0)));
        states.push(state(&history));
        history.edit(1, &next_morning(clip as u8)).unwrap();
        states.push(state(&history));
    }
    history.remove(2).unwrap();
    states.push(state(&history));
    record(&mut history, &report(3, anna(70.0)));
    states.push(state(&history));

    let log = std::fs::read(home.path().join("history.sqlite-wal")).unwrap();
    let main = std::fs::read(&path).unwrap();
    assert!(
        log.len() > 20 * CUT_EVERY,
        "the log has {} bytes",
        log.len()
    );
    let mut reached = 0;
    for cut in (0..log.len()).step_by(CUT_EVERY).chain([log.len()]) {
        let found = after_crash(&main, &log[..cut]);
        let place = states[reached..].iter().position(|s| *s == found);
        reached += place.unwrap_or_else(|| panic!("cut at {cut}: never was {found:?}"));
    }
    assert_eq!(
        reached,
        states.len() - 1,
        "the whole log gives the last state"
    );
}

fn after_crash(main: &[u8], log: &[u8]) -> State {
    let home = TempDir::new().unwrap();
    let path = home.path().join("history.sqlite");
    std::fs::write(&path, main).unwrap();
    std::fs::write(home.path().join("history.sqlite-wal"), log).unwrap();
    state(&History::open(&path).unwrap())
}

fn import(path: &Path, limits: &str, lines: &Path) -> std::process::Output {
    let script = format!("{limits} exec \"$0\" --history \"$1\" history import \"$2\"");
    Command::new("sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_formcheck")])
        .args([path, lines])
        .output()
        .unwrap()
}

/// A limit on the size of files ends a write where it would pass it: as a full disk does when the signal is ignored,
/// else the process is killed there.
#[test]
fn a_full_disk_or_a_kill_in_the_middle_of_a_write_loses_nothing() {
    let (source, home) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut other = History::open(&source.path().join("h.sqlite")).unwrap();
    for clip in 0..8 {
        record(&mut other, &report(10 + clip, anna(80.0)));
    }
    let lines = source.path().join("export.jsonl");
    std::fs::write(&lines, exported(&other)).unwrap();

    let path = home.path().join("history.sqlite");
    let mut history = History::open(&path).unwrap();
    record(&mut history, &report(1, anna(60.0)));
    history.edit(1, &next_morning(2)).unwrap();
    drop(history);
    let before = state(&History::open(&path).unwrap());
    let (mut failed, mut killed) = (0, 0);
    // blocks of 512 bytes, up to what holds one session more but not eight
    for blocks in (0..240).step_by(24) {
        for (ignore, count) in [("trap '' XFSZ;", &mut failed), ("", &mut killed)] {
            let output = import(&path, &format!("{ignore} ulimit -f {blocks};"), &lines);
            if output.status.code() == Some(0) {
                continue;
            }
            *count += 1;
            let now = state(&History::open(&path).unwrap());
            assert_eq!(now, before, "{blocks} blocks: {output:?}");
        }
    }
    assert!(
        failed > 3 && killed > 3,
        "failed {failed}, killed {killed} times"
    );
    assert_eq!(import(&path, "", &lines).status.code(), Some(0));
    assert_eq!(state(&History::open(&path).unwrap()).len(), 9);
}

/// For real: killed at arbitrary moments while it writes.
#[test]
fn a_killed_process_leaves_a_whole_diary() {
    let (source, home) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut other = History::open(&source.path().join("h.sqlite")).unwrap();
    let lines = source.path().join("export.jsonl");
    for clip in 0..60 {
        record(&mut other, &report(10 + clip, anna(80.0)));
    }
    std::fs::write(&lines, exported(&other)).unwrap();
    let path = home.path().join("history.sqlite");
    let mut history = History::open(&path).unwrap();
    record(&mut history, &report(1, anna(60.0)));
    for pause_ms in (0..60).step_by(6) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_formcheck"))
            .args([Path::new("--history"), &path, Path::new("history")])
            .args([Path::new("import"), &lines])
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(pause_ms));
        let _ = child.kill();
        child.wait().unwrap();
        let count = state(&history).len();
        assert!(count == 1 || count == 61, "after {pause_ms} ms: {count}");
        for id in entries(&history).iter().map(|e| e.id).filter(|id| *id != 1) {
            history.remove(id).unwrap();
        }
    }
    history.edit(1, &Edit { ..next_morning(1) }).unwrap();
}

/// Processes lock each other out by other means than the threads of one.
#[test]
fn several_processes_at_once_make_one_diary() {
    let (source, home) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let path = home.path().join("history.sqlite");
    let mut children = Vec::new();
    for process in 0..4 {
        let name = source.path().join(format!("{process}.sqlite"));
        let mut other = History::open(&name).unwrap();
        for clip in 0..5 {
            record(&mut other, &report(clip, SetNotes::default()));
            record(&mut other, &report(100 * (process + 1) + clip, anna(80.0)));
        }
        let lines = name.with_extension("jsonl");
        std::fs::write(&lines, exported(&other)).unwrap();
    }
    for process in 0..4 {
        let lines = source.path().join(format!("{process}.jsonl"));
        let child = Command::new(env!("CARGO_BIN_EXE_formcheck"))
            .args([Path::new("--history"), &path, Path::new("history")])
            .args([Path::new("import"), &lines])
            .stdout(std::process::Stdio::null())
            .spawn();
        children.push(child.unwrap());
    }
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(entries(&History::open(&path).unwrap()).len(), 4 * 5 + 5);
}
