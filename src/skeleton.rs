//! The 33 landmarks of BlazePose: names and numbers as in MediaPipe's pose landmark model
//! (Bazarevsky et al. 2020, arXiv 2006.10204; `mediapipe/modules/pose_landmark`). Left and right are the lifter's own.

/// How many landmarks a person has.
pub const LANDMARKS: usize = 33;

/// A landmark that some measure needs; the discriminant is its index among the 33.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(usize)]
#[allow(missing_docs)]
pub enum Joint {
    Nose = 0,
    LeftEye = 2,
    RightEye = 5,
    LeftEar = 7,
    RightEar = 8,
    LeftShoulder = 11,
    RightShoulder = 12,
    LeftElbow = 13,
    RightElbow = 14,
    LeftWrist = 15,
    RightWrist = 16,
    LeftHip = 23,
    RightHip = 24,
    LeftKnee = 25,
    RightKnee = 26,
    LeftAnkle = 27,
    RightAnkle = 28,
    LeftHeel = 29,
    RightHeel = 30,
    LeftToe = 31,
    RightToe = 32,
}

impl Joint {
    /// Index among the 33 landmarks.
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// Left and right landmark of one pair.
pub type Pair = (Joint, Joint);

/// Shoulders.
pub const SHOULDERS: Pair = (Joint::LeftShoulder, Joint::RightShoulder);
/// Hips.
pub const HIPS: Pair = (Joint::LeftHip, Joint::RightHip);
/// Knees.
pub const KNEES: Pair = (Joint::LeftKnee, Joint::RightKnee);
/// Ankles.
pub const ANKLES: Pair = (Joint::LeftAnkle, Joint::RightAnkle);
/// Elbows.
pub const ELBOWS: Pair = (Joint::LeftElbow, Joint::RightElbow);
/// Wrists.
pub const WRISTS: Pair = (Joint::LeftWrist, Joint::RightWrist);
/// Heels.
pub const HEELS: Pair = (Joint::LeftHeel, Joint::RightHeel);
/// Toes (foot index).
pub const TOES: Pair = (Joint::LeftToe, Joint::RightToe);
/// Ears.
pub const EARS: Pair = (Joint::LeftEar, Joint::RightEar);

/// Bones drawn over pictures and video.
pub const BONES: [Pair; 12] = [
    (Joint::LeftShoulder, Joint::RightShoulder),
    (Joint::LeftShoulder, Joint::LeftElbow),
    (Joint::LeftElbow, Joint::LeftWrist),
    (Joint::RightShoulder, Joint::RightElbow),
    (Joint::RightElbow, Joint::RightWrist),
    (Joint::LeftHip, Joint::RightHip),
    (Joint::LeftHip, Joint::LeftKnee),
    (Joint::LeftKnee, Joint::LeftAnkle),
    (Joint::RightHip, Joint::RightKnee),
    (Joint::RightKnee, Joint::RightAnkle),
    (Joint::LeftShoulder, Joint::LeftHip),
    (Joint::RightShoulder, Joint::RightHip),
];
