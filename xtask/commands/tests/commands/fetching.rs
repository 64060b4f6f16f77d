//! Specs over the network: what is followed, and what is unpacked.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::support::*;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn encoded(encoding: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nContent-Encoding: {encoding}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

#[test]
fn packed_answers_are_read_within_the_limit() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.yaml"), ours("nexus")).unwrap();
    let packed = gzip(ours("nexus").as_bytes());
    let (first, second) = packed.split_at(packed.len() / 2);
    // 64 MiB in some kilobytes.
    let bomb = gzip(&vec![b'#'; 64 << 20]);
    assert!(bomb.len() < 1 << 20);
    let server = Server::start(&[
        ("gzip", encoded("gzip", &packed)),
        ("x-gzip", encoded("X-GZIP", &[first, second].concat())),
        ("bomb", encoded("gzip", &bomb)),
        ("broken", encoded("gzip", first)),
        ("br", encoded("br", &packed)),
        ("twice", encoded("gzip, gzip", &gzip(&packed))),
    ]);
    let run = |path: &str| {
        let url = format!("{}/{path}", server.url);
        xtask(dir.path(), &["drift", "a.yaml", &url, "--no-rust"])
    };
    for path in ["gzip", "x-gzip"] {
        assert_exit(&run(path), 0);
    }
    for (path, problem) in [
        ("bomb", "too large for a spec"),
        ("broken", "not valid gzip"),
        ("br", "the content encoding \"br\" was not asked for"),
        ("twice", "was not asked for"),
    ] {
        let output = run(path);
        assert_exit(&output, 2);
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(err.contains(problem), "{path}: {err}");
    }
    let output = xtask(
        dir.path(),
        &["drift", "a.yaml", "http://192.0.2.1/spec.yaml"],
    );
    assert_exit(&output, 2);
    assert!(String::from_utf8_lossy(&output.stderr).contains("not https"));
}

/// Hosts of the world and of private networks, without either: a proxy that answers in their place.
#[cfg(target_os = "linux")]
mod redirects {
    use std::collections::BTreeMap;
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::{TcpListener, TcpStream};
    use std::path::Path;
    use std::sync::{Arc, Mutex};

    use rustls::pki_types::PrivatePkcs8KeyDer;
    use rustls::{ServerConfig, ServerConnection, StreamOwned};

    use crate::support::*;

    /// Addresses for examples, which count as public, and private ones.
    const HOSTS: [&str; 7] = [
        "192.0.2.1",
        "198.51.100.7",
        "10.0.0.1",
        "10.0.0.2",
        "127.0.0.1",
        "::1",
        "localhost",
    ];

    struct Proxy {
        url: String,
        certificate: String,
        /// The hosts that were asked for.
        asked: Arc<Mutex<Vec<String>>>,
    }

    impl Proxy {
        /// Answers by host and path.
        fn start(answers: BTreeMap<String, Vec<u8>>) -> Self {
            let names: Vec<String> = HOSTS.map(str::to_owned).to_vec();
            let identity = rcgen::generate_simple_self_signed(names).unwrap();
            let key = PrivatePkcs8KeyDer::from(identity.signing_key.serialize_der());
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            let tls = ServerConfig::builder_with_provider(provider)
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_no_client_auth()
                .with_single_cert(vec![identity.cert.der().clone()], key.into())
                .unwrap();
            let tls = Arc::new(tls);
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let proxy = Proxy {
                url: format!("http://{}", listener.local_addr().unwrap()),
                certificate: pem(identity.cert.der()),
                asked: Arc::default(),
            };
            let asked = proxy.asked.clone();
            let answers = Arc::new(answers);
            std::thread::spawn(move || {
                for stream in listener.incoming().flatten() {
                    let (tls, asked, answers) = (tls.clone(), asked.clone(), answers.clone());
                    std::thread::spawn(move || serve(stream, tls, &asked, &answers));
                }
            });
            proxy
        }

        fn drift(&self, folder: &Path, url: &str) -> std::process::Output {
            std::fs::write(folder.join("ca.pem"), &self.certificate).unwrap();
            let mut command = command(folder, &["drift", "a.yaml", url, "--no-rust"]);
            for name in [
                "NO_PROXY",
                "no_proxy",
                "ALL_PROXY",
                "all_proxy",
                "https_proxy",
                "http_proxy",
                "HTTP_PROXY",
                "SSL_CERT_DIR",
            ] {
                command.env_remove(name);
            }
            command.env("HTTPS_PROXY", &self.url);
            command.env("SSL_CERT_FILE", folder.join("ca.pem"));
            command.output().unwrap()
        }
    }

    /// A certificate as files have it.
    fn pem(der: &[u8]) -> String {
        const LETTERS: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut pem = "-----BEGIN CERTIFICATE-----".to_owned();
        for (number, three) in der.chunks(3).enumerate() {
            let bits = (0..3).fold(0, |bits, at| {
                bits << 8 | u32::from(*three.get(at).unwrap_or(&0))
            });
            if number % 16 == 0 {
                pem.push('\n');
            }
            for place in 0..4 {
                let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
                pem.push(if place > three.len() {
                    '='
                } else {
                    letter.into()
                });
            }
        }
        pem + "\n-----END CERTIFICATE-----\n"
    }

    fn serve(
        mut stream: TcpStream,
        tls: Arc<ServerConfig>,
        asked: &Mutex<Vec<String>>,
        answers: &BTreeMap<String, Vec<u8>>,
    ) -> Option<()> {
        let head = |lines: &mut dyn Iterator<Item = String>| -> Option<String> {
            let first = lines.next()?;
            lines.take_while(|line| !line.is_empty()).for_each(drop);
            first.split(' ').nth(1).map(str::to_owned)
        };
        let mut lines = BufReader::new(stream.try_clone().ok()?)
            .lines()
            .map_while(Result::ok);
        let host = head(&mut lines)?;
        let host = host.rsplit_once(':')?.0.to_owned();
        asked.lock().unwrap().push(host.clone());
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").ok()?;
        let mut secured = StreamOwned::new(ServerConnection::new(tls).ok()?, stream);
        let path = {
            let mut lines = BufReader::new(&mut secured).lines().map_while(Result::ok);
            head(&mut lines)?
        };
        let missing = response("404 Not Found", "", "gone");
        let answer = answers.get(&format!("{host}{path}")).unwrap_or(&missing);
        secured.write_all(answer).ok()?;
        secured.conn.send_close_notify();
        secured.flush().ok()
    }

    #[test]
    fn a_redirect_leads_no_further_inside() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("a.yaml"), ours("nexus")).unwrap();
        let local = Server::start(&[("secret", ok(&ours("nexus")))]);
        let local = format!("{}/secret", local.url);
        let machine = "a redirect leads to an address of this machine";
        let network = "a redirect leads to an address of a private network";
        let lost = "a redirect leaves https";
        // From where, to where, and what is wrong with that.
        let steps = [
            ("192.0.2.1", "https://198.51.100.7/spec", None),
            ("10.0.0.1", "https://10.0.0.2/spec", None),
            ("10.0.0.1", "https://192.0.2.1/spec", None),
            ("192.0.2.1", "https://127.0.0.1/spec", Some(machine)),
            ("192.0.2.1", "https://localhost/spec", Some(machine)),
            ("192.0.2.1", "https://2130706433/spec", Some(machine)),
            ("192.0.2.1", "https://[::1]/spec", Some(machine)),
            ("192.0.2.1", "https://[::ffff:7f00:1]/spec", Some(machine)),
            ("10.0.0.1", "https://127.0.0.1/spec", Some(machine)),
            ("192.0.2.1", "https://10.0.0.1/spec", Some(network)),
            (
                "192.0.2.1",
                "https://169.254.169.254/latest/meta-data",
                Some(network),
            ),
            ("192.0.2.1", local.as_str(), Some(lost)),
            ("192.0.2.1", "http://198.51.100.7/spec", Some(lost)),
            ("192.0.2.1", "file:///etc/passwd", Some(lost)),
        ];
        let mut answers = BTreeMap::new();
        for host in HOSTS {
            answers.insert(format!("{host}/spec"), ok(&ours("nexus")));
        }
        for (number, (from, to, _)) in steps.iter().enumerate() {
            answers.insert(format!("{from}/{number}"), redirect(to));
            // A hop later it is the same.
            answers.insert(
                format!("{from}/late/{number}"),
                redirect(&format!("/{number}")),
            );
        }
        let proxy = Proxy::start(answers);
        for (number, (from, to, problem)) in steps.iter().enumerate() {
            for late in ["", "late/"] {
                proxy.asked.lock().unwrap().clear();
                let output = proxy.drift(dir.path(), &format!("https://{from}/{late}{number}"));
                let asked = proxy.asked.lock().unwrap().clone();
                match problem {
                    None => assert_exit(&output, 0),
                    Some(problem) => {
                        assert_exit(&output, 2);
                        let err = String::from_utf8_lossy(&output.stderr).into_owned();
                        assert!(err.contains(problem), "{from} to {to}: {err}");
                        assert!(
                            asked.iter().all(|host| host == from),
                            "{from} to {to}: {asked:?}"
                        );
                    }
                }
            }
        }
    }
}
