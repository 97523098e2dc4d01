//! What verifying a request costs, against the same route without it. `cargo xtask bench`.
//!
//! One process serves, another asks: the server's own CPU time a request is the figure, and its
//! ratio to the bare route is what carries over to other machines.

#![allow(
    clippy::print_stdout,
    reason = "the figures are the result of this program"
)]

mod load;
mod measure;
mod seed;
mod server;

use anyhow::{Result, bail};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    match words.as_slice() {
        ["serve", database] => runtime.block_on(server::run(database)),
        ["measure", rest @ ..] => runtime.block_on(measure::run(rest)),
        _ => bail!("usage: adyton-bench measure [--rows N,N] [--seconds N] [--rounds N]"),
    }
}
