//! A load generator: keep-alive connections, one thread each, that send a request as soon as the last one has a
//! response.

use std::io::{Error, ErrorKind, Read as _, Result, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// How long a response may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// The figures of a load.
pub struct Load {
    /// Responses per second, of all connections together.
    pub rate: f64,
    /// How long each response took.
    pub times: Vec<Duration>,
}

/// Sends the requests in turn, over a number of connections, for some time. All responses must be successes.
pub fn load(
    address: &str,
    requests: &[Vec<u8>],
    connections: usize,
    time: Duration,
) -> Result<Load> {
    let start = Instant::now();
    let all = std::thread::scope(|scope| {
        let lanes: Vec<_> = (0..connections)
            .map(|lane| scope.spawn(move || run(address, requests, lane, start + time)))
            .collect();
        lanes
            .into_iter()
            .map(|lane| {
                lane.join()
                    .unwrap_or_else(|_| Err(Error::other("panicked")))
            })
            .collect::<Result<Vec<_>>>()
    })?;
    let times: Vec<Duration> = all.into_iter().flatten().collect();
    let rate = times.len() as f64 / start.elapsed().as_secs_f64();
    Ok(Load { rate, times })
}

/// The status of the response to a request.
pub fn status(address: &str, request: &[u8]) -> Result<u16> {
    Connection::open(address)?.exchange(request)
}

fn run(address: &str, requests: &[Vec<u8>], lane: usize, end: Instant) -> Result<Vec<Duration>> {
    let mut connection = Connection::open(address)?;
    let mut times = Vec::new();
    for request in requests.iter().cycle().skip(lane) {
        let start = Instant::now();
        if start >= end {
            break;
        }
        let status = connection.exchange(request)?;
        if status / 100 != 2 {
            return Err(Error::other(format!("it answers with {status}")));
        }
        times.push(start.elapsed());
    }
    Ok(times)
}

struct Connection {
    stream: TcpStream,
    /// What was read of the response so far.
    answer: Vec<u8>,
}

impl Connection {
    fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self {
            stream,
            answer: Vec::with_capacity(16 * 1024),
        })
    }

    /// Sends a request, and reads the response to its end.
    fn exchange(&mut self, request: &[u8]) -> Result<u16> {
        self.stream.write_all(request)?;
        self.answer.clear();
        let body = loop {
            if let Some(at) = find(&self.answer, b"\r\n\r\n") {
                break at + 4;
            }
            self.read()?;
        };
        let head = std::str::from_utf8(&self.answer[..body]).map_err(|_| broken())?;
        let status = head.get(9..12).and_then(|status| status.parse().ok());
        let status: u16 = status.ok_or_else(broken)?;
        let header = |wanted: &str| {
            head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case(wanted).then(|| value.trim())
            })
        };
        if let Some(length) = header("content-length") {
            let length: usize = length.parse().map_err(|_| broken())?;
            while self.answer.len() < body + length {
                self.read()?;
            }
        } else if header("transfer-encoding").is_some() {
            // The last chunk is empty, and no server here sends trailers.
            while !self.answer[body..].ends_with(b"0\r\n\r\n") {
                self.read()?;
            }
        } else if status != 204 {
            return Err(broken());
        }
        Ok(status)
    }

    fn read(&mut self) -> Result<()> {
        let mut piece = [0; 16 * 1024];
        match self.stream.read(&mut piece)? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            count => {
                self.answer.extend_from_slice(&piece[..count]);
                Ok(())
            }
        }
    }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|part| part == wanted)
}

fn broken() -> Error {
    Error::new(ErrorKind::InvalidData, "the answer is not HTTP")
}
