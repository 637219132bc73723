//! The settings as a file that explains itself: every key with its description and its default.

use super::schema::{Node, schema};
use crate::domain::pipeline::{Pipelines, Stage};
use crate::domain::settings::{PipelineSettings, Settings, StageSettings};
use std::collections::HashSet;

/// How wide a comment may be.
const WIDTH: usize = 78;

/// Settings with a comment over each key.
pub fn documented(settings: &Settings) -> String {
    let schema = schema();
    let root = Node::root(&schema);
    let mut settings = settings.clone();
    if settings.pipelines.is_empty() {
        settings.pipelines = usual_pipelines();
    }
    let text = toml::to_string_pretty(&settings).unwrap_or_default();
    let mut made = String::new();
    let mut group: Vec<String> = Vec::new();
    // Lists of several lines are copied as they are.
    let mut depth = 0_usize;
    let mut explained = HashSet::new();
    for line in text.lines() {
        let header = line.strip_prefix('[').filter(|_| depth == 0);
        let key = line.split_once(" = ").filter(|_| depth == 0);
        let path = match (header, key) {
            (Some(header), _) => {
                let name = header.trim_start_matches('[').trim_end_matches(']');
                group = name.split('.').map(unquoted).collect();
                group.clone()
            }
            (None, Some((key, value))) => {
                depth = usize::from(value.trim_end() == "[");
                group.iter().cloned().chain([unquoted(key)]).collect()
            }
            (None, None) => {
                depth = depth.saturating_sub(usize::from(line == "]"));
                Vec::new()
            }
        };
        let node = find(root, &path).filter(|_| !path.is_empty());
        if let Some(node) = node.filter(|_| explained.insert(path)) {
            comment(&mut made, node, header.is_none());
        }
        made.push_str(line);
        made.push('\n');
    }
    profiles(&mut made);
    made
}

/// The pipelines of settings that have none, as they would be written.
fn usual_pipelines() -> Vec<PipelineSettings> {
    let stage = |stage: Stage| StageSettings {
        name: stage.name,
        probability: Some(stage.probability.get()),
        outcome: stage.outcome,
        stale_after: stage.stale_after,
    };
    let pipelines = Pipelines::default().0.into_iter();
    let written = pipelines.map(|pipeline| PipelineSettings {
        name: pipeline.name,
        stages: pipeline.stages.into_iter().map(stage).collect(),
    });
    written.collect()
}

fn unquoted(name: &str) -> String {
    name.trim_matches(['"', '\'']).to_owned()
}

/// The place of a whole key; in a list, that of its members.
fn find<'a>(root: Node<'a>, path: &[String]) -> Option<Node<'a>> {
    let mut node = root;
    for part in path {
        let group = node.member().unwrap_or(node);
        node = group.key(part)?;
    }
    Some(node)
}

/// The description as comments, and for a list without members what each of them would have.
fn comment(made: &mut String, node: Node<'_>, is_empty: bool) {
    for line in node.lines() {
        push_comment(made, &line, "");
    }
    let Some(member) = node.member().filter(|member| is_empty && member.is_group()) else {
        return;
    };
    for name in member.names() {
        let Some(key) = member.key(name) else {
            continue;
        };
        let about = key.lines().join(" ");
        push_comment(made, &format!("{name}: {about}"), "  ");
    }
}

fn push_comment(made: &mut String, text: &str, indent: &str) {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty()
            && line.chars().count() + word.chars().count() + 1 > WIDTH - indent.len()
        {
            made.push_str(&format!("# {indent}{line}\n"));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    made.push_str(format!("# {indent}{line}").trim_end());
    made.push('\n');
}

fn profiles(made: &mut String) {
    made.push_str(
        "\n# A profile has a folder of data and settings of its own; `--profile studio` takes it.\n\
         # [profile.studio]\n\
         # dir = \"~/studio-crm\"\n\
         # currency = \"GBP\"\n",
    );
}
