//! Ports that no HTTP server has.

/// Ports that browsers do not connect to either (Fetch standard, section 2.10, "port blocking"): what speaks there, such as a mail
/// server, might take an HTTP request for its own commands.
const BAD: [u16; 82] = [
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
    110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531,
    532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060,
    5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697,
];

/// Whether an HTTP server may be behind a port.
pub(crate) fn is_good(port: u16) -> bool {
    BAD.binary_search(&port).is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn web_servers_are_reached_and_others_are_not() {
        assert!(BAD.is_sorted());
        for port in [80, 443, 8080, 8443, 3000, 65_535] {
            assert!(is_good(port), "{port}");
        }
        for port in [0, 22, 25, 53, 143, 465, 587, 6667] {
            assert!(!is_good(port), "{port}");
        }
    }
}
