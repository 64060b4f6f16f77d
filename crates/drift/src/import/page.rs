//! A documentation page, and the blocks of OpenAPI in it.

use openapi::model::METHODS;
use openapi::{Document, ReadError, pointer};
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

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
struct Block {
    info: String,
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
            .any(|block| operation(&block.info).is_some())
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
        let Some((file, method, path)) = operation(&block.info) else {
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

/// The fenced blocks of a Markdown text, also those in lists and quotes.
fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    let mut source = "";
    // Events come in the order of the text, so its lines are counted once.
    let (mut line, mut counted) = (1, 0);
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                line += text[counted..range.start].matches('\n').count();
                counted = range.start;
                open = Some(Block {
                    info: info.into_string(),
                    line: line + 1,
                    text: String::new(),
                    closed: is_closed(&text[range.clone()]),
                });
                source = &text[range];
            }
            Event::Text(content) => {
                if let Some(block) = &mut open {
                    block.text.push_str(&content);
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                if let Some(mut block) = open.take() {
                    block.text = with_line_ends_of(source, &block.text);
                    blocks.push(block);
                }
            }
            _ => {}
        }
    }
    blocks
}

/// The content of a block with the line ends of its source: the parser makes each a line feed.
fn with_line_ends_of(source: &str, content: &str) -> String {
    let lines = source.split_inclusive('\n').skip(1);
    let pairs = lines.zip(content.split_inclusive('\n'));
    let pairs = pairs.map(|(source, line)| match source.ends_with("\r\n") {
        true => format!("{}\r\n", line.trim_end_matches(['\r', '\n'])),
        false => line.to_owned(),
    });
    pairs.collect()
}

/// Whether a fenced block ends with its fence, and not with the text.
fn is_closed(block: &str) -> bool {
    let opening = block.trim_start();
    let mark = opening.chars().next().unwrap_or('`');
    let length = opening.len() - opening.trim_start_matches(mark).len();
    let (_, content) = block.split_once('\n').unwrap_or_default();
    let last = content.lines().next_back().unwrap_or_default();
    // The markers of the quotes around the block.
    let last = last.trim_start_matches(['>', ' ', '\t']).trim_end();
    last.len() >= length && last.chars().all(|sign| sign == mark)
}
