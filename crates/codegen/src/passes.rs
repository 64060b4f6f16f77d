//! The passes, as one ordered table.
//!
//! A pass over the API changes what progenitor refuses, or makes something bad of; a pass over the Rust code changes
//! progenitor's output. Each row of [`PASSES`] is one pass; `docs/add-a-pass.md` says how to add one.

mod document;
mod rust;

use std::fmt::Write as _;

use self::document::{
    aliases, client_level_headers, empty_lists, exact_numbers, lenient_responses, media_types,
    names, null_in_requests, nullable_types, one_response_type, parameters,
    read_only_and_write_only, responses_without_body, sensitive_values, shapes_of_schemas,
    shared_enums, unions, unused_schemas,
};
use self::rust::{
    attributes, constructors, documentation, double_options, enums_of_types, exact_fields,
    names_on_the_wire, objects, pages, recursive_types, required_arguments, safe_debug, sending,
    short_paths, string_enums, wrapper_bodies,
};
use crate::api::Api;
use crate::code::Code;
use crate::deviations::{Deviations, Notes};

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Pass {
    /// Its name, which is its heading in `DEVIATIONS.md`. In snake case it is the name of the pass's module, and the
    /// start of the name of its test.
    pub name: &'static str,
    /// The defect that it answers, as a sentence for `DEVIATIONS.md`.
    pub defect: &'static str,
    /// The names of the rows that must stand before this one.
    pub needs: &'static [&'static str],
    run: Run,
}

/// What a pass changes, and the function that does it.
#[derive(Clone, Copy, Debug)]
enum Run {
    /// The API, before progenitor.
    Document(fn(&mut Api, &mut Notes<'_>)),
    /// The Rust code, after progenitor.
    Rust(fn(&mut Code<'_>, &Api) -> Result<(), String>),
}

impl Pass {
    /// What it changes: `document`, before progenitor, or `Rust`, after it.
    pub fn changes(&self) -> &'static str {
        match self.run {
            Run::Document(_) => "document",
            Run::Rust(_) => "Rust",
        }
    }

    /// Its name in snake case, as its module and its test have it.
    pub fn slug(&self) -> String {
        self.name.to_lowercase().replace([' ', '-'], "_")
    }
}

/// Every pass, in the order in which they run.
pub const PASSES: &[Pass] = &[
    Pass {
        name: "Client-level headers",
        defect: "A header whose value follows from the spec would be an argument of every call: the client sends it.",
        needs: &[],
        run: Run::Document(client_level_headers::run),
    },
    Pass {
        name: "Responses without body",
        defect: "HTTP gives 204, 205, 304 and the answers to HEAD no body, whatever a spec says: their content is left out.",
        needs: &[],
        run: Run::Document(responses_without_body::run),
    },
    Pass {
        name: "Media types",
        defect: "Only `application/json` would be typed: any JSON is, and `Accept` and `Content-Type` stay as the spec spells them.",
        needs: &["Responses without body"],
        run: Run::Document(media_types::run),
    },
    Pass {
        name: "One response type",
        defect: "Several success types of one operation cannot be generated: they become one type.",
        needs: &["Media types"],
        run: Run::Document(one_response_type::run),
    },
    Pass {
        name: "Read-only and write-only",
        defect: "A response does not have what is `writeOnly`, and a request not what is `readOnly`, required or not: one direction would not decode.",
        needs: &["One response type"],
        run: Run::Document(read_only_and_write_only::run),
    },
    Pass {
        name: "Unions",
        defect: "Progenitor panics on many choices (`oneOf`, `anyOf`), and fails a response whose tag it does not know: what can be told apart is an enum of types.",
        needs: &["One response type", "Read-only and write-only"],
        run: Run::Document(unions::run),
    },
    Pass {
        name: "Shapes of schemas",
        defect: "Many schemas make no type, or one that a changed limit breaks: they become plain types, and constraints and defaults are left to the server.",
        needs: &["One response type", "Read-only and write-only", "Unions"],
        run: Run::Document(shapes_of_schemas::run),
    },
    Pass {
        name: "Nullable types",
        defect: "A named schema that may be null would be a wrapper of another type: it is the type itself, and an `Option` where it is used.",
        needs: &["Shapes of schemas"],
        run: Run::Document(nullable_types::run),
    },
    Pass {
        name: "Aliases",
        defect: "A name for a plain value, a list or a map would be a type of its own: it is what it names.",
        needs: &["Shapes of schemas", "Nullable types"],
        run: Run::Document(aliases::run),
    },
    Pass {
        name: "Parameters",
        defect: "A path or a header cannot carry a list or an untyped value: the caller gives the text that is sent.",
        needs: &["Shapes of schemas", "Aliases"],
        run: Run::Document(parameters::run),
    },
    Pass {
        name: "Lenient responses",
        defect: "Servers send `null` for what a spec merely calls optional: in responses, lists and maps that are not required accept it.",
        needs: &["Shapes of schemas", "Aliases"],
        run: Run::Document(lenient_responses::run),
    },
    Pass {
        name: "Empty lists",
        defect: "In requests, a list or map that is not required would not be sent when it is empty: absent and empty are two things.",
        needs: &["Shapes of schemas", "Aliases"],
        run: Run::Document(empty_lists::run),
    },
    Pass {
        name: "Sensitive values",
        defect: "`Debug` would show secrets: a string with `format: password` is a `Sensitive`, read like a `&str` and shown as `[hidden]`.",
        needs: &["Shapes of schemas", "Aliases"],
        run: Run::Document(sensitive_values::run),
    },
    Pass {
        name: "Exact numbers",
        defect: "An `f64` changes most amounts of money: a number that is not an integer is a `Decimal`, with all its digits.",
        needs: &["Unions", "Aliases", "Parameters"],
        run: Run::Document(exact_numbers::run),
    },
    Pass {
        name: "Shared enums",
        defect: "Specs repeat an enum wherever it occurs, and each would be a type of its own: those to which the overlay gives one name are one type.",
        needs: &["Nullable types", "Aliases"],
        run: Run::Document(shared_enums::run),
    },
    Pass {
        name: "Names",
        defect: "Names that Rust spells badly, or that collide, are others in Rust; what goes on the wire keeps its name.",
        needs: &[
            "Client-level headers",
            "Aliases",
            "Sensitive values",
            "Exact numbers",
            "Shared enums",
        ],
        run: Run::Document(names::run),
    },
    Pass {
        name: "Unused schemas",
        defect: "Types that no request and no success response carries would only cost compile time: they are left out.",
        needs: &["One response type", "Aliases", "Names"],
        run: Run::Document(unused_schemas::run),
    },
    Pass {
        name: "Null in requests",
        defect: "What is absent and what is null in a request would be one: what is optional and may be null can be sent as either.",
        needs: &[
            "Nullable types",
            "Lenient responses",
            "Empty lists",
            "Unused schemas",
        ],
        run: Run::Document(null_in_requests::run),
    },
    Pass {
        name: "Short paths",
        defect: "Progenitor spells `::std::option::Option` in full, which is hard to read.",
        needs: &["Names"],
        run: Run::Rust(short_paths::run),
    },
    Pass {
        name: "Recursive types",
        defect: "Progenitor sends null for a field that leads back to its own type and was not given: it is left out.",
        needs: &["Short paths"],
        run: Run::Rust(recursive_types::run),
    },
    Pass {
        name: "Double options",
        defect: "An `Option` is one of two, and what a request can say of a field is one of three: it is an `Option<Option<_>>`.",
        needs: &["Null in requests", "Recursive types"],
        run: Run::Rust(double_options::run),
    },
    Pass {
        name: "Documentation",
        defect: "The texts of a spec are not written for rustdoc, which would also run the code in them.",
        needs: &[],
        run: Run::Rust(documentation::run),
    },
    Pass {
        name: "Required arguments",
        defect: "Progenitor's builders find out at run time that a required parameter is missing, and show what was given in `Debug`.",
        needs: &["Names", "Short paths"],
        run: Run::Rust(required_arguments::run),
    },
    Pass {
        name: "Sending",
        defect: "Progenitor's `send` is fifty lines for each operation, has an error type for each, and encodes paths unsafely.",
        needs: &["One response type", "Names", "Required arguments"],
        run: Run::Rust(sending::run),
    },
    Pass {
        name: "Pages",
        defect: "A list that comes in pages would be read page by page by each caller: it is a stream.",
        needs: &["Short paths", "Sending"],
        run: Run::Rust(pages::run),
    },
    Pass {
        name: "String enums",
        defect: "Progenitor's enums are closed: one value that the spec does not list fails the whole response.",
        needs: &["Shapes of schemas", "Names", "Documentation"],
        run: Run::Rust(string_enums::run),
    },
    Pass {
        name: "Enums of types",
        defect: "A choice between schemas went through progenitor as a struct: it is an enum, with a variant for what the spec does not know.",
        needs: &["Unions", "Names", "Short paths", "Documentation"],
        run: Run::Rust(enums_of_types::run),
    },
    Pass {
        name: "Constructors",
        defect: "Progenitor writes a builder for every type, and finds out at run time that a required field is missing.",
        needs: &["Recursive types", "Documentation", "Enums of types"],
        run: Run::Rust(constructors::run),
    },
    Pass {
        name: "Wrapper bodies",
        defect: "A body that only wraps an object would be one more type to fill for each call: it is made of what it holds.",
        needs: &["Constructors"],
        run: Run::Rust(wrapper_bodies::run),
    },
    Pass {
        name: "Attributes",
        defect: "Progenitor's types are exhaustive, and have no optional `JsonSchema`.",
        needs: &["Names", "Enums of types"],
        run: Run::Rust(attributes::run),
    },
    Pass {
        name: "Names on the wire",
        defect: "Properties that the pass Names renamed must keep their name on the wire.",
        needs: &["Names"],
        run: Run::Rust(names_on_the_wire::run),
    },
    Pass {
        name: "Exact fields",
        defect: "The serde traits of `Decimal` are another crate's to choose: each field names how it is read and written.",
        needs: &["Recursive types", "Double options", "Enums of types"],
        run: Run::Rust(exact_fields::run),
    },
    Pass {
        name: "Objects",
        defect: "What serde derives to read and write structs makes most of what compiling the types takes.",
        needs: &[
            "Recursive types",
            "Enums of types",
            "Names on the wire",
            "Exact fields",
        ],
        run: Run::Rust(objects::run),
    },
    Pass {
        name: "Safe debug",
        defect: "The `Debug` that is derived shows every value: it shows names, enums, booleans, GUIDs and timestamps only.",
        needs: &[
            "Sending",
            "String enums",
            "Enums of types",
            "Constructors",
            "Objects",
        ],
        run: Run::Rust(safe_debug::run),
    },
];

/// Runs the passes over the API.
pub(crate) fn run_on_document(api: &mut Api, deviations: &mut Deviations) {
    for pass in PASSES {
        if let Run::Document(run) = pass.run {
            run(api, &mut deviations.section(pass.name, pass.defect));
        }
    }
}

/// Runs the passes over the Rust code.
///
/// # Errors
///
/// A message where progenitor's output is not as expected, which means that progenitor changed.
pub(crate) fn run_on_code(code: &mut Code<'_>, api: &Api) -> Result<(), String> {
    for pass in PASSES {
        if let Run::Rust(run) = pass.run {
            run(code, api)?;
        }
    }
    Ok(())
}

/// The table as Markdown, for `docs/add-a-pass.md`.
pub fn table() -> String {
    let mut table = String::from(
        "| pass | changes | the defect that it answers | needs |\n| --- | --- | --- | --- |\n",
    );
    for pass in PASSES {
        let needs = match pass.needs {
            [] => "–".to_owned(),
            needs => needs.join(", "),
        };
        let _ = writeln!(
            table,
            "| {} | {} | {} | {needs} |",
            pass.name,
            pass.changes(),
            pass.defect
        );
    }
    table
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use openapi::Document;

    use super::{PASSES, Pass, Run};
    use crate::deviations::Deviations;
    use crate::facts::{Authentication, Facts};
    use crate::input::Input;
    use crate::{emit, progenitor, read};

    fn files(document: &Document, passes: &[&Pass]) -> Result<Vec<(String, String)>, String> {
        let facts = Facts::new("Hard", Authentication::Basic);
        let input = Input::new(&facts, document);
        let mut api = read::read(document.value());
        let mut deviations = Deviations::default();
        for pass in passes {
            if let Run::Document(run) = pass.run {
                run(&mut api, &mut deviations.section(pass.name, pass.defect));
            }
        }
        let mut code = progenitor::generate(&api).map_err(|findings| format!("{findings:?}"))?;
        for pass in passes {
            if let Run::Rust(run) = pass.run {
                run(&mut code, &api)?;
            }
        }
        emit::files(&input, document.value(), &api, code)
    }

    /// Passes change places wherever the table lets them: that changes nothing, or the table lacks a need.
    #[test]
    fn the_order_matters_only_where_a_pass_needs_another() {
        let path = "../../tests/fixtures/hard/openapi.yaml";
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        let document = Document::read_as(&path, "hard.yaml").expect("the spec");
        let order: Vec<&Pass> = PASSES.iter().collect();
        let wanted = files(&document, &order).expect("the hard spec generates");
        let order = &order;
        let judge = |index: usize| {
            // The pass as early as it can run.
            let pass: &Pass = order[index];
            let needed = |other: &&&Pass| pass.needs.contains(&other.name);
            let earliest = order.iter().rposition(|other| needed(&other));
            let earliest = earliest.map_or(0, |last| last + 1);
            // It is there already.
            if earliest == index {
                return;
            }
            let mut moved = order.clone();
            moved.remove(index);
            moved.insert(earliest, pass);
            let found = files(&document, &moved);
            assert!(
                found.as_ref() == Ok(&wanted),
                "`{}` right after what it needs gives other code",
                pass.name
            );
        };
        std::thread::scope(|scope| {
            for index in 1..order.len() {
                scope.spawn(move || judge(index));
            }
        });
    }
}
