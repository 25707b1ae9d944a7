//! Headless Chromium, driven over two pipes by its own protocol: what a reader sees, presses and prints.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// A browser with one page.
pub struct Browser {
    child: Child,
    to: File,
    from: Receiver<Value>,
    next: u64,
    session: Option<String>,
    is_loaded: bool,
    /// Errors of scripts and of the console.
    pub faults: Vec<String>,
    /// What the page asked for beside itself.
    pub requests: Vec<String>,
    _folder: tempfile::TempDir,
}

/// How a page is looked at.
#[derive(Clone, Copy)]
pub struct Screen {
    /// In pixels.
    pub width: u32,
    /// Whether the reader prefers dark colours.
    pub is_dark: bool,
}

/// A desk.
pub const WIDE: Screen = Screen {
    width: 1200,
    is_dark: false,
};

/// A desk at night.
pub const DARK: Screen = Screen {
    width: 1200,
    is_dark: true,
};

/// A small phone.
pub const NARROW: Screen = Screen {
    width: 320,
    is_dark: false,
};

/// Which program it is.
fn program() -> &'static str {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let is_there = |name: &&str| Command::new(name).arg("--version").output().is_ok();
    names
        .into_iter()
        .find(is_there)
        .expect("a Chromium; `bash tests/run` installs one")
}

impl Browser {
    /// A new browser with an empty page.
    pub fn start() -> Browser {
        let folder = tempfile::tempdir().unwrap();
        let [inward, outward] = ["in", "out"].map(|name| folder.path().join(name));
        let made = Command::new("mkfifo").args([&inward, &outward]).status();
        assert!(made.unwrap().success());
        let child = Command::new("bash")
            .args(["-c", "exec \"$@\" 3<\"$0/in\" 4>\"$0/out\""])
            .arg(folder.path())
            .arg(program())
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
            ])
            .args([
                "--disable-background-networking",
                "--disable-component-update",
            ])
            .args([
                "--disable-sync",
                "--disable-quic",
                "--remote-debugging-pipe",
            ])
            .arg(format!(
                "--user-data-dir={}",
                folder.path().join("profile").display()
            ))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let to = OpenOptions::new().write(true).open(&inward).unwrap();
        let from = messages(File::open(&outward).unwrap());
        let mut browser = Browser {
            child,
            to,
            from,
            next: 0,
            session: None,
            is_loaded: false,
            faults: Vec::new(),
            requests: Vec::new(),
            _folder: folder,
        };
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attached = browser.call(
            "Target.attachToTarget",
            json!({ "targetId": target["targetId"], "flatten": true }),
        );
        browser.session = attached["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        browser
    }

    /// One call of the protocol, and its answer.
    pub fn call(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let id = self.next;
        let mut message = json!({ "id": id, "method": method, "params": params });
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.to.write_all(&bytes).unwrap();
        loop {
            let answer = self.hear();
            if answer["id"] == json!(id) {
                assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
        }
    }

    /// The next message; events are noted.
    fn hear(&mut self) -> Value {
        let message = self.from.recv_timeout(Duration::from_secs(600));
        let message = message.expect("Chromium answers within ten minutes");
        let params = &message["params"];
        match message["method"].as_str().unwrap_or_default() {
            "Page.loadEventFired" => self.is_loaded = true,
            "Runtime.exceptionThrown" => self.faults.push(params["exceptionDetails"].to_string()),
            "Runtime.consoleAPICalled" if params["type"] == "error" => {
                self.faults.push(params["args"].to_string());
            }
            "Log.entryAdded" if params["entry"]["level"] == "error" => {
                self.faults.push(params["entry"]["text"].to_string());
            }
            "Network.requestWillBeSent" => {
                let url = params["request"]["url"].as_str().unwrap_or_default();
                let is_page = params["type"] == "Document" && url.starts_with("file:");
                if !is_page && !url.starts_with("data:") {
                    self.requests.push(url.to_owned());
                }
            }
            _ => {}
        }
        message
    }

    /// Opens a file on a screen.
    pub fn open(&mut self, page: &Path, screen: Screen) {
        let Screen { width, is_dark } = screen;
        self.call(
            "Emulation.setDeviceMetricsOverride",
            json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false }),
        );
        let scheme = if is_dark { "dark" } else { "light" };
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.call(
            "Emulation.setEmulatedMedia",
            json!({ "features": features }),
        );
        self.is_loaded = false;
        self.call(
            "Page.navigate",
            json!({ "url": format!("file://{}", page.display()) }),
        );
        while !self.is_loaded {
            self.hear();
        }
    }

    /// What an expression is worth in the page; a promise is waited for.
    pub fn evaluate(&mut self, script: &str) -> Value {
        let answer = self.call(
            "Runtime.evaluate",
            json!({ "expression": script, "awaitPromise": true, "returnByValue": true }),
        );
        let thrown = &answer["exceptionDetails"];
        assert!(thrown.is_null(), "{thrown}");
        answer["result"]["value"].clone()
    }

    /// Presses a key.
    pub fn press(&mut self, key: &str) {
        let code = match key {
            "Tab" => 9,
            "Enter" => 13,
            "ArrowRight" => 39,
            "ArrowLeft" => 37,
            "ArrowDown" => 40,
            other => panic!("the code of {other}"),
        };
        // Enter works what is focused by the character that it writes.
        let text = if key == "Enter" { "\r" } else { "" };
        let down = if text.is_empty() {
            "rawKeyDown"
        } else {
            "keyDown"
        };
        for kind in [down, "keyUp"] {
            let params = json!({
                "type": kind, "key": key, "code": key, "text": text, "windowsVirtualKeyCode": code,
            });
            self.call("Input.dispatchKeyEvent", params);
        }
    }

    /// A picture of the top of the page, so many pixels high.
    pub fn picture(&mut self, to: &Path, height: u32) {
        let width = self.evaluate("document.documentElement.clientWidth");
        let clip = json!({ "x": 0, "y": 0, "width": width, "height": height, "scale": 1 });
        let params = json!({ "clip": clip, "captureBeyondViewport": true });
        let answer = self.call("Page.captureScreenshot", params);
        std::fs::write(to, decoded(answer["data"].as_str().unwrap())).unwrap();
    }

    /// The page as it is printed.
    pub fn print(&mut self, to: &Path) {
        let answer = self.call("Page.printToPDF", json!({ "printBackground": true }));
        std::fs::write(to, decoded(answer["data"].as_str().unwrap())).unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The process may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Messages end with a nought.
fn messages(pipe: File) -> Receiver<Value> {
    let (send, receive) = channel();
    thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        loop {
            let mut bytes = Vec::new();
            match pipe.read_until(0, &mut bytes) {
                Ok(n) if n > 1 => bytes.pop(),
                _ => return,
            };
            let message = serde_json::from_slice(&bytes).unwrap();
            if send.send(message).is_err() {
                return;
            }
        }
    });
    receive
}

/// Base64 as bytes.
fn decoded(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut held, mut n_bits) = (Vec::new(), 0_u32, 0);
    for letter in text.bytes().filter(|letter| *letter != b'=') {
        let value = LETTERS.iter().position(|known| *known == letter).unwrap();
        held = held << 6 | value as u32;
        n_bits += 6;
        if n_bits >= 8 {
            n_bits -= 8;
            bytes.push((held >> n_bits) as u8);
            held &= (1 << n_bits) - 1;
        }
    }
    bytes
}
