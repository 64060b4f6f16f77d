//! Looking at what was generated from a small spec: its deviations, and single items of the code.

use codegen::{Authentication, Facts, Failure, Generated, Input};
use openapi::Document;

/// A client made of a small spec.
pub struct View(Generated);

/// Generates from a spec's paths and components; what every spec needs as well is added here.
pub fn generate(spec: &str) -> View {
    generate_with(spec, None).expect("the spec is accepted")
}

/// The same with an overlay, whose stale actions are errors.
pub fn generate_with(spec: &str, overlay: Option<&str>) -> Result<View, String> {
    let text = format!("openapi: 3.0.0\ninfo: {{title: Test, version: '1'}}\n{spec}");
    let document = Document::parse("openapi.yaml", text).map_err(|error| error.to_string())?;
    let overlay = overlay
        .map(|text| Document::parse("overlay.yaml", text))
        .transpose()
        .map_err(|error| error.to_string())?;
    let facts = Facts::new("Test", Authentication::Basic);
    let input = Input {
        overlay: overlay.as_ref(),
        ..Input::new(&facts, &document)
    };
    match (codegen::generate(&input), &overlay) {
        (Ok(generated), _) => Ok(View(generated)),
        (Err(Failure::Overlay(findings)), Some(overlay)) => {
            Err(openapi::render(&findings, overlay, false))
        }
        (
            Err(
                Failure::Overlay(findings)
                | Failure::UserOverlay(findings)
                | Failure::Spec(findings),
            ),
            _,
        ) => Err(openapi::render(&findings, &document, false)),
    }
}

impl View {
    /// The lines of `DEVIATIONS.md` about a pass.
    pub fn deviation(&self, pass: &str) -> String {
        let heading = format!("\n## {pass}\n");
        let section = self.0.deviations.split_once(&heading);
        let section = section.map_or("", |(_, rest)| rest.split("\n## ").next().unwrap_or(rest));
        let lines = section.lines().filter(|line| line.starts_with("- "));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// A generated file.
    pub fn file(&self, name: &str) -> &str {
        let found = self.0.files.iter().find(|(known, _)| known == name);
        &found.unwrap_or_else(|| panic!("no file {name}")).1
    }

    /// An item of a file, with its documentation and attributes: the one whose first line starts with `head`.
    pub fn item(&self, file: &str, head: &str) -> String {
        let found = item(self.file(file), head);
        found.unwrap_or_else(|| panic!("no `{head}` in:\n{}", self.file(file)))
    }

    /// Whether a file has an item that starts so.
    pub fn has(&self, file: &str, head: &str) -> bool {
        item(self.file(file), head).is_some()
    }

    /// A type, as [`View::item`] gives it.
    pub fn ty(&self, name: &str) -> String {
        let structure = item(self.file("types.rs"), &format!("pub struct {name} {{"));
        let structure = structure.map(|text| without_derives(&text));
        structure.unwrap_or_else(|| self.item("types.rs", &format!("pub enum {name} {{")))
    }

    /// An operation's entry in the operations table.
    pub fn entry(&self, name: &str) -> String {
        self.item("operations.rs", &format!("pub static {name}: Operation"))
    }

    /// How a client's method is called and what its builder answers.
    pub fn signature(&self, method: &str, builder: &str) -> String {
        let method = self.item("client.rs", &format!("pub fn {method}("));
        let methods = self.item("builder.rs", &format!("impl {builder} {{"));
        let answer = ["pub fn send(", "pub async fn send("]
            .iter()
            .find_map(|head| item(&methods, head))
            .expect("every builder has `send`");
        let head = |text: &str| {
            let lines = text.lines().map(str::trim);
            let code = lines.filter(|line| !line.starts_with("///") && !line.starts_with('#'));
            let code = code.collect::<Vec<_>>().join(" ");
            code.split(" {")
                .next()
                .unwrap_or_default()
                .replace("( ", "(")
                .replace(", )", ")")
        };
        format!("{}\n{}", head(&method), head(&answer))
    }
}

fn item(text: &str, head: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let at = lines
        .iter()
        .position(|line| line.trim_start().starts_with(head))?;
    let indent = lines[at].len() - lines[at].trim_start().len();
    let attribute = |line: &&&str| {
        let line = line.trim_start();
        line.starts_with("///") || line.starts_with("#[")
    };
    let first = at - lines[..at].iter().rev().take_while(attribute).count();
    let ends = |line: &&str| {
        let own = line.len() - line.trim_start().len() == indent;
        own && (line.ends_with('}') || line.ends_with("};") || line.ends_with(';'))
    };
    let last = at + lines[at..].iter().position(ends)?;
    let item = lines[first..=last]
        .iter()
        .map(|line| line.get(indent..).unwrap_or(line));
    Some(item.collect::<Vec<_>>().join("\n"))
}

/// Without the attributes that every struct has.
fn without_derives(text: &str) -> String {
    let every = ["#[derive(", "#[cfg_attr(feature = \"schemars\""];
    let lines = text
        .lines()
        .filter(|line| !every.iter().any(|start| line.starts_with(start)));
    lines.collect::<Vec<_>>().join("\n")
}
