//! From where an address can be reached: a redirect of a public server must not lead to a private one.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::Url;

/// From where an address can be reached. Ordered from the inside to the outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// From this machine only.
    Loopback,
    /// From networks that are not public, such as that of an office or a data centre.
    Private,
    /// From everywhere.
    Public,
}

impl Reach {
    /// Whom an address can be reached by.
    pub fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => of_v4(address),
            IpAddr::V6(address) => of_v6(address),
        }
    }
}

fn of_v4(address: Ipv4Addr) -> Reach {
    let [a, b, c, _] = address.octets();
    // The "unspecified" address leads to this machine, too.
    if address.is_loopback() || a == 0 {
        return Reach::Loopback;
    }
    let is_shared = a == 100 && (64..128).contains(&b);
    let is_for_protocols = (a, b, c) == (192, 0, 0);
    let is_for_benchmarks = a == 198 && (b == 18 || b == 19);
    // Multicast, reserved, broadcast.
    let is_no_host = a >= 224;
    match address.is_private() || address.is_link_local() {
        false if !(is_shared || is_for_protocols || is_for_benchmarks || is_no_host) => {
            Reach::Public
        }
        _ => Reach::Private,
    }
}

fn of_v6(address: Ipv6Addr) -> Reach {
    if address.is_loopback() || address.is_unspecified() {
        return Reach::Loopback;
    }
    let [a, b, c, d, e, f, g, h] = address.segments();
    let v4 = |high: u16, low: u16| {
        let ([w, x], [y, z]) = (high.to_be_bytes(), low.to_be_bytes());
        of_v4(Ipv4Addr::new(w, x, y, z))
    };
    match (a, b, c, d, e, f) {
        // IPv4 in other clothes: mapped, compatible, translated (NAT64), 6to4.
        (0, 0, 0, 0, 0, 0 | 0xffff) | (0x64, 0xff9b, 0, 0, 0, 0) => v4(g, h),
        (0x2002, ..) => v4(b, c),
        // What is assigned to hosts of the world, but for Teredo.
        (0x2001, 0, ..) => Reach::Private,
        _ if a & 0xe000 == 0x2000 => Reach::Public,
        _ => Reach::Private,
    }
}

/// The addresses of a URL's host; none if its name cannot be resolved here.
pub async fn addresses(url: &Url) -> Vec<SocketAddr> {
    let port = url.port_or_known_default().unwrap_or_default();
    let host = url.host_str().unwrap_or_default();
    if let Ok(address) = host.trim_matches(['[', ']']).parse() {
        return vec![SocketAddr::new(address, port)];
    }
    match tokio::net::lookup_host((host, port)).await {
        Ok(found) => found.collect(),
        Err(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::Reach;

    #[test]
    fn addresses_are_of_this_machine_private_or_public() {
        for (reach, addresses) in [
            (
                Reach::Loopback,
                &[
                    "127.0.0.1",
                    "127.9.9.9",
                    "0.0.0.0",
                    "::1",
                    "::",
                    "::ffff:127.0.0.1",
                    "64:ff9b::7f00:1",
                    "2002:7f00:1::",
                ][..],
            ),
            (
                Reach::Private,
                &[
                    "10.0.0.1",
                    "172.16.0.1",
                    "172.31.255.255",
                    "192.168.1.1",
                    "169.254.169.254",
                    "100.64.0.1",
                    "192.0.0.8",
                    "198.18.0.1",
                    "224.0.0.1",
                    "255.255.255.255",
                    "fc00::1",
                    "fd00:ec2::254",
                    "fe80::1",
                    "fec0::1",
                    "ff02::1",
                    "::ffff:10.0.0.1",
                    "64:ff9b::a00:1",
                    "2002:a00:1::",
                    "2001::1",
                    "100::1",
                ],
            ),
            (
                Reach::Public,
                &[
                    "8.8.8.8",
                    "172.32.0.1",
                    "100.128.0.1",
                    "192.0.1.1",
                    "198.20.0.1",
                    "2606:4700::1111",
                    "2001:4860:4860::8888",
                    "::ffff:8.8.8.8",
                ],
            ),
        ] {
            for address in addresses {
                assert_eq!(Reach::of(address.parse().unwrap()), reach, "{address}");
            }
        }
    }
}
