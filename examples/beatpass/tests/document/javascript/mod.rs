//! The document's own JavaScript, run by Node where that is installed.

use std::net::SocketAddr;
use std::process::Command;

/// Runs it against a host where Ana has an account. Without Node only a note is printed: what the
/// scripts send is asserted by HTTP anyway.
pub fn run(address: SocketAddr) {
    let script = concat!(
        include_str!("browser.js"),
        include_str!("documented.js"),
        include_str!("visit.js")
    );
    let output = Command::new("node")
        .args(["--input-type=module", "--eval", script])
        .env("HOST", format!("http://{address}"))
        .output();
    match output {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{said}");
        }
        Err(error) => {
            eprintln!("node is not at hand ({error}): the scripts themselves were not run")
        }
    }
}
