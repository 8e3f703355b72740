//! Which pictures ride in the page: all of an ordinary set; of a set of fifty reps the ones that say most, so that the
//! page still goes through a messenger. A proof without its picture shows the lifter's outline.

use crate::report::Pictures;
use crate::session::{Proof, ProofKind, Rep, SessionReport, Verdict};

/// Bytes of JPEG in a page: with their text encoding about 2.5 MB, so that a page of many reps stays near 3 MB.
const MOST_BYTES: usize = 1_900_000;

/// The pictures that fit, the worst moments of the flagged reps first.
pub fn fitting(report: &SessionReport, pictures: &Pictures) -> Pictures {
    let mut proofs: Vec<(&Rep, &Proof)> = report
        .reps
        .iter()
        .flat_map(|rep| rep.proofs.iter().map(move |proof| (rep, proof)))
        .collect();
    proofs.sort_by_key(|(rep, proof)| (later(proof), rank(rep), rep.number));
    let mut fitting = Pictures::new();
    let mut bytes = 0;
    for (_, proof) in proofs {
        let named = proof.picture.as_ref();
        let Some((name, jpeg)) = named.and_then(|name| pictures.get_key_value(name)) else {
            continue;
        };
        if bytes + jpeg.len() > MOST_BYTES {
            break;
        }
        bytes += jpeg.len();
        fitting.insert(name.clone(), jpeg.clone());
    }
    fitting
}

/// Tiles show the worst moment, cards the rest.
fn later(proof: &Proof) -> bool {
    proof.kind != ProofKind::Worst
}

fn rank(rep: &Rep) -> u8 {
    match rep.verdict {
        Verdict::LeftNeutral => 0,
        Verdict::Close => 1,
        Verdict::CannotTell => 2,
        Verdict::Held => 3,
    }
}
