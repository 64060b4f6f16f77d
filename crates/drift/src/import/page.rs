//! A documentation page, and the blocks of OpenAPI in it.

use openapi::model::METHODS;
use openapi::{Document, ReadError, pointer};

/// A document cut down to one operation, out of a documentation page.
#[derive(Clone, Debug)]
pub struct Slice {
    document: Document,
    file: String,
    method: String,
    path: String,
}

impl Slice {
    /// The document; its name is the page's, its lines are those of the page.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The file that the page says it comes from, such as `openapi/nexus/v1.yaml`.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The operation that the page is about, as `METHOD /path`.
    pub fn operation(&self) -> String {
        format!("{} {}", self.method.to_ascii_uppercase(), self.path)
    }
}

/// A fenced block with its info string.
struct Block<'t> {
    info: &'t str,
    /// Line of its first line of content, from 1.
    line: usize,
    text: String,
    closed: bool,
}

/// Whether a text is a documentation page rather than a document: by its name (`.md`), or by a
/// block of OpenAPI in it.
pub fn is_page(name: &str, text: &str) -> bool {
    let name = name
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    name.ends_with(".md")
        || name.ends_with(".mdx")
        || blocks(text)
            .iter()
            .any(|block| operation(block.info).is_some())
}

/// The slices in a page: every fenced block whose info string reads
/// `yaml openapi/nexus/v1.yaml GET /members/{member_guid}/…`.
///
/// # Errors
/// There is none, one is not closed, is no valid document, or lacks the operation it announces.
pub fn slices(name: &str, text: &str) -> Result<Vec<Slice>, ReadError> {
    if text.trim_start().starts_with('<') && !text.contains("```") {
        let message = "this is HTML, not the Markdown of a page".to_owned();
        return Err(ReadError::at_line(
            name,
            None,
            message,
            "add `.md` to the address of the page",
        ));
    }
    let mut slices = Vec::new();
    for block in blocks(text) {
        let Some((file, method, path)) = operation(block.info) else {
            continue;
        };
        if !block.closed {
            let message = "the block of OpenAPI is not closed: the page was cut off".to_owned();
            return Err(ReadError::at_line(
                name,
                Some(block.line - 1),
                message,
                "fetch the page again",
            ));
        }
        let document = Document::parse_from(name, block.text, block.line)?;
        let method = method.to_ascii_lowercase();
        let at = pointer::join(&pointer::join("/paths", path), &method);
        if document.value().pointer(&at).is_none() {
            let message = format!(
                "the block does not hold {} {path}, which it announces",
                method.to_ascii_uppercase()
            );
            return Err(ReadError::at_line(
                name,
                Some(block.line - 1),
                message,
                "fetch the page again, or tell MX",
            ));
        }
        slices.push(Slice {
            document,
            file: file.to_owned(),
            method,
            path: path.to_owned(),
        });
    }
    if slices.is_empty() {
        let message = "the page holds no block of OpenAPI".to_owned();
        let help = "such a block starts with ````yaml openapi/nexus/v1.yaml GET /path";
        return Err(ReadError::at_line(name, None, message, help));
    }
    Ok(slices)
}

/// File, method and path of an info string, if it announces an operation.
fn operation(info: &str) -> Option<(&str, &str, &str)> {
    let mut words = info.split_whitespace();
    if !matches!(words.next()?, "yaml" | "yml" | "json") {
        return None;
    }
    let (file, method, path) = (words.next()?, words.next()?, words.next()?);
    let known = METHODS
        .iter()
        .any(|known| known.eq_ignore_ascii_case(method));
    (known && path.starts_with('/')).then_some((file, method, path))
}

/// The fenced blocks of a Markdown text, by the rules of CommonMark.
fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<(Fence, Block<'_>)> = None;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        match &mut open {
            None => {
                if let Some((fence, info)) = Fence::opening(line) {
                    let block = Block {
                        info,
                        line: index + 2,
                        text: String::new(),
                        closed: false,
                    };
                    open = Some((fence, block));
                }
            }
            Some((fence, block)) if fence.is_closed_by(line) => {
                block.closed = true;
                blocks.extend(open.take().map(|(_, block)| block));
            }
            Some((fence, block)) => {
                // A fence that is indented indents its content.
                let indented = line
                    .bytes()
                    .take(fence.indent)
                    .take_while(|byte| *byte == b' ')
                    .count();
                block.text.push_str(&line[indented..]);
            }
        }
    }
    blocks.extend(open.map(|(_, block)| block));
    blocks
}

struct Fence {
    indent: usize,
    mark: char,
    length: usize,
}

impl Fence {
    fn opening(line: &str) -> Option<(Fence, &str)> {
        let body = line.trim_start_matches(' ');
        let indent = line.len() - body.len();
        let mark = body
            .chars()
            .next()
            .filter(|mark| matches!(mark, '`' | '~'))?;
        let info = body.trim_start_matches(mark);
        let length = body.len() - info.len();
        let fence = Fence {
            indent,
            mark,
            length,
        };
        (length >= 3 && !(mark == '`' && info.contains('`'))).then_some((fence, info.trim()))
    }

    fn is_closed_by(&self, line: &str) -> bool {
        let body = line.trim();
        body.len() >= self.length && body.chars().all(|character| character == self.mark)
    }
}
