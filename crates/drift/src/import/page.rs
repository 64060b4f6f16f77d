//! A documentation page, and the blocks of OpenAPI in it.

use openapi::model::METHODS;
use openapi::{Document, ReadError, pointer};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// A document cut down to one operation, from a documentation page.
#[derive(Clone, Debug)]
pub struct Slice {
    document: Document,
    file: Option<String>,
    method: String,
    path: String,
}

impl Slice {
    /// The document. Its name is that of the page, its lines are those of the page.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The file that the page says it is from, such as `openapi/nexus/v1.yaml`.
    pub fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }

    /// The operation that the page is about, as `METHOD /path`.
    pub fn operation(&self) -> String {
        format!("{} {}", self.method.to_ascii_uppercase(), self.path)
    }
}

/// Whether a text is a documentation page rather than a document: by its name (`.md`), or by a
/// block of OpenAPI in it.
pub fn is_page(name: &str, text: &str) -> bool {
    let name = name.split(['?', '#']).next().unwrap_or_default();
    let name = name.to_ascii_lowercase();
    name.ends_with(".md") || name.ends_with(".mdx") || has_openapi(text)
}

/// Whether a text has a block of OpenAPI that names its operation.
pub fn has_openapi(text: &str) -> bool {
    !blocks(text).is_empty()
}

/// Whether a text is HTML, as sites send it to browsers.
pub fn is_html(text: &str) -> bool {
    let start: String = text
        .trim_start_matches('\u{feff}')
        .trim_start()
        .chars()
        .take(9)
        .collect();
    let start = start.to_ascii_lowercase();
    start.starts_with("<!doctype") || start.starts_with("<html")
}

/// The slices in a page: every fenced block whose info string reads like
/// `yaml openapi/nexus/v1.yaml GET /members/{member_guid}`, with or without the file.
///
/// # Errors
/// The page has no such block, or a block is not closed, is not a valid document, or does not have
/// the operation that its info string names.
pub fn slices(name: &str, text: &str) -> Result<Vec<Slice>, ReadError> {
    let error = |line, message: &str, help: &str| {
        Err(ReadError::at_line(name, line, message.to_owned(), help))
    };
    let blocks = blocks(text);
    if blocks.is_empty() {
        if is_html(text) {
            let help = "add `.md` to the address of the page";
            return error(None, "this is HTML, not the Markdown of a page", help);
        }
        let help = "such a block starts with ````yaml openapi/nexus/v1.yaml GET /path";
        return error(None, "the page has no block of OpenAPI", help);
    }
    let mut slices = Vec::new();
    for block in blocks {
        let line = Some(block.line - 1);
        if !block.closed {
            let message = "the block of OpenAPI is not closed: the page was cut off";
            return error(line, message, "fetch the page again");
        }
        let Announced { file, method, path } = block.announced;
        let document = Document::parse_from(name, block.text, block.line)?;
        let slice = Slice {
            document,
            file,
            method,
            path,
        };
        let at = pointer::join("/paths", &slice.path);
        let at = pointer::join(&at, &slice.method);
        if slice.document.value().pointer(&at).is_none() {
            let message = format!(
                "the block does not have {}, which its info string names",
                slice.operation()
            );
            return error(line, &message, "fetch the page again, or report it to MX");
        }
        slices.push(slice);
    }
    Ok(slices)
}

/// What the info string of a block of OpenAPI names.
struct Announced {
    file: Option<String>,
    /// In lower case.
    method: String,
    path: String,
}

impl Announced {
    /// Reads an info string; `None` if it does not name an operation.
    fn read(info: &str) -> Option<Announced> {
        let mut words = info.split_whitespace();
        let language = words.next()?.to_ascii_lowercase();
        if !matches!(&*language, "yaml" | "yml" | "json") {
            return None;
        }
        let method = |word: &str| {
            let word = word.to_ascii_lowercase();
            METHODS.contains(&&*word).then_some(word)
        };
        let first = words.next()?;
        let (file, method) = match method(first) {
            Some(method) => (None, method),
            None => (Some(first.to_owned()), method(words.next()?)?),
        };
        let path = words
            .next()
            .filter(|path| path.starts_with('/'))?
            .to_owned();
        Some(Announced { file, method, path })
    }
}

/// What a line names that opens a block of OpenAPI, whatever the block is nested in.
fn announced_by(line: &str) -> Option<Announced> {
    let fence = line.find("```").or_else(|| line.find("~~~"))?;
    Announced::read(line[fence..].trim_start_matches(['`', '~']))
}

/// A block of OpenAPI.
struct Block {
    announced: Announced,
    /// The line of the page on which its content starts, from 1.
    line: usize,
    text: String,
    closed: bool,
}

/// The blocks of OpenAPI in a page.
fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    // Most documents have no such line, and need not be parsed as Markdown.
    if text.lines().any(|line| announced_by(line).is_some()) {
        read_blocks(text, 1, true, &mut blocks);
    }
    blocks
}

/// Adds the blocks of a text whose first line is line `first_line` of the page.
///
/// For CommonMark, fences in HTML and fences that are indented by four blanks are not fences. MDX,
/// in which such pages are written, has neither HTML nor code by indentation: with `mdx` those
/// fences are read, too.
fn read_blocks(mut text: &str, mut first_line: usize, mdx: bool, blocks: &mut Vec<Block>) {
    while let Some(start) = read_until_html(text, first_line, mdx, blocks) {
        first_line += lines_before(text, start);
        text = &text[start..];
    }
}

/// As [`read_blocks`], up to HTML with a block in it. Returns where that block starts.
fn read_until_html(
    text: &str,
    first_line: usize,
    mdx: bool,
    blocks: &mut Vec<Block>,
) -> Option<usize> {
    // The text of the code block that is being read, and its info string if it is fenced.
    let mut code: Option<(String, Option<String>)> = None;
    for (event, range) in Parser::new_ext(text, Options::empty()).into_offset_iter() {
        match event {
            Event::Start(Tag::HtmlBlock) if mdx => {
                if let Some(fence) = announcing_line(&text[range.clone()]) {
                    return Some(range.start + fence);
                }
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                let info = match kind {
                    CodeBlockKind::Fenced(info) => Some(info.into_string()),
                    CodeBlockKind::Indented => None,
                };
                code = Some((String::new(), info));
            }
            Event::Text(piece) => {
                if let Some((content, _)) = &mut code {
                    // The parser leaves out the CR of CR LF.
                    if piece.starts_with('\n') && text[..range.start].ends_with('\r') {
                        content.push('\r');
                    }
                    content.push_str(&piece);
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                let line = first_line + lines_before(text, range.start);
                match code.take() {
                    Some((content, Some(info))) => {
                        // With the fences, if both are there.
                        let lines = text[range].lines().count();
                        blocks.extend(Announced::read(&info).map(|announced| Block {
                            announced,
                            line: line + 1,
                            closed: lines == content.lines().count() + 2,
                            text: content,
                        }));
                    }
                    Some((content, None)) if mdx => {
                        if let Some(fence) = announcing_line(&content) {
                            let line = line + lines_before(&content, fence);
                            read_blocks(&without_indent(&content[fence..]), line, false, blocks);
                        }
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
    None
}

fn lines_before(text: &str, offset: usize) -> usize {
    text[..offset].matches('\n').count()
}

/// Where the first line starts that opens a block of OpenAPI.
fn announcing_line(text: &str) -> Option<usize> {
    let mut start = 0;
    text.split_inclusive('\n').find_map(|line| {
        let at = start;
        start += line.len();
        let is_fence = line.trim_start().starts_with(['`', '~']);
        (is_fence && announced_by(line).is_some()).then_some(at)
    })
}

/// A text whose lines are moved to the left by the indentation of the first.
fn without_indent(text: &str) -> String {
    let indent = text.len() - text.trim_start_matches(' ').len();
    let lines = text.split_inclusive('\n').map(|line| {
        let blanks = line.len() - line.trim_start_matches(' ').len();
        &line[blanks.min(indent)..]
    });
    lines.collect()
}
