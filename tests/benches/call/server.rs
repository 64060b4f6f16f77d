//! A server that answers as fast as it can, in a process of its own.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
};

/// Makes this program the server.
pub const FLAG: &str = "--serve";

const BODY: &str = r#"{"member":{"guid":"MBR-ad533d14-b4f1-49a4-8093-b0ae9aa8d023","oauth_window_uri":"https://example.com/oauth/predirect_to/MBR-ad533d14-b4f1-49a4-8093-b0ae9aa8d023/r620svb66l4rqpskl96k2vkqdqZm04cx2qlAtx17rv5zrtz5lh376g2y6ndfq43ncpnkjl9qlghhxt2ltbxqm6zjhg4h3xnkn26zkn6dp2q2s0k0A21bcb2b6A2fgr2xwf06qg4tzw31pc5jtmAm4tb2612ply6mAqxA60fz1x3d7dmmcw3lcldh7btz9wkywyvkAggbAnbpwrrl3fhtbzhkpzxypy4qm7w51"}}"#;

/// The running server; it ends with this value.
pub struct Process {
    child: Child,
    url: String,
}

impl Process {
    /// Starts this program again, as the server.
    pub fn start() -> Self {
        let program = std::env::current_exe().expect("this program");
        let mut command = Command::new(program);
        let mut child = command
            .arg(FLAG)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server");
        let mut url = String::new();
        let output = child.stdout.take().expect("its output");
        BufReader::new(output).read_line(&mut url).expect("its URL");
        url.truncate(url.trim_end().len());
        Self { child, url }
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself, and nothing depends on it any more.
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// Serves until the process is ended.
pub fn serve() -> ! {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address");
    crate::say(format_args!("http://{address}"));
    loop {
        let (connection, _) = listener.accept().expect("a connection");
        std::thread::spawn(move || answer(connection));
    }
}

fn answer(mut connection: TcpStream) -> std::io::Result<()> {
    connection.set_nodelay(true)?;
    let mut head = [0; 8192];
    let mut filled = 0;
    loop {
        let count = connection.read(&mut head[filled..])?;
        if count == 0 {
            return Ok(());
        }
        filled += count;
        // The requests have no body, and no second one is sent before the answer.
        if head[..filled].ends_with(b"\r\n\r\n") {
            let is_nexus = head.starts_with(b"GET /members/");
            let media_type = if is_nexus {
                "application/vnd.mx.nexus.v1+json"
            } else {
                "application/json"
            };
            let length = BODY.len();
            let response = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\n\r\n{BODY}"
            );
            connection.write_all(response.as_bytes())?;
            filled = 0;
        }
    }
}
