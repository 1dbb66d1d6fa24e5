//! The suite every adaptor of the store passes.
