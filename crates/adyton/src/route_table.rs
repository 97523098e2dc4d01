//! Adyton's own routes as the settings leave them: for mounting, and as a list.

use serde::Serialize;

use crate::config::Config;
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
