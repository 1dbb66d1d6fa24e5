//! rush-notice
