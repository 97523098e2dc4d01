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
    passed: bool,
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
        self.done.push(Step {
            name: name.into(),
            time,
            passed: result.is_ok(),
        });
        result.ok()
    }

    pub(crate) fn all_passed(&self) -> bool {
        self.done.iter().all(|step| step.passed)
    }

    /// Prints how every step ended, and tells whether all of them passed.
    pub(crate) fn summary(&self) -> bool {
        let passed = self.all_passed();
        println!("\nSummary");
        for step in &self.done {
            let word = if step.passed { "passed" } else { "FAILED" };
            println!("  {word}  {:>8}  {}", seconds(step.time), step.name);
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
}
