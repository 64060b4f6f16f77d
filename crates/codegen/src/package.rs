//! The crate of a client, apart from its generated code: written from one template for every API.

use std::path::{Path, PathBuf};

use crate::facts::{Authentication, Facts};

/// A client crate.
#[derive(Clone, Debug)]
pub struct Package<'a> {
    /// The crate's name, such as `platform-client`.
    pub name: &'a str,
    /// The API.
    pub facts: &'a Facts,
    /// The version of the API, as its document has it: `info.version`.
    pub api_version: &'a str,
    /// Where the crate gets the run time and the generator from.
    pub dependency: &'a Dependency,
}

/// Where a client crate gets `mx-client-core` and `mx-codegen` from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dependency {
    /// It is a member of the workspace that holds them.
    Workspace,
    /// From a folder that holds both, `client-core` and `codegen`.
    Path(PathBuf),
    /// From a git repository, at a commit if one is named.
    Git {
        /// Where it is.
        url: String,
        /// The commit.
        rev: Option<String>,
    },
    /// From the registry, in this version.
    Version(String),
}

const LIB: &str = include_str!("../template/lib.rs");
const BUILD: &str = include_str!("../template/build.rs");

/// What a registry files the crate under.
const METADATA: &str =
    "keywords = [\"mx\", \"openapi\", \"client\", \"api\"]\ncategories = [\"api-bindings\"]\n";
const README: &str = include_str!("../template/README.md");
const DEPENDENCIES: &str = include_str!("../template/dependencies.toml");
const LICENCES: [(&str, &str); 2] = [
    ("LICENSE-APACHE", include_str!("../LICENSE-APACHE")),
    ("LICENSE-MIT", include_str!("../LICENSE-MIT")),
];

impl Package<'_> {
    /// The files, by their path in the crate.
    pub fn files(&self) -> Vec<(PathBuf, String)> {
        let lib = LIB.replace("{{authentication}}\n", self.authentication_items());
        let mut files = vec![
            ("Cargo.toml".into(), self.manifest()),
            ("README.md".into(), self.readme()),
            ("build.rs".into(), BUILD.to_owned()),
            (Path::new("src").join("lib.rs"), lib),
        ];
        files.extend(LICENCES.map(|(name, text)| (name.into(), text.to_owned())));
        files
    }

    /// The prefix of the environment variables that the build reads, such as `PLATFORM_CLIENT`.
    fn variable(&self) -> String {
        variable_prefix(self.name)
    }

    fn authentication_items(&self) -> &'static str {
        match self.facts.authentication {
            Authentication::None => "",
            Authentication::Basic | Authentication::Bearer => {
                "#[doc(inline)]\npub use client_core::Credentials;\n\n"
            }
            Authentication::Session => {
                "#[doc(inline)]\npub use client_core::{\n    ApiTokens, BoxError, SessionExchange, SessionProvider, SessionToken, SsoApi,\n};\n\n"
            }
        }
    }

    fn readme(&self) -> String {
        let lib = self.lib();
        let variables = self.facts.variables.join(" and ");
        let has_variables = !variables.is_empty();
        let credentials = match self.facts.authentication {
            Authentication::None => String::new(),
            Authentication::Session if has_variables => ".session_token_from_env()?".to_owned(),
            _ if has_variables => ".credentials_from_env()?".to_owned(),
            Authentication::Session => ".session_token(\"the session's token\")".to_owned(),
            Authentication::Bearer => {
                format!(".credentials({lib}::Credentials::bearer(\"the token\"))")
            }
            Authentication::Basic => {
                format!(".credentials({lib}::Credentials::new(\"the client id\", \"the API key\"))")
            }
        };
        let credentials = match (credentials.is_empty(), has_variables) {
            (true, _) => credentials,
            (false, true) => format!("        {credentials} // reads {variables}\n"),
            (false, false) => format!("        {credentials}\n"),
        };
        let sessions = match self.facts.authentication {
            Authentication::Session => {
                "\nA session belongs to one user and ends 30 minutes after its last call. A client that is given a `SessionProvider`\ninstead of a token obtains sessions when they are needed, and renews them when they expire.\n"
            }
            _ => "",
        };
        README
            .replace("{{crate}}", self.name)
            .replace("{{lib}}", &lib)
            .replace("{{title}}", &self.facts.title)
            .replace("{{credentials}}\n", &credentials)
            .replace("{{sessions}}\n", sessions)
            .replace("{{variable}}", &self.variable())
    }

    fn lib(&self) -> String {
        self.name.replace('-', "_")
    }

    fn manifest(&self) -> String {
        let description = format!(
            "Client for the {}, generated from its OpenAPI document",
            self.facts.title
        );
        let description = toml_edit::Value::from(description);
        let version = self.version();
        let head = match self.dependency {
            Dependency::Workspace => {
                "edition.workspace = true\nrust-version.workspace = true\nlicense.workspace = true\n".to_owned()
            }
            _ => format!(
                "edition = \"2024\"\nrust-version = \"{}\"\nlicense = \"MIT OR Apache-2.0\"\n",
                env!("CARGO_PKG_RUST_VERSION")
            ),
        };
        let tail = match self.dependency {
            Dependency::Workspace => "\n[lints]\nworkspace = true\n",
            _ => "",
        };
        let (run_time, generator) = self.own_dependencies();
        let library = |version: &str, more: &str| match self.dependency {
            Dependency::Workspace => format!("{{ workspace = true{more} }}"),
            _ => format!("{{ version = \"{version}\"{more} }}"),
        };
        let derive = match self.dependency {
            Dependency::Workspace => "",
            _ => ", features = [\"derive\"]",
        };
        let dependencies = DEPENDENCIES
            .replace("{{variable}}", &self.variable())
            .replace("{{client-core}}", &run_time)
            .replace("{{codegen}}", &generator)
            .replace("{{schemars}}", &library("1.2", ", optional = true"))
            .replace("{{serde}}", &library("1", derive))
            .replace("{{serde_json}}", &library("1", ""));
        format!(
            "[package]\nname = \"{}\"\ndescription = {description}\nversion = \"{version}\"\n{head}readme = \"README.md\"\n{METADATA}{dependencies}{tail}",
            self.name
        )
    }

    /// The version of the crates of this repository, which are released together, and that of the API as build metadata:
    /// `0.1.0+v20250224`.
    fn version(&self) -> String {
        let words = self.api_version.split(|c: char| !c.is_ascii_alphanumeric());
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        let own = env!("CARGO_PKG_VERSION");
        match words.is_empty() {
            true => own.to_owned(),
            false => format!("{own}+{}", words.join(".")),
        }
    }

    /// The dependencies on the run time and on the generator.
    fn own_dependencies(&self) -> (String, String) {
        let text = |value: &str| toml_edit::Value::from(value).to_string();
        let of = |folder: &str| match self.dependency {
            Dependency::Workspace => "workspace = true".to_owned(),
            Dependency::Path(crates) => {
                let path = crates.join(folder).display().to_string();
                format!("package = \"mx-{folder}\", path = {}", text(&path))
            }
            Dependency::Git { url, rev } => {
                let rev = rev.as_ref().map(|rev| format!(", rev = {}", text(rev)));
                let rev = rev.unwrap_or_default();
                format!("package = \"mx-{folder}\", git = {}{rev}", text(url))
            }
            Dependency::Version(version) => {
                format!("package = \"mx-{folder}\", version = {}", text(version))
            }
        };
        let features = match self.dependency {
            Dependency::Workspace => "",
            _ => ", default-features = false",
        };
        (
            format!("{{ {}{features} }}", of("client-core")),
            format!("{{ {}, optional = true }}", of("codegen")),
        )
    }
}

/// The prefix of the environment variables that the build of a crate reads, such as `PLATFORM_CLIENT`.
pub(crate) fn variable_prefix(name: &str) -> String {
    name.replace('-', "_").to_uppercase()
}
