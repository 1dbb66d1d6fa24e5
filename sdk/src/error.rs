//! Why a hook could not answer.

use crate::bindings::imports::porchlight::plugin::types::HookError as Wire;

/// Why a hook could not answer. The host's own answer stands, the visitor sees no trace, the operator reads this.
///
/// It takes any [`std::error::Error`] by `?`, as [`HookError::Internal`] with the whole chain of causes. (That is why it
/// is no `std::error::Error` itself: the two conversions would collide.)
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HookError {
    /// What it was given, settings included, makes no sense to it.
    Invalid(String),
    /// It lacks a grant.
    Denied(String),
    /// It was asked too often.
    RateLimited(String),
    /// Something it needs is not there now.
    Unavailable(String),
    /// Anything else.
    Internal(String),
}

impl<E: std::error::Error> From<E> for HookError {
    fn from(error: E) -> Self {
        let mut said = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            said = format!("{said}: {error}");
            cause = error.source();
        }
        Self::Internal(said)
    }
}

impl HookError {
    pub(crate) fn into_wire(self) -> Wire {
        match self {
            Self::Invalid(said) => Wire::Invalid(said),
            Self::Denied(said) => Wire::Denied(said),
            Self::RateLimited(said) => Wire::RateLimited(said),
            Self::Unavailable(said) => Wire::Unavailable(said),
            Self::Internal(said) => Wire::Internal(said),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_mark_takes_any_error_with_its_causes() {
        fn hook() -> Result<(), HookError> {
            let number: u8 = "three hundred".parse()?;
            unreachable!("{number}")
        }
        assert_eq!(hook(), Err(HookError::Internal("invalid digit found in string".to_owned())));
    }

    #[test]
    fn causes_are_told_one_after_the_other() {
        #[derive(Debug)]
        struct Outer(std::num::ParseIntError);
        impl std::fmt::Display for Outer {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("no price")
            }
        }
        impl std::error::Error for Outer {
            fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
                Some(&self.0)
            }
        }
        let cause = "x".parse::<u8>().expect_err("x is no number");
        assert_eq!(
            HookError::from(Outer(cause)),
            HookError::Internal("no price: invalid digit found in string".to_owned())
        );
    }
}
