//! Specs out of documentation pages.

use drift::compare::compare;
use drift::import::{self, Slice};
use openapi::Document;
use proptest::prelude::*;
use std::path::Path;

const FENCE: &str = "````";

/// A page as MX publishes it.
fn page(title: &str, operation: &str, block: &str) -> String {
    format!(
        "> ## Documentation Index\n> Fetch the complete documentation index at: https://docs.mx.com/llms.txt\n\n\
         # {title}\n\n> What it does.\n\n```bash theme={{null}}\ncurl -i https://int-data.moneydesktop.com\n```\n\n\
         ## OpenAPI\n\n{FENCE}yaml openapi/nexus/v1.yaml {operation}\n{block}{FENCE}\n\nMore text.\n"
    )
}

fn ours(api: &str) -> String {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../specs/{api}/openapi.yaml"));
    std::fs::read_to_string(path).unwrap()
}

const OAUTH: &str = "GET /members/{member_guid}/oauth_window_uri";

/// A slice of the Nexus spec with another operation, as the pages have it.
fn slice(path: &str, methods: &[(&str, &str)], components: &str) -> String {
    let nexus = ours("nexus");
    let (head, _) = nexus.split_once("paths:\n").unwrap();
    let (_, tail) = nexus.split_once("components:\n").unwrap();
    let mut text = format!(
        "{head}paths:\n  {path}:\n    parameters:\n      - name: guid\n        in: path\n        required: true\n        schema:\n          type: string\n"
    );
    for (method, id) in methods {
        text.push_str(&format!(
            "    {method}:\n      tags:\n        - members\n      operationId: {id}\n      responses:\n        '200':\n          description: OK\n          content:\n            application/vnd.mx.nexus.v1+json:\n              schema:\n                $ref: '#/components/schemas/Member'\n"
        ));
    }
    format!("{text}components:\n  schemas:\n{components}{tail}")
}

const MEMBER: &str = "    Member:\n      type: object\n      properties:\n        guid:\n          type: string\n        name:\n          type: string\n";

fn slices(pages: &[(&str, String)]) -> Vec<Slice> {
    pages
        .iter()
        .flat_map(|(name, text)| import::slices(name, text).unwrap())
        .collect()
}

fn three_pages() -> Vec<(&'static str, String)> {
    vec![
        ("oauth.md", page("OAuth", OAUTH, &ours("nexus"))),
        (
            "read.md",
            page(
                "Read",
                "GET /members/{guid}",
                &slice("/members/{guid}", &[("get", "readMember")], MEMBER),
            ),
        ),
        (
            "delete.md",
            page(
                "Delete",
                "delete /members/{guid}",
                &slice("/members/{guid}", &[("delete", "deleteMember")], MEMBER),
            ),
        ),
    ]
}

#[test]
fn one_page_gives_its_block_byte_for_byte() {
    for text in [ours("nexus"), ours("nexus").replace('\n', "\r\n")] {
        let page = page("OAuth", OAUTH, &text);
        let slices = import::slices("oauth.md", &page).unwrap();
        assert_eq!(
            (
                slices.len(),
                slices[0].operation().as_str(),
                slices[0].file()
            ),
            (1, OAUTH, Some("openapi/nexus/v1.yaml"))
        );
        assert_eq!(import::merge(&slices, None).unwrap(), text);
    }
}

/// A document with a blank line, and with a fence in a text.
const BLOCK: &str = "openapi: 3.0.0\n\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n      description: |\n        ```sh\n        code\n        ```\n      responses: {}\n";

fn indented(by: &str, text: &str) -> String {
    let line = |line: &str| match line.trim().is_empty() {
        true => line.to_owned(),
        false => format!("{by}{line}"),
    };
    text.split_inclusive('\n').map(line).collect()
}

#[test]
fn a_block_is_read_however_its_fence_is_written() {
    let fenced = |open: &str, close: &str| format!("{open}\n{BLOCK}{close}\n");
    let plain = fenced("```yaml f.yaml GET /a", "```");
    let quoted: String = plain.lines().map(|line| format!("> {line}\n")).collect();
    for (how, page) in [
        ("three backticks", plain.clone()),
        (
            "more backticks to close",
            fenced("````yaml f.yaml GET /a", "``````"),
        ),
        ("tildes", fenced("~~~yaml f.yaml GET /a", "~~~")),
        ("capitals", fenced("```YAML f.yaml get /a", "```")),
        ("yml", fenced("```Yml f.yaml Get /a", "```")),
        ("no file", fenced("```yaml GET /a", "```")),
        (
            "more words",
            fenced("```yaml f.yaml GET /a theme={null} lines", "```"),
        ),
        (
            "blanks in front",
            fenced("```  yaml   f.yaml GET /a  ", "```"),
        ),
        ("text around", format!("# T\n\nText.\n{plain}Text.\n")),
        ("quoted", quoted),
        ("in a list", format!("- item\n\n{}", indented("  ", &plain))),
        ("indented by two", indented("  ", &plain)),
        (
            "indented by four",
            format!("Text.\n\n{}", indented("    ", &plain)),
        ),
        ("in a tag", format!("<Tab>\n{plain}</Tab>\n")),
        (
            "in a tag, indented",
            format!("<Tab title=\"a\">\n{}</Tab>\n", indented("    ", &plain)),
        ),
        (
            "behind another tag",
            format!("<div>\n```sh\na\n```\n</div>\n\n<Tab>\n{plain}</Tab>\n"),
        ),
    ] {
        for (ends, page) in [("LF", page.clone()), ("CR LF", page.replace('\n', "\r\n"))] {
            let slices = import::slices("page.md", &page);
            let slices = slices.unwrap_or_else(|error| panic!("{how}, {ends}: {error}"));
            assert_eq!(slices.len(), 1, "{how}, {ends}");
            assert_eq!(slices[0].operation(), "GET /a", "{how}, {ends}");
            let file = (how != "no file").then_some("f.yaml");
            assert_eq!(slices[0].file(), file, "{how}, {ends}");
            let text = slices[0].document().text();
            assert_eq!(text.replace("\r\n", "\n"), BLOCK, "{how}, {ends}");
            assert_eq!(text.contains('\r'), ends == "CR LF", "{how}, {ends}");
            let line = slices[0].document().locate("/paths").line;
            let line = page.lines().nth(line - 1).unwrap();
            assert!(line.ends_with("paths:"), "{how}, {ends}: {line}");
            assert!(import::is_page("page", &page), "{how}, {ends}");
        }
    }
}

#[test]
fn json_blocks_and_several_blocks_are_read() {
    let json = "{\"openapi\": \"3.0.0\", \"paths\": {\"/b\": {\"put\": {}}}}\n";
    let page = format!("```JSON PUT /b\n{json}```\n\n<Tab>\n~~~yaml GET /a\n{BLOCK}~~~\n</Tab>\n");
    let slices = import::slices("page.md", &page).unwrap();
    let operations: Vec<String> = slices.iter().map(Slice::operation).collect();
    assert_eq!(operations, ["PUT /b", "GET /a"]);
    assert_eq!(slices[0].document().text(), json);
}

#[test]
fn pages_in_json_and_in_flow_style_are_merged() {
    let of = |path: &str, kind: &str, more: &str| {
        serde_json::json!({
            "openapi": "3.0.0", "info": {"title": "T", "version": "1"}, "tags": [{"name": "a", "description": "é: \"#\"\n- x"}, {"name": "b"}],
            "paths": {path: {"get": {"operationId": path, "deprecated": false, "x-list": [[1, [2.5]], [], {}, {"a": [null], "b": "yes"}],
                "parameters": [{"name": "no", "in": "query", "schema": {"type": "string", "enum": ["on", "1", ": ", ""]}}],
                "responses": {"200": {"description": "OK"}}}}},
            "components": {"schemas": {"M": {"type": kind}, more: {"type": "object", "properties": {"on": {}, "1": {}, "a b": {}, "~": {}}}}},
        })
    };
    let json = of("/b/{guid}", "string", "N").to_string();
    let pretty = format!("{:#}", of("/c", "string", "null"));
    let flow =
        "openapi: 3.0.0\ninfo: {title: T, version: '1'}\npaths: {/d: {get: {responses: {}}}}\n";
    let block = |info: &str, text: &str| format!("```{info}\n{text}\n```\n");
    let pages = [
        ("a.md", block("yaml GET /a", BLOCK.trim_end())),
        ("b.md", block("json GET /b/{guid}", &json)),
        ("c.md", block("JSON get /c", &pretty)),
        ("d.md", block("Yaml GET /d", flow)),
    ];
    for pages in [
        pages.clone().to_vec(),
        pages.iter().rev().cloned().collect(),
    ] {
        let merged = import::merge(&slices(&pages), None).unwrap();
        let merged = Document::parse("merged", merged).unwrap();
        let mut paths: Vec<&String> = merged.value()["paths"]
            .as_object()
            .unwrap()
            .keys()
            .collect();
        paths.sort();
        assert_eq!(paths, ["/a", "/b/{guid}", "/c", "/d"]);
        let expected = of("/b/{guid}", "string", "N");
        for pointer in ["/paths/~1b~1{guid}", "/tags", "/components/schemas/N"] {
            assert_eq!(
                merged.value().pointer(pointer),
                expected.pointer(pointer),
                "{pointer}"
            );
        }
    }
    let other = block("json GET /e", &of("/e", "integer", "O").to_string());
    let error = import::merge(&slices(&[pages[2].clone(), ("e.md", other)]), None);
    let error = error.unwrap_err().to_string();
    let line = pages[2]
        .1
        .lines()
        .position(|line| line.contains("\"M\""))
        .unwrap()
        + 1;
    for said in [
        "about `/components/schemas/M`",
        &format!("c.md:{line}\n"),
        "e.md:2\n",
    ] {
        assert!(error.contains(said), "{said}: {error}");
    }
}

#[test]
fn other_code_is_not_a_block_of_openapi() {
    for page in [
        format!("```yaml\n{BLOCK}```\n"),
        format!("```text f.yaml GET /a\n{BLOCK}```\n"),
        format!("```yaml f.yaml FETCH /a\n{BLOCK}```\n"),
        format!("```yaml f.yaml GET a\n{BLOCK}```\n"),
        format!("````md\n```yaml f.yaml GET /a\n{BLOCK}```\n````\n"),
        format!("Text ```yaml f.yaml GET /a``` text.\n\n{BLOCK}"),
        format!("x: '```yaml f.yaml GET /a'\n{BLOCK}"),
    ] {
        assert!(!import::is_page("page", &page), "{page}");
        assert!(import::slices("page.md", &page).is_err(), "{page}");
    }
}

#[test]
fn a_block_that_is_not_closed_is_refused() {
    let open = format!("```yaml f.yaml GET /a\n{BLOCK}");
    for page in [
        open.clone(),
        open.trim_end().to_owned(),
        format!("````yaml f.yaml GET /a\n{BLOCK}```\n"),
        open.replace('\n', "\r\n"),
        open.lines()
            .map(|line| format!("> {line}\n"))
            .collect::<String>()
            + "\nText.\n",
        "```yaml f.yaml GET /a".to_owned(),
    ] {
        let error = import::slices("page.md", &page).unwrap_err().to_string();
        assert!(
            error.contains("page.md:1:1: the block of OpenAPI is not closed"),
            "{error}"
        );
    }
}

proptest! {
    /// Neither a panic nor a block from nothing.
    #[test]
    fn no_page_panics(parts in prop::collection::vec(prop::sample::select(vec![
        "```", "~~~~", "yaml", " f.yaml", " GET /a", "\n", "\r\n", "    ", "\t", "> ", "- ", "<div>", "</div>", "a: 1", "\u{0}", "é",
    ]), 0..40)) {
        let page: String = parts.concat();
        let is_page = import::is_page("page", &page);
        prop_assert!(is_page || import::slices("page.md", &page).is_err());
    }
}

#[test]
fn findings_in_a_page_have_the_lines_of_the_page() {
    let page = page("OAuth", OAUTH, &ours("nexus"));
    let document = import::document("oauth.md", &page).unwrap();
    let line = document.locate("/servers").line;
    assert_eq!(page.lines().nth(line - 1).unwrap(), "servers:");
}

#[test]
fn several_pages_are_merged_and_merging_again_changes_nothing() {
    let pages = three_pages();
    let merged = import::merge(&slices(&pages), None).unwrap();
    let document = Document::parse("merged", merged.as_str()).unwrap();
    let paths = document.value()["paths"].as_object().unwrap();
    assert_eq!(
        paths.keys().collect::<Vec<_>>(),
        ["/members/{member_guid}/oauth_window_uri", "/members/{guid}"]
    );
    let methods: Vec<&String> = paths["/members/{guid}"]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    assert_eq!(methods, ["parameters", "get", "delete"]);
    assert_eq!(document.value()["tags"].as_array().unwrap().len(), 26);
    assert!(
        document
            .value()
            .pointer("/components/schemas/Member")
            .is_some()
    );
    // What was there stays as it was written.
    let mut written = merged.lines();
    for line in ours("nexus").lines() {
        assert!(written.any(|other| other == line), "lost: {line}");
    }

    assert_eq!(
        import::merge(&slices(&pages), Some(&document)).unwrap(),
        merged
    );
    assert_eq!(
        import::merge(&slices(&pages[1..]), Some(&document)).unwrap(),
        merged
    );
    // In another order the same spec comes out.
    let reversed: Vec<_> = pages.into_iter().rev().collect();
    let other =
        Document::parse("reversed", import::merge(&slices(&reversed), None).unwrap()).unwrap();
    assert_eq!(
        compare(&document, &other).text(false),
        "no changes from merged to reversed\n"
    );
}

#[test]
fn a_page_overrules_what_is_there_and_leaves_the_rest() {
    let merged = import::merge(&slices(&three_pages()), None).unwrap();
    let base = Document::parse("base", merged.as_str()).unwrap();
    let new = slice(
        "/members/{guid}",
        &[("get", "fetchMember")],
        &MEMBER.replace("name", "full_name"),
    );
    let page = page("Read", "GET /members/{guid}", &new);
    let updated = import::merge(&slices(&[("read.md", page)]), Some(&base)).unwrap();
    let updated = Document::parse("updated", updated).unwrap();
    let report = compare(&base, &updated);
    insta::assert_snapshot!(report.text(false));
}

#[test]
fn pages_that_agree_by_meaning_agree() {
    let other_words = "    Member:\n      properties:\n        name: {type: \"string\", nullable: false}\n        guid:\n          type: 'string'\n      type: object\n";
    let pages = [
        (
            "a.md",
            page(
                "Read",
                "GET /members/{guid}",
                &slice("/members/{guid}", &[("get", "readMember")], MEMBER),
            ),
        ),
        (
            "b.md",
            page(
                "List",
                "GET /members",
                &slice("/members", &[("get", "listMembers")], other_words),
            ),
        ),
    ];
    let merged = import::merge(&slices(&pages), None).unwrap();
    assert!(merged.contains(MEMBER) && !merged.contains(other_words));
}

#[test]
fn pages_that_contradict_each_other_are_both_shown() {
    let pages = [
        (
            "a.md",
            page(
                "Read",
                "GET /members/{guid}",
                &slice("/members/{guid}", &[("get", "readMember")], MEMBER),
            ),
        ),
        (
            "b.md",
            page(
                "List",
                "GET /members",
                &slice(
                    "/members",
                    &[("get", "listMembers")],
                    &MEMBER.replace("string", "integer"),
                ),
            ),
        ),
        (
            "c.md",
            page(
                "Read",
                "GET /members/{guid}",
                &slice("/members/{guid}", &[("get", "getMember")], MEMBER),
            ),
        ),
    ];
    let error = import::merge(&slices(&pages), None).unwrap_err();
    insta::assert_snapshot!(error.to_string());
}

#[test]
fn pages_of_another_spec_are_refused() {
    let platform = page(
        "P",
        "GET /users/{user_identifier}/members/{member_identifier}/oauth_window_uri",
        &ours("platform"),
    )
    .replace("openapi/nexus/v1.yaml", "openapi/platform/v20250224.yaml");
    let nexus = page("N", OAUTH, &ours("nexus"));
    let both = slices(&[("n.md", nexus), ("p.md", platform)]);
    let error = import::merge(&both, None).unwrap_err().to_string();
    assert_eq!(
        error,
        "the pages are of two specs: n.md of `openapi/nexus/v1.yaml`, p.md of `openapi/platform/v20250224.yaml`"
    );
    // Without a file the title says it.
    let without_file = |title: &str| {
        let block = BLOCK.replace("title: T", &format!("title: {title}"));
        format!("```yaml GET /a\n{block}```\n")
    };
    let named = page("T", "GET /a", &BLOCK.replace("title: T", "title: One"));
    for (other, same) in [("One", true), ("Two", false)] {
        let pages = [("a.md", named.clone()), ("b.md", without_file(other))];
        let merged = import::merge(&slices(&pages), None);
        assert_eq!(merged.is_ok(), same, "{merged:?}");
        if let Err(error) = merged {
            let expected = "the pages are of two specs: a.md of `One`, b.md of `Two`";
            assert_eq!(error.to_string(), expected);
        }
    }
    let base = Document::parse("specs/nexus/openapi.yaml", ours("nexus")).unwrap();
    let error = import::merge(&both[1..], Some(&base))
        .unwrap_err()
        .to_string();
    assert_eq!(
        error,
        "p.md is of another spec, `MX Platform API`, than specs/nexus/openapi.yaml, `Nexus API`"
    );
}

#[test]
fn what_is_no_page_is_refused_with_a_reason() {
    let good = page("OAuth", OAUTH, &ours("nexus"));
    let cases = [
        (
            "page.md",
            "# Title\n\nNo block.\n\n```yaml\na: 1\n```\n".to_owned(),
        ),
        ("page.md", good.rsplit_once(FENCE).unwrap().0.to_owned()),
        (
            "page.md",
            good.replace("GET /members/{member_guid}", "GET /other"),
        ),
        (
            "page.md",
            good.replace("openapi: 3.0.0", "openapi: 3.0.0\nopenapi: 3.0.0"),
        ),
        (
            "page.html",
            "<!DOCTYPE html>\n<html><body>Generate OAuth window URI</body></html>\n".to_owned(),
        ),
        (
            "page.md",
            "<!DOCTYPE html>\n<html><body>Generate OAuth window URI</body></html>\n".to_owned(),
        ),
        ("spec.yaml", "swagger: '2.0'\n".to_owned()),
        ("spec.yaml", "just text\n".to_owned()),
    ];
    let report: Vec<String> = cases
        .iter()
        .map(|(name, text)| import::document(name, text).unwrap_err().to_string())
        .collect();
    insta::assert_snapshot!(report.join("\n"));
}

#[test]
fn a_document_in_flow_style_is_refused_rather_than_mangled() {
    let flow = "{openapi: 3.0.0, info: {title: Nexus API, version: '1'}, paths: {/a: {get: {responses: {}}}}}\n";
    let base = Document::parse("flow.yaml", flow).unwrap();
    let error = import::merge(&slices(&three_pages()), Some(&base))
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("flow.yaml: cannot be merged, it is not written in block style"),
        "{error}"
    );
}

#[test]
fn hundreds_of_pages_are_merged_into_one_spec() {
    let pages: Vec<(String, String)> = (0..300)
        .map(|number| {
            let path = format!("/things/{number}/{{guid}}");
            let id = format!("readThing{number}");
            let component = format!("    Thing{number}:\n      type: object\n{MEMBER}");
            (
                format!("{number}.md"),
                page(
                    "T",
                    &format!("GET {path}"),
                    &slice(&path, &[("get", &id)], &component),
                ),
            )
        })
        .collect();
    let slices: Vec<Slice> = pages
        .iter()
        .flat_map(|(name, text)| import::slices(name, text).unwrap())
        .collect();
    let merged = import::merge(&slices, None).unwrap();
    let document = Document::parse("merged", merged).unwrap();
    assert_eq!(document.value()["paths"].as_object().unwrap().len(), 300);
    assert_eq!(
        document.value()["components"]["schemas"]
            .as_object()
            .unwrap()
            .len(),
        301
    );
}
