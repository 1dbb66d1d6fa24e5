//! Compiling: from a component to machine code, here or in a process of its own.
//!
//! A compiler works long and needs much memory, and a component can be made to have it need more. Therefore a host has it work
//! where it can be ended ([`Compiler`] is the port); who uses the runtime as a library compiles on the spot.

use std::{fmt::Debug, time::Duration};

use wasmtime::{Engine, component::Component};

use crate::engine;

/// Turns components into machine code.
pub trait Compiler: Debug + Send + Sync {
    /// The compiled form of a component, as [`InProcess`] of this very version gives it: the runtime runs it as it stands. Blocks
    /// until it is there.
    fn compile(&self, component: &[u8]) -> Result<Vec<u8>, CompileError>;
}

/// Compiles on the spot.
#[derive(Clone, Copy, Debug)]
pub struct InProcess;

/// Why there is no machine code of a component.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompileError {
    /// The compiler refuses it, and says why.
    #[error("{0}")]
    Refused(String),
    /// Compiling took longer than it may.
    #[error("compiling took more than the {} s allowed; build the plugin smaller, with `--release`", allowed.as_secs())]
    TooSlow {
        /// How long it may take.
        allowed: Duration,
    },
    /// The compiler crashed or was ended.
    #[error(
        "the compiler broke off ({0}); if it was ended for want of memory, build the plugin smaller, with `--release`, or give \
         the machine more"
    )]
    BrokeOff(String),
    /// The compiler could not be started.
    #[error("the compiler cannot be started ({0}); may the host start further processes (`ulimit -u`)?")]
    NotStarted(String),
}

impl Compiler for InProcess {
    fn compile(&self, component: &[u8]) -> Result<Vec<u8>, CompileError> {
        let compiled = engine::compiling().and_then(|engine| engine.precompile_component(component));
        compiled.map_err(|error| CompileError::Refused(error.root_cause().to_string()))
    }
}

/// Makes a compiled form ready to run.
pub fn open(engine: &Engine, code: &[u8]) -> Result<Component, CompileError> {
    #[expect(unsafe_code, reason = "the host's own compiler wrote these bytes")]
    // SAFETY: a `Compiler` gives what `InProcess` of this version gives; so its contract says.
    let opened = unsafe { Component::deserialize(engine, code) };
    opened.map_err(|error| CompileError::BrokeOff(format!("what it gave cannot be run: {error:#}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Runtime, RuntimeSettings};

    #[test]
    fn what_is_no_component_is_refused_with_a_reason() {
        let Err(CompileError::Refused(reason)) = InProcess.compile(b"\0asm\x0d\0\x01\0\xff") else {
            panic!("it compiled")
        };
        assert!(!reason.is_empty());
    }

    #[derive(Debug)]
    struct Gives(Result<Vec<u8>, CompileError>);

    impl Compiler for Gives {
        fn compile(&self, _: &[u8]) -> Result<Vec<u8>, CompileError> {
            self.0.clone()
        }
    }

    async fn said(given: Result<Vec<u8>, CompileError>) -> (String, bool) {
        let settings = RuntimeSettings { compiler: std::sync::Arc::new(Gives(given)), ..RuntimeSettings::default() };
        let component = wat::parse_str("(component)").expect("text");
        let error = Runtime::new(settings).expect("a runtime").load(&component).await.expect_err("it was not compiled");
        (error.to_string(), error.may_pass())
    }

    #[tokio::test]
    async fn a_compiler_that_comes_to_no_end_is_said_with_the_mend() {
        let allowed = Duration::from_secs(30);
        for (error, says, may_pass) in [
            (
                CompileError::TooSlow { allowed },
                "it was not compiled: compiling took more than the 30 s allowed; build",
                true,
            ),
            (
                CompileError::BrokeOff("signal: 6".to_owned()),
                "it was not compiled: the compiler broke off (signal: 6); ",
                true,
            ),
            (
                CompileError::NotStarted("EAGAIN".to_owned()),
                "it was not compiled: the compiler cannot be started (EAGAIN); ",
                true,
            ),
            (
                CompileError::Refused("odd".to_owned()),
                "this is no WebAssembly component: it cannot be compiled (odd): ",
                false,
            ),
        ] {
            let (said, passes) = said(Err(error)).await;
            assert!(said.starts_with(says), "{said}");
            assert_eq!(passes, may_pass, "{said}");
        }
    }

    #[tokio::test]
    async fn what_a_compiler_gives_that_is_no_code_is_not_run() {
        let (said, _) = said(Ok(b"nonsense".to_vec())).await;
        assert!(said.contains("what it gave cannot be run"), "{said}");
    }
}
