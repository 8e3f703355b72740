//! Where the middles of the hips and of the shoulders really are.
//!
//! The pose network's own are off by a tenth of the trunk length (median on rendered lifters; in one frame of ten by a
//! quarter), while the outline is within a hundredth. A small network that sees where the outline runs about the
//! landmarks says how far they are off; the rays are then cast again from the better axis. One step of cascaded
//! regression (Dollár et al. 2010, doi 10.1109/CVPR.2010.5540094).

use super::back_line::TrunkFrame;
use super::lift::Load;
use super::look::{Look, WIDTH};
use super::perceptron::{Ensemble, rows};
use crate::session::Side;
use crate::units::Point;

/// Hip and shoulder, two coordinates each.
const OUTPUTS: usize = 4;
/// Places leave the network in units of this many trunk lengths.
const UNIT: f64 = 0.2;

static USUAL: &[u8] = include_bytes!("../../models/trunk_axis.bin");
static IN_FRONT: &[u8] = include_bytes!("../../models/trunk_axis_front.bin");

/// The trained networks.
pub struct AxisNetwork(Ensemble);

impl AxisNetwork {
    /// The networks that this program carries for lifters with that load.
    pub fn load(load: Load) -> Self {
        let ensemble = Ensemble::parse(load.choose(USUAL, IN_FRONT), WIDTH, OUTPUTS);
        AxisNetwork(ensemble.expect("the weights are compiled in and read by a test"))
    }

    /// The better axis of each frame, from a look along the given one. `None` without a look, or when it would have no length.
    pub fn refined(
        &self,
        looks: &[Option<(TrunkFrame, Look)>],
        side: Side,
    ) -> Vec<Option<TrunkFrame>> {
        let seen: Vec<Vec<f32>> = looks.iter().flatten().map(|l| self.inputs(&l.1)).collect();
        let mut said = self.0.estimates(&seen, &[]).into_iter();
        let moved = |look: &Option<(TrunkFrame, Look)>| {
            let (trunk, _) = look.as_ref()?;
            let said = said.next()?;
            Self::moved(trunk, side, |i| said[i].value)
        };
        looks.iter().map(moved).collect()
    }

    /// As [`Self::refined`] of one frame, by one member alone: in training, the one that has not seen the body.
    pub fn refined_by(
        &self,
        member: usize,
        look: &(TrunkFrame, Look),
        side: Side,
    ) -> Option<TrunkFrame> {
        let row = rows(&[self.inputs(&look.1)], WIDTH);
        let said = self.0.member(member % self.0.len(), &row, &[]);
        Self::moved(&look.0, side, |i| f64::from(said[[0, i]]))
    }

    fn inputs(&self, look: &Look) -> Vec<f32> {
        self.0.scaled(0, look.numbers).collect()
    }

    fn moved(trunk: &TrunkFrame, side: Side, said: impl Fn(usize) -> f64) -> Option<TrunkFrame> {
        let hip = Point::new(said(0), said(1)) * UNIT;
        let shoulder = Point::new(1.0, 0.0) + Point::new(said(2), said(3)) * UNIT;
        TrunkFrame::new(
            trunk.image_from_trunk(hip),
            trunk.image_from_trunk(shoulder),
            side,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_that_the_program_carries_fit_its_inputs() {
        for load in [Load::Usual, Load::InFront] {
            assert!(Ensemble::parse(load.choose(USUAL, IN_FRONT), WIDTH, OUTPUTS).is_some());
        }
    }
}
