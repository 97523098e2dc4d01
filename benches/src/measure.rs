//! Runs the targets in turn, round after round, and prints the medians and their ratios.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::{load, seed};

const CONNECTIONS: usize = 32;

struct Options {
    rows: Vec<usize>,
    seconds: u64,
    rounds: usize,
}

/// One thing that is measured.
struct Target {
    name: &'static str,
    requests: Vec<String>,
    connections: usize,
    /// What each round saw: microseconds of server CPU an answer, answers a second, p50, p99.
    rounds: Vec<[f64; 4]>,
}

/// A running server; it ends with this value.
struct Server {
    process: Child,
    address: String,
}

pub(crate) async fn run(arguments: &[&str]) -> Result<()> {
    let options = parse(arguments)?;
    println!("{}", machine());
    for rows in &options.rows {
        let folder =
            std::env::temp_dir().join(format!("adyton-bench-{}-{rows}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let outcome = measure(&options, *rows, &folder).await;
        std::fs::remove_dir_all(&folder)?;
        outcome?;
    }
    Ok(())
}

async fn measure(options: &Options, rows: usize, folder: &std::path::Path) -> Result<()> {
    let database = format!("sqlite://{}", folder.join("bench.db").display());
    eprintln!("filling a database with {rows} tokens and {rows} sessions");
    let credentials = seed::fill(&database, rows).await?;
    let server = Server::start(&database)?;
    let mut targets = targets(&server, &credentials).await?;
    for round in 1..=options.rounds {
        for target in &mut targets {
            eprintln!("round {round} of {}: {}", options.rounds, target.name);
            let figures = one_round(&server, target, options.seconds).await?;
            target.rounds.push(figures);
        }
    }
    println!(
        "\n{rows} tokens and {rows} sessions, {} rounds of {} s:",
        options.rounds, options.seconds
    );
    print(&targets, server.memory()?);
    Ok(())
}

async fn targets(server: &Server, credentials: &seed::Credentials) -> Result<Vec<Target>> {
    let mut sessions = Vec::new();
    for _ in 0..20 {
        sessions.push(log_in(&server.address).await?);
    }
    let bearer = |path: &str| -> Vec<String> {
        let lines = credentials
            .tokens
            .iter()
            .map(|token| format!("Authorization: Bearer {token}\r\n"));
        lines.map(|line| get(path, &line)).collect()
    };
    let cookie = |path: &str| -> Vec<String> {
        let lines = sessions
            .iter()
            .map(|cookie| format!("Cookie: {cookie}\r\nReferer: http://localhost/\r\n"));
        lines.map(|line| get(path, &line)).collect()
    };
    let target = |name, requests, connections| Target {
        name,
        requests,
        connections,
        rounds: Vec::new(),
    };
    Ok(vec![
        target("bare route", vec![get("/bare", "")], CONNECTIONS),
        target("host's route, bearer", bearer("/guarded"), CONNECTIONS),
        target("host's route, session", cookie("/guarded"), CONNECTIONS),
        target("GET /api/user, bearer", bearer("/api/user"), CONNECTIONS),
        target("GET /api/user, session", cookie("/api/user"), CONNECTIONS),
        target("login for a token", vec![login()], 2),
    ])
}

async fn one_round(server: &Server, target: &Target, seconds: u64) -> Result<[f64; 4]> {
    let time = Duration::from_secs(seconds);
    // A moment to warm up, uncounted.
    load::run(
        &server.address,
        &target.requests,
        target.connections,
        Duration::from_millis(300),
    )
    .await?;
    let before = server.cpu()?;
    let seen = load::run(&server.address, &target.requests, target.connections, time).await?;
    let cpu = server.cpu()? - before;
    let answers = seen.answers as f64;
    Ok([
        cpu.as_secs_f64() * 1e6 / answers,
        answers / time.as_secs_f64(),
        seen.p50.as_secs_f64() * 1e6,
        seen.p99.as_secs_f64() * 1e6,
    ])
}

fn print(targets: &[Target], memory: u64) {
    let median = |target: &Target, figure: usize| {
        let mut values: Vec<f64> = target.rounds.iter().map(|round| round[figure]).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let bare = median(&targets[0], 0);
    println!(
        "\n| target | µs server CPU a request | × bare route | requests/s | p50 µs | p99 µs |"
    );
    println!("|---|---:|---:|---:|---:|---:|");
    for target in targets {
        let [cpu, rate, p50, p99] = [0, 1, 2, 3].map(|figure| median(target, figure));
        let (name, ratio) = (target.name, cpu / bare);
        println!("| {name} | {cpu:.1} | {ratio:.2} | {rate:.0} | {p50:.0} | {p99:.0} |");
    }
    println!(
        "\nServer memory after the load: {} MB resident.",
        memory / 1_000_000
    );
}

impl Server {
    fn start(database: &str) -> Result<Self> {
        let program = std::env::current_exe()?;
        // One core for the server where the machine lets us choose: the other is for the load.
        let mut command = match Command::new("taskset").arg("--version").output() {
            Ok(_) => {
                let mut pinned = Command::new("taskset");
                pinned.args(["-c", "0"]).arg(program);
                pinned
            }
            Err(_) => Command::new(program),
        };
        let mut process = command
            .args(["serve", database])
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = process
            .stdout
            .take()
            .context("the server's output is piped")?;
        let mut address = String::new();
        BufReader::new(stdout).read_line(&mut address)?;
        Ok(Self {
            process,
            address: address.trim().to_owned(),
        })
    }

    /// User and system time that the server has used.
    fn cpu(&self) -> Result<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id()))
            .context("CPU time is read from /proc: this needs Linux")?;
        let fields: Vec<&str> = stat
            .rsplit(')')
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        let ticks: u64 = fields
            .iter()
            .skip(11)
            .take(2)
            .filter_map(|field| field.parse::<u64>().ok())
            .sum();
        // Linux counts in hundredths of a second for programs, whatever its own clock.
        Ok(Duration::from_millis(ticks * 10))
    }

    fn memory(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .unwrap_or_default();
        let kilobytes: u64 = line.split_whitespace().next().unwrap_or("0").parse()?;
        Ok(kilobytes * 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn get(path: &str, headers: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n{headers}\r\n")
}

fn post(path: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nContent-Type: application/json\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
    )
}

fn login() -> String {
    let body = format!(
        r#"{{"email":"{}","password":"{}"}}"#,
        seed::LOGIN.0,
        seed::LOGIN.1
    );
    post("/api/v1/auth/login", "", &body)
}

/// A session cookie of somebody who is logged in, as a `Cookie` header has it.
async fn log_in(address: &str) -> Result<String> {
    let visited = load::once(address, &get("/sanctum/csrf-cookie", "")).await?;
    let (session, csrf) = (
        cookie(&visited, "adyton_session")?,
        cookie(&visited, "XSRF-TOKEN")?,
    );
    let body = format!(
        r#"{{"email":"{}","password":"{}"}}"#,
        seed::LOGIN.0,
        seed::LOGIN.1
    );
    let headers = format!("Cookie: adyton_session={session}\r\nX-XSRF-TOKEN: {csrf}\r\n");
    let answer = load::once(address, &post("/login", &headers, &body)).await?;
    Ok(format!(
        "adyton_session={}",
        cookie(&answer, "adyton_session")?
    ))
}

fn cookie(head: &str, name: &str) -> Result<String> {
    let start = format!("{name}=");
    let found = head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .find_map(|(header, value)| {
            let value = header
                .eq_ignore_ascii_case("set-cookie")
                .then(|| value.strip_prefix(&start))??;
            value.split(';').next().map(str::to_owned)
        });
    found.with_context(|| format!("the answer sets no cookie `{name}`:\n{head}"))
}

fn parse(arguments: &[&str]) -> Result<Options> {
    let mut options = Options {
        rows: vec![1_000, 1_000_000],
        seconds: 5,
        rounds: 5,
    };
    let mut rest = arguments.iter();
    while let Some(name) = rest.next() {
        let value = rest
            .next()
            .with_context(|| format!("{name} needs a value"))?;
        match *name {
            "--rows" => {
                options.rows = value.split(',').map(str::parse).collect::<Result<_, _>>()?
            }
            "--seconds" => options.seconds = value.parse()?,
            "--rounds" => options.rounds = value.parse()?,
            _ => bail!("there is no option `{name}`; there are --rows, --seconds and --rounds"),
        }
    }
    Ok(options)
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .unwrap_or_default();
    let model = model.trim_start_matches([' ', '\t', ':']);
    format!(
        "adyton {}, {cores} cores, {model}",
        env!("CARGO_PKG_VERSION")
    )
}
