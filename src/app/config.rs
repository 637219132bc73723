//! Where things lie, and the settings file.

use super::host::Host;
use crate::domain::context::Context;
use crate::domain::pipeline::Pipelines;
use crate::domain::settings::Settings;
use crate::domain::values::money::Currency;
use crate::domain::values::phone::Region;
use crate::error::{Error, ErrorKind, Result};
use crate::services::hooks::{Hooks, IN_HOOK};
use crate::services::words;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The settings, and where they were read.
#[derive(Clone, Debug)]
pub struct Config {
    /// The file; it need not exist.
    pub path: PathBuf,
    /// What holds.
    pub settings: Settings,
    /// The pipelines of the settings.
    pub pipelines: Pipelines,
}

impl Config {
    /// Reads the settings: the file named, else that of the environment, else the usual one.
    ///
    /// # Errors
    /// When a named file is missing, or the settings make no sense; with the line.
    pub fn load(named: Option<&str>, host: &Host) -> Result<Self> {
        let named = named.or_else(|| host.var("TOUCHBASE_CONFIG"));
        let path = match named {
            Some(path) => PathBuf::from(path),
            None => xdg(host, "XDG_CONFIG_HOME", ".config")?.join("config.toml"),
        };
        let settings = match std::fs::read_to_string(&path) {
            Ok(text) => parse(&path, &text)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => {
                Settings::default()
            }
            Err(error) => {
                return Err(Error::io(
                    format!("cannot read `{}`", path.display()),
                    error,
                ));
            }
        };
        let pipelines = settings.pipelines().map_err(|error| {
            let error = words::settings(&error);
            Error {
                message: format!("{}: {}", path.display(), error.message),
                ..error
            }
        })?;
        Ok(Self {
            path,
            settings,
            pipelines,
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
        Error::invalid(format!(
            "{}: `{key}` cannot be `{value}`",
            self.path.display()
        ))
    }
}

fn parse(path: &Path, text: &str) -> Result<Settings> {
    toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let line = text
            .get(..start)
            .map_or(1, |before| before.matches('\n').count() + 1);
        let message = format!("{}:{line}: {}", path.display(), error.message());
        Error::new(ErrorKind::Invalid, message.replace('\n', "; "))
            .hint("see every setting with `touchbase config show --defaults`")
    })
}

/// Where the data lies: the folder named, else that of the environment, else the usual one.
///
/// # Errors
/// When there is no home.
pub fn data_folder(named: Option<&str>, host: &Host) -> Result<PathBuf> {
    match named.or_else(|| host.var("TOUCHBASE_DIR")) {
        Some(path) => Ok(PathBuf::from(path)),
        None => xdg(host, "XDG_DATA_HOME", ".local/share"),
    }
}

/// The program's folder under an XDG base folder; relative ones are ignored, as the
/// specification wants.
fn xdg(host: &Host, variable: &str, fallback: &str) -> Result<PathBuf> {
    let base = host
        .var(variable)
        .map(PathBuf::from)
        .filter(|path| path.is_absolute());
    let home = || {
        host.var("HOME")
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
            .or_else(|| etcetera::home_dir().ok().filter(|path| path.is_absolute()))
            .ok_or_else(|| {
                Error::new(ErrorKind::Io, "there is no home folder")
                    .hint("name a folder with `--dir FOLDER` and settings with `--config FILE`")
            })
    };
    let base = match base {
        Some(base) => base,
        None => home()?.join(fallback),
    };
    Ok(base.join("touchbase"))
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
