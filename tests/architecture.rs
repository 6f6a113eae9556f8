//! The layers of the engine point one way, and each outside library stays in its place (ARCHITECTURE.md).

#![allow(clippy::unwrap_used)] // a test may stop on a surprise

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Each layer and the layers that it may use.
const LAYERS: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("json", &[]),
    ("value", &["error"]),
    ("config", &["error", "value"]),
    ("runtime", &["config", "error"]),
    ("ast", &["error", "json", "value"]),
    ("schema", &["ast", "error", "json", "value"]),
    ("dialect", &["ast", "config", "error", "json", "schema", "value"]),
    ("evolve", &["config", "dialect", "error", "schema"]),
    ("driver", &["config", "dialect", "error", "runtime", "value"]),
    ("engine", &["ast", "config", "dialect", "driver", "error", "evolve", "runtime", "schema", "value"]),
    ("migrate", &["config", "dialect", "error", "json", "schema", "value"]),
    (
        "bridge",
        &[
            "ast", "config", "dialect", "driver", "engine", "error", "evolve", "migrate", "runtime",
            "schema", "value",
        ],
    ),
];

/// A word of code, and the beginnings of the paths in which it may stand.
const PLACES: &[(&str, &[&str])] = &[
    // The independent reader in tests.
    ("sqlx", &[]),
    ("libsqlite3_sys", &["driver/"]),
    ("postgres_protocol", &["driver/"]),
    ("tokio", &["driver/", "engine/", "runtime/"]),
    ("napi", &["bridge/", "runtime/"]),
    ("napi_derive", &["bridge/"]),
    ("#[napi", &["bridge/"]),
    ("unsafe", &["bridge/", "driver/sqlite/", "runtime/", "value/bindings.rs"]),
    (".await", &["bridge/", "driver/", "engine/", "runtime/"]),
];

const LONGEST_FILE: usize = 400;

struct Source {
    /// Below `src/`, with forward slashes.
    path: String,
    layer: String,
    /// The lines that are not comments, with their numbers.
    code: Vec<(usize, String)>,
    length: usize,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    assert!(files.len() > 20, "the sources were not found");
    files.iter().map(|file| read(&root, file)).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn read(root: &Path, file: &Path) -> Source {
    let path = file.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
    let text = fs::read_to_string(file).unwrap();
    let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
    Source {
        layer: path.split('/').next().unwrap().trim_end_matches(".rs").to_owned(),
        code: lines
            .filter(|(_, line)| !line.starts_with("//"))
            .map(|(at, line)| (at, line.to_owned()))
            .collect(),
        length: text.lines().count(),
        path,
    }
}

/// Does `word` stand in `line` by itself, not as a part of a longer name?
fn mentions(line: &str, word: &str) -> bool {
    let is_name = |character: char| character.is_alphanumeric() || character == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let joined_before = word.starts_with(is_name) && before.is_some_and(is_name);
        let joined_after = word.ends_with(is_name) && after.is_some_and(is_name);
        !joined_before && !joined_after
    })
}

fn report(broken: &[String], rule: &str) {
    assert!(broken.is_empty(), "{rule}:\n  {}", broken.join("\n  "));
}

#[test]
fn layers_use_only_the_layers_below_them() {
    let allowed: BTreeMap<&str, &[&str]> = LAYERS.iter().copied().collect();
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| source.layer != "lib") {
        let Some(may_use) = allowed.get(source.layer.as_str()) else {
            broken.push(format!("src/{} belongs to no layer", source.path));
            continue;
        };
        for (at, line) in &source.code {
            for (layer, _) in LAYERS {
                let used = mentions(line, &format!("crate::{layer}"));
                if used && *layer != source.layer && !may_use.contains(layer) {
                    broken.push(format!("src/{}:{at}: {} may not use {layer}", source.path, source.layer));
                }
            }
        }
    }
    report(&broken, "an arrow points the wrong way (src/lib.rs shows the layers)");
}

#[test]
fn outside_libraries_unsafe_code_and_waiting_stay_in_their_layers() {
    let mut broken = Vec::new();
    for source in sources() {
        let elsewhere = |places: &[&str]| !places.iter().any(|place| source.path.starts_with(place));
        for (word, places) in PLACES.iter().filter(|(_, places)| elsewhere(places)) {
            for (at, line) in source.code.iter().filter(|(_, line)| mentions(line, word)) {
                broken.push(format!(
                    "src/{}:{at}: `{word}` belongs in {}: {line}",
                    source.path,
                    places.join(", ")
                ));
            }
        }
    }
    report(&broken, "a library out of its place");
}

#[test]
fn the_bridge_takes_no_decision_by_database() {
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| source.layer == "bridge") {
        for (at, _) in source.code.iter().filter(|(_, line)| mentions(line, "DriverName::")) {
            broken.push(format!("src/{}:{at}", source.path));
        }
    }
    report(&broken, "what differs by database belongs in dialect/, driver/ or engine/");
}

#[test]
fn no_file_is_longer_than_400_lines() {
    let long = sources().into_iter().filter(|source| source.length > LONGEST_FILE);
    let broken: Vec<String> = long.map(|source| format!("src/{}: {}", source.path, source.length)).collect();
    report(&broken, "one concept a file");
}

#[test]
fn mod_files_are_contents_without_logic() {
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| source.path.ends_with("mod.rs")) {
        for (at, line) in &source.code {
            if ["match", "if", "while", "loop", "for"]
                .iter()
                .any(|word| line.ends_with('{') && opens(line, word))
            {
                broken.push(format!("src/{}:{at}: {line}", source.path));
            }
        }
    }
    report(&broken, "logic belongs in a file named for it");
}

/// `for` also stands in `impl Trait for Type`, which is no logic.
fn opens(line: &str, word: &str) -> bool {
    mentions(line, word) && !line.starts_with("impl") && !line.starts_with("unsafe impl")
}
