//! Memory that is free again.

/// Gives free memory back to the system: compiling a plugin or reading a site takes much more than is kept of it, and the
/// allocator of the GNU C library holds on to what it had.
pub fn give_back() {
    #[cfg(target_env = "gnu")]
    #[expect(unsafe_code, reason = "a function of the C library; Rust has none for it")]
    // SAFETY: `malloc_trim` looks for whole free pages, and moves nothing.
    unsafe {
        libc::malloc_trim(0);
    }
}
