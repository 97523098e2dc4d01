//! The binary from the outside: what it prints, how it exits, and what survives its death.

mod dev;
mod durability;
mod http;
mod mail;
mod place;
mod reference;
mod running;
mod serve;
mod sessions;
mod settings;
mod tokens;
mod users;
