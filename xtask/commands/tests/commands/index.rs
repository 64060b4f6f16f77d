//! `import --index`: all pages of an API, from a small copy of a site.

use std::time::Duration;

use crate::site::Site;
use crate::support::*;

const MEMBER: &str =
    "    Member:\n      type: object\n      properties:\n        guid:\n          type: string\n";

/// A page about an operation of a Nexus spec, with the schema that all of them have.
fn operation(method: &str, path: &str, id: &str, member: &str) -> String {
    let block = format!(
        "openapi: 3.0.0\ninfo:\n  title: Nexus API\n  version: '1'\npaths:\n  {path}:\n    {method}:\n      operationId: {id}\n      responses:\n        '200':\n          description: OK\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/Member'\ncomponents:\n  schemas:\n{member}"
    );
    page(&format!("{} {path}", method.to_uppercase()), &block)
}

/// A site with pages of two APIs and some about other things.
fn site() -> Site {
    let site = Site::start();
    let index = "# MX\n\n> Documentation\n\n## API\n\n\
        - [List members](/api-reference/nexus/list-members.md): all\n\
        - [Read a member](URL/api-reference/nexus/read-member.md)\n\
        - [Again](/api-reference/nexus/read-member.md#errors)\n\
        - [Delete a member](nexus-api/delete-member.md)\n\
        - [Overview](/api-reference/nexus/overview.md)\n\
        - [Users](/api-reference/platform-api/users.md)\n\
        - [Elsewhere](https://evil.example/nexus/page.md)\n\
        - [Local](http://127.0.0.1:1/nexus/page.md)\n";
    site.put("llms.txt", &index.replace("URL", &site.url));
    for (path, method, of, id) in [
        (
            "api-reference/nexus/list-members.md",
            "get",
            "/members",
            "listMembers",
        ),
        (
            "api-reference/nexus/read-member.md",
            "get",
            "/members/{guid}",
            "readMember",
        ),
        (
            "nexus-api/delete-member.md",
            "delete",
            "/members/{guid}",
            "deleteMember",
        ),
    ] {
        site.put(path, &operation(method, of, id, MEMBER));
    }
    site.put("api-reference/nexus/overview.md", "# Overview\n\nText.\n");
    site
}

/// Runs `import` in a folder with `specs/nexus`, into `new.yaml`.
fn import(copy: &Copy, index: &str, more: &[&str]) -> std::process::Output {
    let fixed = [
        "import", "--api", "nexus", "--into", "new.yaml", "--cache", "cache",
    ];
    copy.run(&[&fixed[..], &["--index", index], more].concat())
}

#[test]
fn all_pages_of_an_api_are_fetched_politely_and_merged() {
    let (copy, site) = (Copy::new(), site());
    let index = format!("{}/llms.txt", site.url);
    let delay = 30;
    let output = import(&copy, &index, &["--delay", &delay.to_string()]);
    assert_exit(&output, 0);
    assert_eq!(out(&output), "new.yaml: 3 operations written\n");
    let spec = copy.read("new.yaml");
    let spec = openapi::Document::parse("new.yaml", spec).unwrap();
    let operations: Vec<(&str, &str)> = spec.value()["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            item.as_object()
                .unwrap()
                .keys()
                .map(|method| (path.as_str(), method.as_str()))
        })
        .collect();
    assert_eq!(
        operations,
        [
            ("/members", "get"),
            ("/members/{guid}", "get"),
            ("/members/{guid}", "delete")
        ]
    );
    assert_eq!(
        spec.value()["components"]["schemas"]
            .as_object()
            .unwrap()
            .len(),
        1
    );

    let asked = site.asked();
    let paths: Vec<&str> = asked.iter().map(|one| one.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "/llms.txt",
            "/api-reference/nexus/list-members.md",
            "/api-reference/nexus/read-member.md",
            "/nexus-api/delete-member.md",
            "/api-reference/nexus/overview.md",
        ]
    );
    assert!(asked.iter().all(|one| one.is_alone), "one at a time");
    assert!(asked.iter().all(|one| !one.is_conditional));
    for pair in asked.windows(2) {
        assert!(pair[1].at - pair[0].at >= Duration::from_millis(delay));
    }
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    for said in [
        "fetching 4 pages of nexus",
        "2 links to other sites are left out",
        "1 pages describe no operation",
    ] {
        assert!(err.contains(said), "{said}: {err}");
    }

    // Again: what is known is not sent again.
    let again = import(&copy, &index, &["--delay", "0", "--check"]);
    assert_exit(&again, 0);
    assert!(out(&again).contains("nothing changes"), "{}", out(&again));
    let asked = site.asked();
    assert_eq!(asked.len(), 5);
    assert!(asked.iter().all(|one| one.is_conditional));

    // One page changes.
    let renamed = operation("get", "/members", "allMembers", MEMBER);
    site.put("api-reference/nexus/list-members.md", &renamed);
    let check = import(&copy, &index, &["--delay", "0", "--check"]);
    assert_exit(&check, 1);
    assert!(
        out(&check).contains("operationId renamed"),
        "{}",
        out(&check)
    );
    assert_eq!(copy.read("new.yaml"), spec.text(), "--check writes nothing");
    assert_exit(&import(&copy, &index, &["--delay", "0"]), 0);
    assert!(copy.read("new.yaml").contains("operationId: allMembers"));
}

/// On a terminal the pages that are there are counted; `script` is one.
#[cfg(target_os = "linux")]
#[test]
fn progress_is_shown_on_a_terminal() {
    let (copy, site) = (Copy::new(), site());
    let index = format!("{}/llms.txt", site.url);
    let program = env!("CARGO_BIN_EXE_xtask-commands");
    let line = format!(
        "'{program}' import --api nexus --into new.yaml --cache cache --delay 0 --index {index}"
    );
    let output = std::process::Command::new("script")
        .args(["-qec", &line, "/dev/null"])
        .current_dir(copy.path(""))
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{shown}");
    for count in ["0/4", "3/4", "list-members.md"] {
        assert!(shown.contains(count), "{count}: {shown}");
    }
}

#[test]
fn a_saved_index_is_as_good_as_a_url() {
    let (copy, site) = (Copy::new(), site());
    let pages = ["list-members", "read-member"]
        .map(|name| format!("- [{name}]({}/api-reference/nexus/{name}.md)\n", site.url));
    copy.write(
        "llms.txt",
        &format!("# MX\n\n{}- [Other](nexus/relative.md)\n", pages.concat()),
    );
    let output = import(&copy, "llms.txt", &["--delay", "0"]);
    assert_exit(&output, 0);
    assert_eq!(out(&output), "new.yaml: 2 operations written\n");
}

#[test]
fn a_busy_site_is_asked_again() {
    let (copy, site) = (Copy::new(), site());
    let page = operation("get", "/members", "listMembers", MEMBER);
    let busy = response("429 Too Many Requests", "Retry-After: 0\r\n", "");
    site.answer(
        "api-reference/nexus/list-members.md",
        &[busy.clone(), busy, ok(&page)],
    );
    let output = import(&copy, &format!("{}/llms.txt", site.url), &["--delay", "0"]);
    assert_exit(&output, 0);
    assert_eq!(site.asked().len(), 7);
}

#[test]
fn what_fails_is_named_and_nothing_is_written() {
    let (copy, site) = (Copy::new(), site());
    let index = format!("{}/llms.txt", site.url);
    copy.write(
        "empty.txt",
        "# MX\n\n- [Users](https://docs.mx.com/platform/users.md)\n",
    );
    copy.write("page.html", "<!DOCTYPE html>\n<html></html>\n");
    copy.write("new.yaml", "openapi: 3.0.0\n");
    let list = "api-reference/nexus/list-members.md";
    let good = operation("get", "/members", "listMembers", MEMBER);
    let error = response("500 Internal Server Error", "", "oops");
    let cut = good.rsplit_once(FENCE).unwrap().0;
    let other = operation(
        "get",
        "/members",
        "listMembers",
        &MEMBER.replace("string", "integer"),
    );
    for (what, answer, words) in [
        (
            "a failure",
            error,
            &["list-members.md: the server answers 500"][..],
        ),
        (
            "a page that is cut",
            ok(cut),
            &["list-members.md:5:1: the block of OpenAPI is not closed"],
        ),
        (
            "HTML",
            ok("<!DOCTYPE html><html></html>"),
            &["list-members.md: this is HTML"],
        ),
        (
            "a contradiction",
            ok(&other),
            &[
                "two pages contradict each other about `/components/schemas/Member`",
                "list-members.md:",
                "read-member.md:",
            ],
        ),
        (
            "another version",
            ok(&good.replace("nexus/v1.yaml", "nexus/v2.yaml")),
            &[
                "choose one with --file: openapi/nexus/v1.yaml (2 operations), openapi/nexus/v2.yaml (1 operations)",
            ],
        ),
    ] {
        site.answer(list, &[answer]);
        let output = import(&copy, &index, &["--delay", "0"]);
        assert_exit(&output, 2);
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        for word in words {
            assert!(err.contains(word), "{what}: {word}: {err}");
        }
        assert_eq!(copy.read("new.yaml"), "openapi: 3.0.0\n", "{what}");
    }
    let chosen = [
        "--delay",
        "0",
        "--file",
        "openapi/nexus/v2.yaml",
        "--into",
        "v2.yaml",
    ];
    let output = copy.run(
        &[
            &[
                "import", "--api", "nexus", "--cache", "cache", "--index", &index,
            ][..],
            &chosen,
        ]
        .concat(),
    );
    assert_exit(&output, 0);
    assert_eq!(out(&output), "v2.yaml: 1 operation written\n");
    // A site that is down is left alone.
    site.asked();
    for path in [
        list,
        "api-reference/nexus/read-member.md",
        "nexus-api/delete-member.md",
    ] {
        site.answer(path, &[response("500 Internal Server Error", "", "")]);
    }
    let output = import(&copy, &index, &["--delay", "0"]);
    assert_exit(&output, 2);
    assert!(String::from_utf8_lossy(&output.stderr).contains("the rest was not asked for"));
    assert_eq!(site.asked().len(), 4);

    for (index, problem) in [
        (
            "empty.txt",
            "empty.txt: links to no page whose address has `nexus` in it",
        ),
        ("page.html", "page.html: this is HTML, not an index"),
        ("missing.txt", "missing.txt: cannot be read"),
        ("git:HEAD", "--index: give a file or a URL"),
        (
            &format!("{}/none.txt", site.url),
            "none.txt: the server answers 404",
        ),
    ] {
        let output = import(&copy, index, &[]);
        assert_exit(&output, 2);
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(err.contains(problem), "{err}");
    }
}
