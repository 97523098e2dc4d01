//! `adyton routes`: what the server answers, with these settings. No database is asked.

use adyton::RouteInfo;
use adyton::config::Config;
use clap::Args;
use serde_json::{Value as Json, json};

use crate::output::{Format, print, print_json, table};
use crate::server;
use crate::settings::Place;

/// Names never change; paths can be changed in adyton.toml, below `routes`. A limit is a setting
/// below `throttle`.
#[derive(Args)]
#[command(after_help = "Examples:
  adyton routes
  adyton routes --json")]
pub struct Arguments {
    #[command(flatten)]
    format: Format,
}

/// Lists the routes.
pub fn run(place: &Place, arguments: &Arguments) -> anyhow::Result<()> {
    let config = place.load(Config::default(), None)?;
    server::check(&config)?;
    let routes = RouteInfo::all(&config);
    if arguments.format.json {
        return print_json(&in_json(&routes)?);
    }
    let mut rows: Vec<Vec<String>> = routes.into_iter().map(row).collect();
    rows.push(
        ["GET", server::UP, "up", "", ""]
            .map(str::to_owned)
            .to_vec(),
    );
    print(&table(&["METHOD", "PATH", "NAME", "GATES", "LIMIT"], rows))
}

fn row(route: RouteInfo) -> Vec<String> {
    let limit = route.limit.unwrap_or_default().to_owned();
    let name = route.name.to_owned();
    vec![
        route.method,
        route.path,
        name,
        route.gates.join(", "),
        limit,
    ]
}

fn in_json(routes: &[RouteInfo]) -> anyhow::Result<Json> {
    let up = json!({
        "name": "up",
        "feature": "up",
        "method": "GET",
        "path": server::UP,
        "gates": [],
        "limit": null,
    });
    let mut list = routes
        .iter()
        .map(serde_json::to_value)
        .collect::<Result<Vec<_>, _>>()?;
    list.push(up);
    Ok(Json::Array(list))
}
