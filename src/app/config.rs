//! Where things lie, and the settings file.

use super::host::Host;
use crate::domain::context::Context;
use crate::domain::pipeline::Pipelines;
use crate::domain::settings::Settings;
use crate::domain::values::money::Currency;
use crate::domain::values::phone::Region;
use crate::error::{Error, ErrorKind, Result};
use crate::services::hooks::{Hooks, IN_HOOK};
use crate::services::settings::{self, Held, Over, Problem};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The settings, and where they were read.
#[derive(Clone, Debug)]
pub struct Config {
    /// The file; it need not exist.
    pub path: PathBuf,
    /// What holds; the defaults where the file makes no sense.
    pub settings: Settings,
    /// The pipelines of the settings.
    pub pipelines: Pipelines,
    /// Where the profile's data lies, if it says so.
    pub folder: Option<String>,
    /// What is wrong with the settings.
    pub problems: Vec<Problem>,
}

/// What the command line says of the settings.
#[derive(Clone, Copy, Debug, Default)]
pub struct Named<'a> {
    /// The file.
    pub file: Option<&'a str>,
    /// The profile.
    pub profile: Option<&'a str>,
    /// Single settings, `KEY=VALUE`.
    pub keys: &'a [&'a str],
}

impl Config {
    /// Reads the settings: the file named, else that of the environment, else the usual one;
    /// over it the profile, variables of the environment, and what the command line says.
    ///
    /// # Errors
    /// When a named file cannot be read. Mistakes in it are kept.
    pub fn load(named: Named<'_>, host: &Host) -> Result<Self> {
        let file = named.file.or_else(|| host.var("TOUCHBASE_CONFIG"));
        let path = match file {
            Some(path) => PathBuf::from(path),
            None => xdg(host, "XDG_CONFIG_HOME", ".config")?.join("touchbase/config.toml"),
        };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && file.is_none() => {
                String::new()
            }
            Err(error) => {
                let what = format!("cannot read `{}`", path.display());
                return Err(Error::io(what, error));
            }
        };
        let over = over(named, host)?;
        let (held, problems) = match settings::read(&text, &over) {
            Ok(held) => (held, Vec::new()),
            Err(problems) => (Held::default(), problems),
        };
        let Held { settings, folder } = held;
        let pipelines = settings.pipelines().unwrap_or_default();
        let own = over
            .profile
            .map(|name| folder.unwrap_or_else(|| beside(name)));
        Ok(Self {
            path,
            settings,
            pipelines,
            folder: own,
            problems,
        })
    }

    /// Refuses settings with mistakes.
    ///
    /// # Errors
    /// The first mistake, and how many there are.
    pub fn checked(&self) -> Result<()> {
        let Some(first) = self.problems.first() else {
            return Ok(());
        };
        let error = first.error(&self.path);
        Err(match self.problems.len() - 1 {
            0 => error,
            more => error.hint(format!("and {more} more: see `touchbase config check`")),
        })
    }

    /// The user's moment and habits, from the settings, the flags and the system.
    ///
    /// # Errors
    /// When a zone, a region or a currency does not exist.
    pub fn context(&self, zone: Option<&str>, host: &Host) -> Result<Context> {
        let settings = &self.settings;
        let configured = Some(settings.time_zone.as_str()).filter(|name| !name.is_empty());
        let zone = match zone.or(configured) {
            Some(name) => super::zone(name)?,
            None => system_zone(host),
        };
        let region = match settings.region.as_str() {
            "" => locale_region(host).unwrap_or(Region::DE),
            code => Region::parse(code).ok_or_else(|| self.wrong("region", code))?,
        };
        let currency = Currency::parse(&settings.currency)
            .map_err(|_| self.wrong("currency", &settings.currency))?;
        let date_order = settings.date_order;
        Ok(Context {
            now: (host.now)(),
            zone,
            region,
            currency,
            date_order,
        })
    }

    /// The hooks beside the settings. What a hook runs calls none itself.
    pub fn hooks(&self, data: &Path, host: &Host) -> Hooks {
        let folder = self.path.parent().map(|folder| folder.join("hooks"));
        let whole = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let mut variables = vec![("TOUCHBASE_DIR".to_owned(), whole(data).into())];
        if self.path.exists() {
            variables.push(("TOUCHBASE_CONFIG".to_owned(), whole(&self.path).into()));
        }
        Hooks {
            folder: folder.filter(|_| host.var(IN_HOOK).is_none()),
            limit: Duration::from_secs(self.settings.hook_time),
            variables,
        }
    }

    fn wrong(&self, key: &str, value: &str) -> Error {
        let path = self.path.display();
        Error::invalid(format!("{path}: `{key}` cannot be `{value}`"))
    }
}

/// The profile, and what variables and flags set.
fn over<'a>(named: Named<'a>, host: &'a Host) -> Result<Over<'a>> {
    let of_variable = |(name, value): (&String, &String)| {
        let key = settings::key_of_variable(name)?;
        Some((key, value.clone()))
    };
    let is_ours = |name: &&String| name.starts_with("TOUCHBASE_");
    let variables = host.vars.iter().filter(|(name, _)| is_ours(name));
    let mut keys: Vec<(String, String)> = variables.filter_map(of_variable).collect();
    for text in named.keys {
        let (key, value) = text.split_once('=').ok_or_else(|| {
            Error::usage(format!("`--setting {text}` has no `=`"))
                .hint("write `--setting key=value`")
        })?;
        keys.push((key.trim().to_owned(), value.to_owned()));
    }
    let profile = named.profile.or_else(|| host.var("TOUCHBASE_PROFILE"));
    Ok(Over { profile, keys })
}

/// The folder of a profile that names none: beside the usual one.
fn beside(profile: &str) -> String {
    format!("touchbase-{profile}")
}

/// Where the data lies: the folder named, else that of a profile that is named, else that of
/// the environment, else the usual one.
///
/// # Errors
/// When there is no home.
pub fn data_folder(
    named: Named<'_>,
    folder: Option<&str>,
    config: &Config,
    host: &Host,
) -> Result<PathBuf> {
    let base = || xdg(host, "XDG_DATA_HOME", ".local/share");
    let own = config.folder.as_deref();
    let by_flag = folder
        .map(str::to_owned)
        .or_else(|| own.filter(|_| named.profile.is_some()).map(str::to_owned));
    let by_variable = || host.var("TOUCHBASE_DIR").or(own).map(str::to_owned);
    match by_flag.or_else(by_variable) {
        // A profile's folder may lie under the home, or beside the usual one.
        Some(path) if Some(path.as_str()) == own => match path.strip_prefix("~/") {
            Some(rest) => Ok(home(host)?.join(rest)),
            None => Ok(base()?.join(path)),
        },
        Some(path) => Ok(PathBuf::from(path)),
        None => Ok(base()?.join("touchbase")),
    }
}

/// An XDG base folder; relative ones are ignored, as the specification wants.
fn xdg(host: &Host, variable: &str, fallback: &str) -> Result<PathBuf> {
    let base = host.var(variable).map(PathBuf::from);
    match base.filter(|path| path.is_absolute()) {
        Some(base) => Ok(base),
        None => Ok(home(host)?.join(fallback)),
    }
}

fn home(host: &Host) -> Result<PathBuf> {
    let named = host.var("HOME").map(PathBuf::from);
    named
        .filter(|path| path.is_absolute())
        .or_else(|| etcetera::home_dir().ok().filter(|path| path.is_absolute()))
        .ok_or_else(|| {
            Error::new(ErrorKind::Io, "there is no home folder")
                .hint("name a folder with `--dir FOLDER` and settings with `--config FILE`")
        })
}

fn system_zone(host: &Host) -> chrono_tz::Tz {
    let named = host
        .var("TZ")
        .and_then(|name| name.trim_start_matches(':').parse().ok());
    named
        .or_else(|| iana_time_zone::get_timezone().ok()?.parse().ok())
        .unwrap_or(chrono_tz::UTC)
}

/// The country of the locale: `DE` of `de_DE.UTF-8`.
fn locale_region(host: &Host) -> Option<Region> {
    ["LC_ALL", "LC_TELEPHONE", "LANG"].iter().find_map(|name| {
        let (_, rest) = host.var(name)?.split_once('_')?;
        Region::parse(rest.get(..2)?)
    })
}
