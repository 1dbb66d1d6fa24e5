//! The command line.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;

/// A support widget for small businesses: serves it, keeps what visitors ask, tells whoever answers.
///
/// Exit codes: 0 done, 1 failed, 2 not understood.
#[derive(Debug, Parser)]
#[command(name = "porchlight", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Name of the command that compiles a plugin, for whoever starts our own program with it.
pub const COMPILE_PLUGIN: &str = "compile-plugin";

/// How that command ends when the compiler refuses the plugin, and says why on standard output.
pub const PLUGIN_REFUSED: i32 = 3;

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the sites in the store.
    Serve {
        /// Where the settings are.
        #[command(flatten)]
        settings: Settings,
        /// Apply the site in this folder, and again whenever it changes.
        #[arg(long, value_name = "DIR")]
        watch: Option<PathBuf>,
    },
    /// Serve the example pet shop with its page, to try everything.
    Demo {
        /// Address and port to listen on; port 0 takes a free one.
        #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        /// Folder that keeps everything across restarts.
        #[arg(long, value_name = "DIR", default_value = "porchlight-demo")]
        data: PathBuf,
        /// A clock that starts there and runs on, to try nights and holidays.
        #[arg(long, value_name = "RFC3339")]
        clock: Option<Timestamp>,
    },
    /// Check settings and site folders, and say what is wrong and where.
    Check {
        /// Where the settings are.
        #[command(flatten)]
        settings: Settings,
        /// Folders of sites, each with its `site.toml`.
        #[arg(value_name = "DIR")]
        sites: Vec<PathBuf>,
    },
    /// Put sites into the store, and get them back.
    Site {
        /// Where the settings are.
        #[command(flatten)]
        settings: Settings,
        /// What to do.
        #[command(subcommand)]
        command: SiteCommand,
    },
    /// See, hand over and erase what visitors left.
    Requests {
        /// Where the settings are.
        #[command(flatten)]
        settings: Settings,
        /// What to do.
        #[command(subcommand)]
        command: RequestsCommand,
    },
    /// Copy the database and the keys into a new folder, while the host may be serving.
    Backup {
        /// Where the settings are.
        #[command(flatten)]
        settings: Settings,
        /// The folder; made if it is not there.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// Make a data folder out of a backup. Nothing is written over: the folder must hold no database yet.
    Restore {
        /// Where the settings are.
        #[command(flatten)]
        settings: Settings,
        /// The backup's folder.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// Go the ways that visitors and their requests go, beside a host that serves, and say which lead nowhere.
    ///
    /// Looks at settings, pages, links, hours, mail, webhooks and plugins, and sends a message through all of it, which says that
    /// it is a test and is removed again. Fails where anything failed.
    Doctor {
        /// Where the settings are.
        #[command(flatten)]
        settings: Settings,
        /// What to look at.
        #[command(flatten)]
        options: DoctorOptions,
    },
    /// See and send again what could not be sent.
    Deliveries {
        /// Where the settings are.
        #[command(flatten)]
        settings: Settings,
        /// What to do.
        #[command(subcommand)]
        command: DeliveriesCommand,
    },
    /// Say who answers, and give them passwords.
    Agent {
        /// Where the settings are.
        #[command(flatten)]
        settings: Settings,
        /// What to do.
        #[command(subcommand)]
        command: AgentCommand,
    },
    /// Compile a plugin from standard input to standard output, for a host that started us.
    #[command(name = COMPILE_PLUGIN, hide = true)]
    CompilePlugin,
}

/// Where the host's settings are.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// The settings file; without one, `porchlight.toml` here if it is there, else defaults and the environment.
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// Folder of the database and the keys, instead of the settings' `data`.
    #[arg(long, value_name = "DIR", global = true)]
    pub data: Option<PathBuf>,
}

/// What the doctor looks at, and how.
#[derive(Debug, Args)]
pub struct DoctorOptions {
    /// Only this site.
    #[arg(long, value_name = "KEY")]
    pub site: Option<String>,
    /// How the host is reached, instead of the settings' `public_url` or `listen`.
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// How long a delivery or a mail may take, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub wait: u64,
    /// One JSON object a line.
    #[arg(long)]
    pub json: bool,
}

/// What to do with sites.
#[derive(Debug, Subcommand)]
pub enum SiteCommand {
    /// Check a site's folder and put it into the store, as a new version if anything changed.
    Apply {
        /// The folder, with its `site.toml`.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// Write a site's files into a folder, as they were applied.
    Export {
        /// The site's key.
        key: String,
        /// The folder; made if it is not there.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// List the sites in the store.
    List,
}

/// What to do with deliveries.
#[derive(Debug, Subcommand)]
pub enum DeliveriesCommand {
    /// List what was given up after three days, the last first.
    List,
    /// Let what was given up be tried again; a running host takes it up within seconds.
    Resend {
        /// Which one, by its id.
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        id: Option<uuid::Uuid>,
        /// All of them.
        #[arg(long)]
        all: bool,
    },
}

/// What to do with agents. A password is asked for at the terminal, or read from the first line of standard input.
#[derive(Debug, Subcommand)]
pub enum AgentCommand {
    /// Add an agent, with a password of at least 12 characters.
    Add {
        /// The e-mail address they sign in by.
        email: String,
        /// How colleagues and requesters know them.
        #[arg(long)]
        name: String,
        /// What they may do: an owner everything, an agent answer.
        #[arg(long)]
        role: AgentRole,
        /// A site of theirs, once for each; without it, all sites there are and will be.
        #[arg(long = "site", value_name = "KEY")]
        sites: Vec<String>,
    },
    /// Give an agent another password, and sign them out everywhere.
    Password {
        /// The e-mail address they sign in by.
        email: String,
        /// Remove their second factor and its recovery codes too, for who has lost both.
        #[arg(long)]
        without_totp: bool,
    },
    /// List agents.
    List,
    /// Remove an agent, and sign them out everywhere.
    Remove {
        /// The e-mail address they sign in by.
        email: String,
    },
}

/// What an agent may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AgentRole {
    /// Everything.
    Owner,
    /// Answer.
    Agent,
}

/// What to do with requests.
#[derive(Debug, Subcommand)]
pub enum RequestsCommand {
    /// List requests, the one kept last first.
    List {
        /// Only this site's.
        #[arg(long, value_name = "KEY")]
        site: Option<String>,
        /// At most this many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// One JSON object a line, with everything that is kept.
        #[arg(long)]
        json: bool,
    },
    /// Write everything kept of one request, or of one person, as JSON.
    Export {
        /// Of whom or what.
        #[command(flatten)]
        whose: Whose,
        /// Only what the person left at this site.
        #[arg(long, value_name = "KEY", conflicts_with = "reference")]
        site: Option<String>,
    },
    /// Erase one request, or all of one person, and all that belongs to them. There is no way back.
    Erase {
        /// Of whom or what.
        #[command(flatten)]
        whose: Whose,
        /// Only what the person left at this site.
        #[arg(long, value_name = "KEY", conflicts_with = "reference")]
        site: Option<String>,
        /// Erase all of a person, and not only say what that would be.
        #[arg(long, conflicts_with = "reference")]
        yes: bool,
    },
}

/// A request, or a person.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Whose {
    /// A request's reference, `PS-7K4Q2MX`.
    pub reference: Option<String>,
    /// All requests of the person with this e-mail address.
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,
    /// All requests of the person with this telephone number, `+7 916 123-45-67`.
    #[arg(long, value_name = "NUMBER")]
    pub phone: Option<String>,
}
