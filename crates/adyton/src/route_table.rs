//! Adyton's own routes as the settings leave them: for mounting, and as a list.

use std::collections::{BTreeSet, HashSet};

use serde::Serialize;

use crate::config::Config;
use crate::error::BuildError;
use crate::features;
use crate::http::route::Route;
use crate::limit::LimitName;

/// A route of Adyton's own, as `adyton routes` lists it.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct RouteInfo {
    /// The name, such as `login.store`: it never changes.
    pub name: &'static str,
    /// The feature that has it.
    pub feature: &'static str,
    /// The method.
    pub method: String,
    /// The path, which `[routes]` may change.
    pub path: String,
    /// What is asked before it: `csrf`, `guest`, `auth`, `ability:NAME`.
    pub gates: Vec<String>,
    /// The limit, as `throttle.NAME`.
    pub limit: Option<&'static str>,
}

impl RouteInfo {
    /// The routes that these settings give; no database is asked.
    pub fn all(config: &Config) -> Vec<RouteInfo> {
        let info = |(feature, route): (&'static str, Route)| RouteInfo {
            name: route.name,
            feature,
            method: route.method.to_string(),
            gates: route.gates(),
            limit: route.asks.limit.map(LimitName::as_str),
            path: route.path,
        };
        active(config).map(info).collect()
    }
}

/// The routes of the features that are on, each with its feature's name and at its path.
pub(crate) fn active(config: &Config) -> impl Iterator<Item = (&'static str, Route)> + use<> {
    let (wanted, paths) = (config.features.clone(), config.routes.clone());
    let features = features::all(config).into_iter();
    let active = features
        .filter(move |feature| wanted.is_empty() || wanted.iter().any(|name| name == feature.name));
    active.flat_map(move |feature| {
        let paths = paths.clone();
        feature.routes.into_iter().map(move |mut route| {
            if let Some(path) = paths.get(route.name) {
                route.path.clone_from(path);
            }
            (feature.name, route)
        })
    })
}

/// Whether the features and routes that the settings name are there, and no two routes that are
/// on stand at one path.
pub(crate) fn check(config: &Config) -> Result<(), BuildError> {
    check_features(config)?;
    let known: Vec<Route> = features::all(config)
        .into_iter()
        .flat_map(|feature| feature.routes)
        .collect();
    for (name, path) in &config.routes {
        check_path(&known, name, path)?;
    }
    check_redirects(config)?;
    let mut taken = HashSet::new();
    for (_, route) in active(config) {
        if !taken.insert((route.method.clone(), route.path.clone())) {
            let problem = format!(
                "`{} {}` is taken by another route",
                route.method, route.path
            );
            return Err(BuildError::new(setting(route.name), problem));
        }
    }
    Ok(())
}

fn check_features(config: &Config) -> Result<(), BuildError> {
    let known: Vec<&str> = features::all(config)
        .iter()
        .map(|feature| feature.name)
        .collect();
    match config
        .features
        .iter()
        .find(|name| !known.contains(&name.as_str()))
    {
        Some(name) => {
            let problem = format!(
                "there is no feature `{name}`; there are {}",
                known.join(", ")
            );
            Err(BuildError::new("features", problem))
        }
        None => Ok(()),
    }
}

/// What `[redirects]` names beside routes.
const PLACES: [&str; 3] = ["social.callback", "social.failed", "two-factor.login"];

/// Routes that are there under other settings are names all the same.
fn check_redirects(config: &Config) -> Result<(), BuildError> {
    let features = [features::all(config), features::all(&Config::default())];
    let routes = features.iter().flatten().flat_map(|one| &one.routes);
    let known: BTreeSet<&str> = routes.map(|route| route.name).chain(PLACES).collect();
    let mut names = config.redirects.keys();
    match names.find(|name| !known.contains(name.as_str())) {
        Some(name) => {
            let known: Vec<&str> = known.into_iter().collect();
            let problem = format!("nothing has this name; there are {}", known.join(", "));
            Err(BuildError::new(format!("redirects.\"{name}\""), problem))
        }
        None => Ok(()),
    }
}

fn check_path(known: &[Route], name: &str, path: &str) -> Result<(), BuildError> {
    let Some(route) = known.iter().find(|route| route.name == name) else {
        let known: Vec<&str> = known.iter().map(|route| route.name).collect();
        let problem = format!(
            "there is no route of this name; there are {}",
            known.join(", ")
        );
        return Err(BuildError::new(setting(name), problem));
    };
    if placeholders(path) != placeholders(&route.path) || !is_mountable(path) {
        let problem = format!(
            "the path must have the same placeholders as `{}`",
            route.path
        );
        return Err(BuildError::new(setting(name), problem));
    }
    Ok(())
}

fn setting(route: &str) -> String {
    format!("routes.\"{route}\"")
}

/// The router panics at a brace inside a word, and at `:` and `*` before one.
fn is_mountable(path: &str) -> bool {
    let is_word = |part: &str| !part.contains(['{', '}']) && !part.starts_with([':', '*']);
    path.split('/')
        .all(|part| is_word(part) || placeholders(part) == [part])
}

fn placeholders(path: &str) -> Vec<&str> {
    let mut names: Vec<&str> = path
        .split('/')
        .filter(|part| part.starts_with('{') && part.ends_with('}'))
        .collect();
    names.sort_unstable();
    names
}
