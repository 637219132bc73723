//! Draws the screen of the demo as a picture: `screen_picture PROGRAM KEYS… > x.svg`.
//!
//! The real program runs in a pseudo-terminal, the keys are typed one after the other, and the
//! cells that it leaves become an SVG. `docs/images/make` calls it.

use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use std::error::Error;
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use vt100::{Cell, Color, Parser};

const COLUMNS: u16 = 120;
const ROWS: u16 = 36;
/// The size of a cell in the picture.
const CELL: (u16, u16) = (9, 19);
const INK: &str = "#d4d4d4";
const PAPER: &str = "#16181c";
/// A terminal's sixteen colours.
const PALETTE: [&str; 16] = [
    "#1d1f21", "#d16d6d", "#8fbf6a", "#e5b567", "#7fa7d6", "#b294bb", "#7cc0b8", "#c5c8c6",
    "#767b84", "#e88080", "#a8d98a", "#ffd98a", "#a0c0e0", "#d0b0d8", "#a8dcd5", "#ffffff",
];
/// How long the program gets for what a key does; it writes a little all the time.
const REST: Duration = Duration::from_millis(1500);

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let program = arguments.next().ok_or("which program?")?;
    let size = PtySize {
        rows: ROWS,
        cols: COLUMNS,
        ..PtySize::default()
    };
    let pair = native_pty_system().openpty(size)?;
    let mut command = CommandBuilder::new(std::fs::canonicalize(program)?);
    command.arg("demo");
    command.env("TERM", "xterm-256color");
    command.env("TZ", "Europe/Berlin");
    command.env("TOUCHBASE_NOW", "2026-11-25T10:00:00+01:00");
    let mut child = pair.slave.spawn_command(command)?;
    drop(pair.slave);
    let (mut reader, mut writer) = (pair.master.try_clone_reader()?, pair.master.take_writer()?);
    let (sender, written) = channel();
    std::thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(count) = reader.read(&mut bytes) {
            if count == 0 || sender.send(bytes[..count].to_vec()).is_err() {
                break;
            }
        }
    });
    let mut parser = Parser::new(ROWS, COLUMNS, 0);
    settle(&mut parser, &written);
    for key in arguments {
        writer.write_all(key.as_bytes())?;
        writer.flush()?;
        settle(&mut parser, &written);
    }
    print!("{}", picture(&parser)?);
    child.kill()?;
    Ok(())
}

/// Takes what the program writes for a while.
fn settle(parser: &mut Parser, written: &Receiver<Vec<u8>>) {
    let end = Instant::now() + REST;
    while let Ok(bytes) = written.recv_timeout(end.saturating_duration_since(Instant::now())) {
        parser.process(&bytes);
    }
}

fn picture(parser: &Parser) -> Result<String, std::fmt::Error> {
    let (width, height) = (COLUMNS * CELL.0, ROWS * CELL.1);
    let mut svg = String::new();
    writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-12 -12 {} {}\" \
         font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" font-size=\"15\">\n\
         <rect x=\"-12\" y=\"-12\" width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{PAPER}\"/>",
        width + 24,
        height + 24
    )?;
    for row in 0..ROWS {
        for run in runs(parser, row) {
            draw(&mut svg, &run, row * CELL.1)?;
        }
    }
    svg.push_str("</svg>\n");
    Ok(svg)
}

/// Neighbouring cells that look alike.
struct Run {
    column: u16,
    columns: u16,
    text: String,
    ink: String,
    paper: String,
    more: String,
}

/// The cells of a row. What is wide stands alone: fonts differ in how wide.
fn runs(parser: &Parser, row: u16) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut alone = false;
    for column in 0..COLUMNS {
        let Some(cell) = parser.screen().cell(row, column) else {
            continue;
        };
        if cell.is_wide_continuation() {
            continue;
        }
        let text = if cell.has_contents() {
            cell.contents()
        } else {
            " "
        };
        let columns = if cell.is_wide() { 2 } else { 1 };
        let (ink, paper, more) = style(cell);
        let was_alone = std::mem::replace(&mut alone, !text.is_ascii());
        match runs.last_mut() {
            Some(run)
                if (&run.ink, &run.paper, &run.more) == (&ink, &paper, &more)
                    && !alone
                    && !was_alone =>
            {
                run.text.push_str(text);
                run.columns += columns;
            }
            _ => runs.push(Run {
                column,
                columns,
                text: text.to_owned(),
                ink,
                paper,
                more,
            }),
        }
    }
    runs
}

/// Ink, paper and whatever else a cell looks like.
fn style(cell: &Cell) -> (String, String, String) {
    let (mut ink, mut paper) = (color(cell.fgcolor(), INK), color(cell.bgcolor(), PAPER));
    if cell.inverse() {
        std::mem::swap(&mut ink, &mut paper);
    }
    let mut more = String::new();
    for (is_so, attribute) in [
        (cell.bold(), " font-weight=\"bold\""),
        (cell.dim(), " opacity=\"0.65\""),
        (cell.underline(), " text-decoration=\"underline\""),
    ] {
        if is_so {
            more.push_str(attribute);
        }
    }
    (ink, paper, more)
}

fn draw(svg: &mut String, run: &Run, y: u16) -> std::fmt::Result {
    let Run {
        ink, paper, more, ..
    } = run;
    let (x, width) = (run.column * CELL.0, run.columns * CELL.0);
    if paper != PAPER {
        let height = CELL.1;
        writeln!(
            svg,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{paper}\"/>"
        )?;
    }
    if run.text.trim().is_empty() {
        return Ok(());
    }
    let text = run
        .text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let base = y + 14;
    writeln!(
        svg,
        "<text x=\"{x}\" y=\"{base}\" textLength=\"{width}\" lengthAdjust=\"spacingAndGlyphs\" \
         xml:space=\"preserve\" fill=\"{ink}\"{more}>{text}</text>"
    )
}

fn color(color: Color, default: &str) -> String {
    match color {
        Color::Default => default.to_owned(),
        Color::Idx(index) => PALETTE
            .get(usize::from(index))
            .map_or_else(|| default.to_owned(), |&known| known.to_owned()),
        Color::Rgb(red, green, blue) => format!("#{red:02x}{green:02x}{blue:02x}"),
    }
}
