//! `porchlight`: serves the widget, keeps requests, runs plugins.

mod abuse;
mod app;
mod calendar;
mod changes;
mod cli;
mod commands;
mod config;
mod contacts;
mod demo;
mod doctor;
mod flows;
mod folder;
mod ground;
mod hexadecimal;
mod host;
mod http;
mod keys;
mod logs;
mod metrics;
mod outgoing;
mod plugins;
mod recent;
mod replies;
mod search;
mod searches;
mod sign_in;
mod sites;
mod squeezed;
mod tokens;
mod uploads;
mod watch;
mod widget;
mod wire;
mod wiring;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    match commands::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("porchlight: {error:#}");
            ExitCode::FAILURE
        }
    }
}
