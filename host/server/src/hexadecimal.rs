//! Bytes in lower-case hexadecimal, two digits each.

/// `[0x0f, 0xa0]` → `0fa0`.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
