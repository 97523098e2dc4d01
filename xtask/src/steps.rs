//! The steps of a run: each announced, timed and remembered for the summary at the end.

use std::time::{Duration, Instant};

use anyhow::Result;

/// The record of a run.
pub(crate) struct Steps {
    began: Instant,
    done: Vec<Step>,
}

struct Step {
    name: String,
    time: Duration,
    end: End,
}

#[derive(Clone, Copy, PartialEq)]
enum End {
    Passed,
    Failed,
    /// What it needs is not here; the run goes on without it.
    Skipped,
}

impl Steps {
    pub(crate) fn begin() -> Self {
        Self {
            began: Instant::now(),
            done: Vec::new(),
        }
    }

    /// Does `work` and gives what it made, or `None` when it failed; the reason is printed here.
    pub(crate) fn run<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Option<T> {
        println!("==> {name}");
        let start = Instant::now();
        let result = work();
        let time = start.elapsed();
        match &result {
            Ok(_) => println!("    {name}: done in {}", seconds(time)),
            Err(reason) => eprintln!("    {name}: FAILED after {}: {reason:#}", seconds(time)),
        }
        let end = match result {
            Ok(_) => End::Passed,
            Err(_) => End::Failed,
        };
        self.remember(name, time, end);
        result.ok()
    }

    /// Says what is not done, and why: the summary says it again.
    pub(crate) fn skip(&mut self, name: &str, why: &str) {
        eprintln!("==> {name}\n    {name}: SKIPPED: {why}");
        self.remember(name, Duration::ZERO, End::Skipped);
    }

    fn remember(&mut self, name: &str, time: Duration, end: End) {
        let name = name.into();
        self.done.push(Step { name, time, end });
    }

    pub(crate) fn all_passed(&self) -> bool {
        self.done.iter().all(|step| step.end != End::Failed)
    }

    /// Prints how every step ended, and tells whether all of them passed.
    pub(crate) fn summary(&self) -> bool {
        let passed = self.all_passed();
        println!("\nSummary");
        for step in &self.done {
            let word = match step.end {
                End::Passed => "passed",
                End::Failed => "FAILED",
                End::Skipped => "SKIPPED",
            };
            println!("  {word:7}  {:>8}  {}", seconds(step.time), step.name);
        }
        let verdict = if passed {
            "All passed"
        } else {
            "Not everything passed"
        };
        println!("\n{verdict}, in {}.", seconds(self.began.elapsed()));
        passed
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failed_step_fails_the_run_and_the_others_still_give_what_they_made() {
        let mut steps = Steps::begin();
        assert_eq!(steps.run("first", || Ok(1)), Some(1));
        assert!(steps.summary());

        assert_eq!(
            steps.run("second", || anyhow::bail!("broken") as Result<()>),
            None
        );
        assert_eq!(steps.run("third", || Ok(3)), Some(3));
        assert!(!steps.summary());
    }

    #[test]
    fn what_cannot_be_done_here_is_said_and_fails_nothing() {
        let mut steps = Steps::begin();
        steps.skip("first", "it needs what is not here");
        assert_eq!(steps.run("second", || Ok(2)), Some(2));
        assert!(steps.summary());
    }
}
