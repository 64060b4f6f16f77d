//! Text of a spec as Markdown for doc comments.
//!
//! rustdoc compiles and runs every code block that it takes for Rust, takes words in brackets for links to items, and
//! warns about HTML and bare URLs. Here no code block is Rust, and everything else is written so that rustdoc shows it
//! as text. The visible text stays.

use std::ops::Range;

use openapi::safe::is_unseen;
use pulldown_cmark::{
    CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, TextMergeWithOffset,
};
use pulldown_cmark_to_cmark::cmark_with_source_range_and_options;
use syn::{Attribute, parse_quote};

/// A word of the spec as a code span, which is one line; and a sentence with such words in backticks.
pub(crate) use openapi::safe::{code, sentence};

/// The site that relative links in MX's specs are relative to.
const SITE: &str = "https://docs.mx.com";

/// The extensions that rustdoc reads, except for smart quotes, which the writer does not know.
const EXTENSIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS);

/// How many blocks and spans may be nested: the writer's work grows with the square of it.
const DEEPEST: usize = 32;

/// A text of the spec as Markdown for rustdoc.
pub(crate) fn markdown(text: &str) -> String {
    // The last line ends, or the writer would leave a code block open that is not closed here.
    let text = printable(text);
    let text = text.trim_start_matches('\n').trim_end().to_owned() + "\n";
    let parser = Parser::new_ext(&text, EXTENSIONS).into_offset_iter();
    let mut cleaned = Cleaned::new(&text);
    for (event, range) in TextMergeWithOffset::new(parser) {
        cleaned.take(event, range);
    }
    let options = pulldown_cmark_to_cmark::Options {
        code_block_token_count: pulldown_cmark_to_cmark::DEFAULT_CODE_BLOCK_TOKEN_COUNT,
        list_token: '-',
        increment_ordered_list_bullets: true,
        ..Default::default()
    };
    let mut result = String::new();
    let Cleaned {
        events, spelling, ..
    } = cleaned;
    if depth(&events) > DEEPEST {
        return verbatim(text.trim_end());
    }
    let wanted = visible(events.iter().map(|(event, _)| event));
    let written =
        cmark_with_source_range_and_options(events, &spelling, &mut result, EXTENSIONS, options);
    let result = result.trim().replace('\t', "    ");
    // Some events cannot be written as Markdown; then the text is shown as it is.
    if written.is_ok() && reads_as(&result, &wanted) {
        result
    } else {
        verbatim(text.trim_end())
    }
}

fn depth(events: &[(Event<'_>, Option<Range<usize>>)]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for (event, _) in events {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Whether Markdown shows a text, and none of its code blocks is Rust.
fn reads_as(markdown: &str, wanted: &str) -> bool {
    let events: Vec<Event<'_>> = Parser::new_ext(markdown, EXTENSIONS).collect();
    let rust = events.iter().any(|event| match event {
        Event::Start(Tag::CodeBlock(kind)) => match kind {
            CodeBlockKind::Indented => true,
            CodeBlockKind::Fenced(info) => language(kind) != *info,
        },
        _ => false,
    });
    !rust && visible(&events) == wanted
}

/// The text that a reader sees, without white space.
fn visible<'a>(events: impl IntoIterator<Item = &'a Event<'a>>) -> String {
    let texts = events.into_iter().filter_map(|event| match event {
        Event::Text(text) | Event::Code(text) => Some(text.as_ref()),
        _ => None,
    });
    texts.flat_map(str::split_whitespace).collect()
}

/// Whether Markdown is paragraphs only, so that words can be added on its first and last line.
pub(crate) fn is_prose(markdown: &str) -> bool {
    let mut blocks = Parser::new_ext(markdown, EXTENSIONS);
    blocks.all(|event| match event {
        Event::Start(tag) => matches!(
            tag,
            Tag::Paragraph
                | Tag::Emphasis
                | Tag::Strong
                | Tag::Strikethrough
                | Tag::Link { .. }
                | Tag::Image { .. }
        ),
        Event::Rule => false,
        _ => true,
    })
}

/// A text as a doc comment: attributes, one for each line.
pub(crate) fn doc_comment(text: &str) -> Vec<Attribute> {
    text.lines()
        .map(|line| {
            if line.trim().is_empty() {
                String::new()
            } else {
                format!(" {line}")
            }
        })
        .map(|line| parse_quote!(#[doc = #line]))
        .collect()
}

/// The text with `\n` as its only line break, and without characters that Rust refuses in comments, or that hide how the
/// text reads: control characters, and those that change the direction of the text. What joins letters stays.
fn printable(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut shown = String::with_capacity(lines.len());
    for c in lines.chars() {
        match c {
            '\n' | '\t' | '\u{200c}' | '\u{200d}' => shown.push(c),
            c if c.is_control() || c.is_whitespace() && is_unseen(c) => shown.push(' '),
            c if is_unseen(c) => {}
            c => shown.push(c),
        }
    }
    shown
}

/// The text as it is, as a code block.
fn verbatim(text: &str) -> String {
    let fence = "`".repeat((longest_run(text, '`') + 1).max(3));
    format!("{fence}text\n{text}\n{fence}")
}

fn longest_run(text: &str, of: char) -> usize {
    let runs = text.split(|c| c != of).map(str::len);
    runs.max().unwrap_or_default()
}

/// The info string of a code block: a language, or `text` where rustdoc could take it for Rust.
fn language(kind: &CodeBlockKind<'_>) -> CowStr<'static> {
    let info = match kind {
        CodeBlockKind::Indented => "",
        CodeBlockKind::Fenced(info) => info.trim(),
    };
    // rustdoc splits what is not one word, and `no_run`, `E0308` or `edition2024` make Rust of it.
    let word = info
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '+' || c == '-');
    let rust = ["rust", "ignore", "custom", "edition", "standalone"];
    let lower = info.to_ascii_lowercase();
    let error = lower
        .strip_prefix('e')
        .is_some_and(|code| code.chars().all(|c| c.is_ascii_digit()));
    if info.is_empty() || !word || error || rust.iter().any(|start| lower.starts_with(start)) {
        "text".into()
    } else {
        info.to_owned().into()
    }
}

/// The events of a text, changed to what rustdoc takes.
struct Cleaned<'a> {
    source: &'a str,
    /// With the range in `spelling` of those texts whose spelling is known.
    events: Vec<(Event<'a>, Option<Range<usize>>)>,
    spelling: String,
    in_code: bool,
    /// The links and images around, and whether each is kept.
    links: Vec<bool>,
}

impl<'a> Cleaned<'a> {
    fn new(source: &'a str) -> Self {
        Self {
            source,
            events: Vec::new(),
            spelling: String::new(),
            in_code: false,
            links: Vec::new(),
        }
    }

    fn take(&mut self, event: Event<'a>, range: Range<usize>) {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                self.in_code = true;
                self.push(Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(
                    language(&kind),
                ))));
            }
            Event::End(TagEnd::CodeBlock) => {
                self.in_code = false;
                self.push(event);
            }
            Event::Text(text) if self.in_code => self.push(Event::Text(text)),
            Event::Text(text) => {
                // A bracket that is not a link would be one to rustdoc.
                let literal = self.source.get(range) == Some(text.as_ref());
                self.text(&text, literal.then_some(&['[']));
            }
            Event::Start(Tag::HtmlBlock) => self.push(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::HtmlBlock) => self.end(TagEnd::Paragraph),
            Event::Html(lines) => {
                for line in lines.lines() {
                    self.html(line.trim());
                    self.line_break(Event::SoftBreak);
                }
            }
            Event::InlineHtml(tag) => self.html(&tag.replace('\n', " ")),
            Event::Start(tag @ (Tag::Link { .. } | Tag::Image { .. })) => self.start_link(tag),
            Event::End(TagEnd::Link | TagEnd::Image) => {
                if self.links.pop() == Some(true) {
                    self.push(event);
                }
            }
            Event::FootnoteReference(name) => self.text(&format!("[^{name}]"), None),
            Event::Start(Tag::FootnoteDefinition(name)) => {
                self.push(Event::Start(Tag::Paragraph));
                self.text(&format!("[^{name}]:"), None);
                self.end(TagEnd::Paragraph);
            }
            Event::End(TagEnd::FootnoteDefinition) => {}
            Event::SoftBreak | Event::HardBreak => self.line_break(event),
            Event::End(tag) => self.end(tag),
            event => self.push(event),
        }
    }

    fn push(&mut self, event: Event<'a>) {
        self.events.push((event, None));
    }

    /// A link to a place that can be reached from the documentation; of any other, the words stay.
    fn start_link(&mut self, mut link: Tag<'a>) {
        let kept = match &mut link {
            Tag::Link {
                link_type,
                dest_url,
                ..
            }
            | Tag::Image {
                link_type,
                dest_url,
                ..
            } => match (*link_type, reachable(dest_url)) {
                (LinkType::Email, _) | (LinkType::Autolink, Some(_)) => true,
                (_, Some(target)) => {
                    (*link_type, *dest_url) = (LinkType::Inline, target);
                    true
                }
                (_, None) => false,
            },
            _ => false,
        };
        self.links.push(kept);
        if kept {
            self.push(Event::Start(link));
        }
    }

    /// HTML as text, its line breaks as spaces.
    fn html(&mut self, html: &str) {
        let escaped = Some(&['[', '<', '>'][..]);
        let mut rest = html;
        while let Some(open) = rest.find('<') {
            let close = rest[open..].find('>');
            let end = close.map_or(rest.len(), |close| open + close + 1);
            let tag = rest[open..end].trim_matches(['<', '>', '/', ' ']);
            if tag.eq_ignore_ascii_case("br") {
                self.text(&rest[..open], escaped);
                self.words(" ", escaped);
            } else {
                self.text(&rest[..end], escaped);
            }
            rest = &rest[end..];
        }
        self.text(rest, escaped);
    }

    /// Text outside of code blocks, in which URLs become links. It is spelled as it is, with `escaped` characters
    /// escaped; where nothing is known of its spelling, the writer escapes whatever could mean something.
    fn text(&mut self, text: &str, escaped: Option<&[char]>) {
        let linked = self.links.contains(&true);
        let mut rest = text;
        while let Some((start, length)) = (!linked).then(|| find_url(rest)).flatten() {
            self.words(&rest[..start], escaped);
            self.autolink(&rest[start..start + length]);
            rest = &rest[start + length..];
        }
        self.words(rest, escaped);
    }

    fn autolink(&mut self, url: &str) {
        self.push(Event::Start(Tag::Link {
            link_type: LinkType::Autolink,
            dest_url: url.to_owned().into(),
            title: "".into(),
            id: "".into(),
        }));
        self.push(Event::Text(url.to_owned().into()));
        self.push(Event::End(TagEnd::Link));
    }

    /// Words, with each run of spaces as one.
    fn words(&mut self, text: &str, escaped: Option<&[char]>) {
        let mut words = String::with_capacity(text.len());
        for c in text.chars() {
            let after_space = if words.is_empty() {
                self.after_space()
            } else {
                words.ends_with(' ')
            };
            if c != ' ' || !after_space {
                words.push(c);
            }
        }
        if words.is_empty() {
            return;
        }
        let range = escaped.map(|escaped| {
            let start = self.spelling.len();
            for c in words.chars() {
                self.spelling
                    .extend(escaped.contains(&c).then_some('\\').into_iter().chain([c]));
            }
            start..self.spelling.len()
        });
        self.events.push((Event::Text(words.into()), range));
    }

    /// Whether a space would be one too many here.
    fn after_space(&self) -> bool {
        match self.events.last() {
            Some((Event::Text(text), _)) => text.ends_with(' '),
            Some((Event::Code(_) | Event::End(_), _)) => false,
            _ => true,
        }
    }

    fn line_break(&mut self, event: Event<'a>) {
        self.trim_end();
        if !matches!(
            self.events.last(),
            None | Some((Event::Start(_) | Event::SoftBreak | Event::HardBreak, _))
        ) {
            self.push(event);
        }
    }

    /// Ends a block or a span; one with nothing left in it is left out.
    fn end(&mut self, tag: TagEnd) {
        let block = matches!(
            tag,
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::TableCell
        );
        if block {
            self.trim_end();
        }
        let empty = match tag {
            TagEnd::Paragraph | TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {
                matches!(self.events.last(), Some((Event::Start(start), _)) if start.to_end() == tag)
            }
            _ => false,
        };
        if empty {
            self.events.pop();
        } else {
            self.push(Event::End(tag));
        }
    }

    /// Takes spaces and line breaks from the end.
    fn trim_end(&mut self) {
        while let Some((event, range)) = self.events.last_mut() {
            match event {
                Event::SoftBreak | Event::HardBreak => {}
                Event::Text(text) if text.ends_with(' ') => {
                    let trimmed = text.trim_end_matches(' ').to_owned();
                    if !trimmed.is_empty() {
                        (*event, *range) = (Event::Text(trimmed.into()), None);
                        return;
                    }
                }
                _ => return,
            }
            self.events.pop();
        }
    }
}

/// Where a link leads that can be followed from anywhere.
fn reachable(target: &str) -> Option<CowStr<'static>> {
    let schemes = ["https://", "http://", "mailto:", "#"];
    if let Some(rest) = target.strip_prefix("docs.mx.com") {
        Some(format!("{SITE}{rest}").into())
    } else if target.starts_with('/') {
        Some(format!("{SITE}{target}").into())
    } else if schemes.iter().any(|scheme| target.starts_with(scheme)) {
        Some(target.to_owned().into())
    } else {
        None
    }
}

/// Where the first URL of a text starts, and its length.
fn find_url(text: &str) -> Option<(usize, usize)> {
    let start = ["https://", "http://"]
        .iter()
        .filter_map(|scheme| text.find(scheme));
    let start = start.min()?;
    let rest = &text[start..];
    let end = rest.find(|c: char| c.is_whitespace() || "<>)]`\"".contains(c));
    let url = rest[..end.unwrap_or(rest.len())].trim_end_matches(['.', ',', ';', ':', '!', '?']);
    Some((start, url.len()))
}

#[cfg(test)]
mod tests {
    use super::{code, markdown};

    #[test]
    fn text_for_a_web_site_becomes_rustdoc() {
        let cases = [
            (
                "see [guides](/nexus)",
                "see [guides](https://docs.mx.com/nexus)",
            ),
            (
                "see [categories](docs.mx.com/api#x)",
                "see [categories](https://docs.mx.com/api#x)",
            ),
            ("see [it](overview.mdx).", "see it."),
            ("again. <br></br><br></br> The", "again. The"),
            ("at https://mx.com/a.", "at <https://mx.com/a>."),
            ("a [field] of `[x]`", "a \\[field] of `[x]`"),
            ("an Array<String>", "an Array\\<String\\>"),
            ("snake_case &amp; **bold**", "snake_case &amp; **bold**"),
            ("a  b.   c", "a b. c"),
        ];
        for (given, wanted) in cases {
            assert_eq!(markdown(given), wanted);
        }
    }

    #[test]
    fn code_blocks_are_not_rust() {
        let cases = [
            ("```\ncurl\n```", "```text\ncurl\n```"),
            ("```json\n{}", "```json\n{}\n```"),
            ("```rust,no_run\nx\n```", "```text\nx\n```"),
            ("~~~\nx\n~~~", "```text\nx\n```"),
            ("    x\n\n    y", "```text\nx\n\ny\n```"),
            ("a\n     deep", "a\ndeep"),
            ("- a\n\n      x", "- a\n  \n  ```text\n  x\n  ```"),
        ];
        for (given, wanted) in cases {
            assert_eq!(markdown(given), wanted);
        }
    }

    #[test]
    fn a_word_is_one_code_span() {
        assert_eq!(code("OPEN"), "`OPEN`");
        assert_eq!(code("a`b\n```"), "```` a`b ``` ````");
    }
}
