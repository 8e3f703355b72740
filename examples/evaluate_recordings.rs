fn main() {
    for path in std::env::args().skip(1) {
        let file = std::io::BufReader::new(std::fs::File::open(&path).unwrap());
        let recording = formcheck::recording::Recording::read(file, &path).unwrap();
        let out = path.replace(".jsonl", ".report.json");
        match formcheck::science::analyze(&recording, &Default::default()) {
            Ok(r) => { std::fs::write(&out, serde_json::to_string(&r).unwrap()).unwrap();
                println!("{path} {:?} yaw {:?} ref {:?} reps {}", r.lift, r.view.yaw_deg, r.reference.kind, r.reps.iter().map(|p| format!("[{:.1} {:.1} {:.1}]", p.start_s.get(), p.turn_s.get(), p.end_s.get())).collect::<String>()); }
            Err(e) => { let _ = std::fs::remove_file(&out); println!("{path} {e}") }
        }
    }
}
