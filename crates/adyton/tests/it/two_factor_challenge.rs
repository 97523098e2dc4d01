//! The second step of a login.
