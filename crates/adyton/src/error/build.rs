//! What keeps an Adyton from being built.

/// What keeps an Adyton from being built: a setting that is wrong together with others.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {problem}")]
#[non_exhaustive]
pub struct BuildError {
    /// The setting's key.
    pub setting: String,
    /// What is wrong with it and what it takes.
    pub problem: String,
}

impl BuildError {
    pub(crate) fn new(setting: impl Into<String>, problem: impl std::fmt::Display) -> Self {
        Self {
            setting: setting.into(),
            problem: problem.to_string(),
        }
    }
}
