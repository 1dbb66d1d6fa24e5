//! Why a runtime did not start, a component was not loaded, or settings do not fit. Each says the mend.

use crate::compiler::CompileError;

/// The contract this host speaks.
pub(crate) const CONTRACT: &str = "porchlight:plugin@0.1.0";

/// Why the runtime did not start.
#[derive(Debug, thiserror::Error)]
pub enum RuntimeError {
    /// The engine, or its pool of memory, could not be made.
    #[error("the plugin engine cannot start (is address space limited by `ulimit -v`?): {0}")]
    Engine(String),
    /// The thread that counts CPU time could not be started.
    #[error("the plugin engine's ticker thread cannot start: {0}")]
    Ticker(#[from] std::io::Error),
}

/// Why a component was not loaded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// It is larger than a component may be.
    #[error(
        "the component has {bytes} bytes, {allowed} are allowed; build it with `--release` and `strip = true`, or raise the \
         host's limit"
    )]
    TooLarge {
        /// Its size in bytes.
        bytes: usize,
        /// What is allowed, in bytes.
        allowed: usize,
    },
    /// It is something else, or damaged.
    #[error("this is no WebAssembly component: {reason}")]
    NotAComponent {
        /// What it is instead, and the mend.
        reason: String,
    },
    /// The compiler came to no end with it.
    #[error("it was not compiled: {0}")]
    NotCompiled(CompileError),
    /// It is a component for another contract than this host's.
    #[error(
        "built {sdk} for another contract: {difference}; this host speaks `{}`: build it again with a matching \
         `porchlight-sdk`",
        CONTRACT
    )]
    WrongContract {
        /// What does not fit.
        difference: String,
        /// What it was built with, as far as the binary tells: `with porchlight-sdk 0.2.0`.
        sdk: String,
    },
    /// It exports no hook besides `describe`.
    #[error("it exports no hook of `{}`; does the plugin call `porchlight_sdk::register!` with its hooks?", CONTRACT)]
    NoHooks,
    /// It imports something that this host does not offer.
    #[error(
        "it imports `{name}`, which this host does not offer; build it without, or for this host's contract `{}`",
        CONTRACT
    )]
    UnknownImport {
        /// Name of the import.
        name: String,
    },
    /// Asking it what it is hit a limit. On a busy host that can pass.
    #[error("its `describe` failed: {message}")]
    DescribeLimited {
        /// Which limit.
        message: String,
    },
    /// Asking it what it is failed.
    #[error("its `describe` failed: {message}")]
    DescribeFailed {
        /// How it ended, or what is wrong with what it said.
        message: String,
    },
}

impl LoadError {
    /// Whether a busy host may be to blame, so that the same component may load later.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::DescribeLimited { .. } | Self::NotCompiled(_))
    }
}

/// Why settings do not fit a plugin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("settings of plugin `{plugin}`: {}", listed(.problems))]
pub struct SettingsError {
    /// The plugin's name in the site file.
    pub plugin: String,
    /// Everything that is wrong; never empty.
    pub problems: Vec<SettingsProblem>,
}

/// One thing that is wrong with settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsProblem {
    /// Where, as a JSON pointer (RFC 6901) into the settings; empty for the whole.
    pub pointer: String,
    /// What is wrong.
    pub message: String,
}

fn listed(problems: &[SettingsProblem]) -> String {
    problems.iter().map(|problem| format!("`{}` {}", problem.pointer, problem.message)).collect::<Vec<_>>().join("; ")
}
