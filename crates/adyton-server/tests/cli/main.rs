//! The binary from the outside: what it prints, how it exits, and what survives its death.

mod audit;
mod clients;
mod dev;
mod durability;
mod http;
mod keys;
mod mail;
mod place;
mod reference;
mod running;
mod serve;
mod sessions;
mod settings;
mod tokens;
mod try_it;
mod users;
