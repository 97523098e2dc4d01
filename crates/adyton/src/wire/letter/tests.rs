//! What letters say, in both languages.
