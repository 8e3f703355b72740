//! ONNX Runtime and the network files: found, checked, run. The only file that names `ort`.

use crate::error::{Error, Result};
use crate::recording::ModelId;
use ort::environment::Environment;
use ort::session::Session;
use ort::value::TensorRef;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::OnceLock;

/// A network file: its name, the checksum it must have, and its bytes when the program carries them.
pub struct NetworkFile {
    name: &'static str,
    sha256: &'static str,
    carried: Option<&'static [u8]>,
}

/// Finds people in the whole picture.
pub const DETECTION: NetworkFile = NetworkFile {
    name: "pose_detection.onnx",
    sha256: "26efc881e397406a4d029a685c2a76897808ea3d98ef04d0956885cc0430d6c9",
    carried: Some(include_bytes!("../../models/pose_detection.onnx")),
};
/// Landmarks and mask, small network.
pub const LITE: NetworkFile = NetworkFile {
    name: "pose_landmark_lite.onnx",
    sha256: "967c82d1e37b7273e409e2749233b770cef24a81cff9878b29fe93b4ebfa0ec3",
    carried: Some(include_bytes!("../../models/pose_landmark_lite.onnx")),
};
/// Landmarks and mask, the default.
pub const FULL: NetworkFile = NetworkFile {
    name: "pose_landmark_full.onnx",
    sha256: "918e782731255642fb12c093d2e2648f3f1bd5fdc86207ad4254aa27e26d0f98",
    carried: Some(include_bytes!("../../models/pose_landmark_full.onnx")),
};
/// Landmarks and mask, least jitter; 27 MB, so made on request by `models/make.sh heavy`.
pub const HEAVY: NetworkFile = NetworkFile {
    name: "pose_landmark_heavy.onnx",
    sha256: "aa0e566bab8c523982cd199fdfb149e0ea61a25e32cb84ce9c6d358dc89fdb71",
    carried: None,
};

impl NetworkFile {
    /// Name and checksum, as recordings state them.
    pub fn id(&self) -> ModelId {
        ModelId {
            name: self.name.into(),
            sha256: self.sha256.into(),
        }
    }

    /// The bytes, checked against the table.
    fn bytes(&self) -> Result<Cow<'static, [u8]>> {
        let bytes = match self.carried {
            Some(bytes) => Cow::Borrowed(bytes),
            None => Cow::Owned(self.read()?),
        };
        let found: String = Sha256::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        if found != self.sha256 {
            return Err(Error::Model {
                what: format!("{} is not the file expected (SHA-256 {found})", self.name),
                hint: "Make the network files again: models/make.sh".into(),
            });
        }
        Ok(bytes)
    }

    fn read(&self) -> Result<Vec<u8>> {
        let places = [
            std::env::var_os("FORMCHECK_MODELS").map(PathBuf::from),
            program_folder().map(|folder| folder.join("models")),
            Some(PathBuf::from(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/models"
            ))),
        ];
        places
            .iter()
            .flatten()
            .find_map(|folder| std::fs::read(folder.join(self.name)).ok())
            .ok_or_else(|| Error::Model {
                what: format!("the network file {} is missing", self.name),
                hint: "Make it with: models/make.sh heavy".into(),
            })
    }
}

/// A loaded network with one picture as input.
pub struct Network {
    session: Session,
    side: usize,
    outputs: &'static [&'static str],
}

impl Network {
    /// Loads `file`, whose input is `side` × `side` RGB, and whose outputs are wanted in the order given.
    pub fn load(file: &NetworkFile, side: usize, outputs: &'static [&'static str]) -> Result<Self> {
        let bytes = file.bytes()?;
        let session = environment().and_then(|environment| {
            let mut builder = Session::builder(environment)
                .map_err(|e| e.to_string())?
                .with_intra_threads(THREADS)
                .map_err(|e| e.to_string())?
                .with_intra_op_spinning(false)
                .map_err(|e| e.to_string())?;
            builder
                .commit_from_memory(&bytes)
                .map_err(|e| e.to_string())
        });
        let session = session.map_err(|what| Error::Model {
            what,
            hint: INSTALL_HINT.into(),
        })?;
        Ok(Network {
            session,
            side,
            outputs,
        })
    }

    /// Runs the network on planar RGB (`3 × side × side`) and returns its outputs, flattened.
    pub fn run(&mut self, input: &[f32]) -> Result<Vec<Vec<f32>>> {
        let fault = |e: ort::Error| Error::Internal(format!("inference failed: {e}"));
        let tensor =
            TensorRef::from_array_view(([1, 3, self.side, self.side], input)).map_err(fault)?;
        let outputs = self
            .session
            .run(ort::inputs!["input" => tensor])
            .map_err(fault)?;
        let read = |name: &&str| {
            outputs[*name]
                .try_extract_tensor::<f32>()
                .map(|(_, values)| values.to_vec())
        };
        self.outputs
            .iter()
            .map(|name| read(name).map_err(fault))
            .collect()
    }
}

/// Threads inside one inference. One: decoding runs beside it on another core, and threads that wait cost CPU.
const THREADS: usize = 1;

const INSTALL_HINT: &str = "Install ONNX Runtime with: scripts/setup.sh (or set ORT_DYLIB_PATH to libonnxruntime.so, 1.20 or newer)";

/// The process's one ONNX Runtime environment, or why there is none.
fn environment() -> std::result::Result<&'static Environment, String> {
    static ENVIRONMENT: OnceLock<std::result::Result<Environment, String>> = OnceLock::new();
    ENVIRONMENT
        .get_or_init(open_environment)
        .as_ref()
        .map_err(Clone::clone)
}

fn open_environment() -> std::result::Result<Environment, String> {
    let library = library().ok_or("ONNX Runtime (libonnxruntime.so) is not installed")?;
    let cannot = |e: String| format!("ONNX Runtime at {} cannot be used: {e}", library.display());
    let builder = ort::init_from(&library).map_err(|e| cannot(e.to_string()))?;
    let environment = builder
        .with_telemetry(false)
        .build()
        .map_err(|e| cannot(e.to_string()))?;
    environment.set_log_level(ort::logging::LogLevel::Error);
    Ok(environment)
}

/// Where ONNX Runtime is: `$ORT_DYLIB_PATH`, beside the program, in the repository's `runtime/`, in the system.
fn library() -> Option<PathBuf> {
    const NAME: &str = "libonnxruntime.so";
    if let Some(path) = std::env::var_os("ORT_DYLIB_PATH").filter(|path| !path.is_empty()) {
        return Some(path.into());
    }
    let beside = program_folder();
    let places = [
        beside.clone().map(|folder| folder.join(NAME)),
        beside.map(|folder| folder.join("runtime").join(NAME)),
        Some(PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/runtime")).join(NAME)),
        Some(PathBuf::from("/usr/local/lib").join(NAME)),
        Some(PathBuf::from("/usr/lib").join(NAME)),
        Some(PathBuf::from("/usr/lib/x86_64-linux-gnu").join(NAME)),
        Some(PathBuf::from("/usr/lib/aarch64-linux-gnu").join(NAME)),
    ];
    places.into_iter().flatten().find(|path| path.is_file())
}

fn program_folder() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    program.canonicalize().ok()?.parent().map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_carried_network_has_the_checksum_of_the_table() {
        for file in [DETECTION, LITE, FULL] {
            assert!(file.bytes().is_ok(), "{}", file.name);
        }
    }

    #[test]
    fn a_changed_network_file_is_refused_with_the_command_that_mends_it() {
        let file = NetworkFile {
            name: "changed.onnx",
            sha256: "00",
            carried: Some(b"something else"),
        };
        let error = file.bytes().unwrap_err();
        assert!(
            error.to_string().contains("changed.onnx") && error.hint().contains("models/make.sh")
        );
    }
}
