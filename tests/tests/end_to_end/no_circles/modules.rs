//! The modules of a crate, and which of them uses which.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Ident, ImplItem, Item, ItemUse, Macro, Type, UseTree, Visibility};

/// A module's path from the crate's root, such as `["compare", "schema"]`.
pub type Module = Vec<String>;

/// The modules of a crate that have a file of their own.
#[derive(Default)]
pub struct Crate {
    files: BTreeMap<Module, syn::File>,
}

impl Crate {
    /// Reads a folder of sources. Generated code is left out: nothing in it is written by hand.
    pub fn read(src: &Path) -> Self {
        let mut found = Crate::default();
        found.read_folder(src, &mut Vec::new());
        found
    }

    /// Adds the source of a module.
    pub fn add(&mut self, module: Module, source: &str) {
        let file = syn::parse_file(source).unwrap_or_else(|error| panic!("{module:?}: {error}"));
        self.files.insert(module, file);
    }

    fn read_folder(&mut self, folder: &Path, module: &mut Module) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if name != "generated" && name != "bin" {
                    module.push(name);
                    self.read_folder(&path, module);
                    module.pop();
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let mut module = module.clone();
                if !["lib", "main", "mod"].contains(&&*name) {
                    module.push(name);
                }
                self.add(module, &std::fs::read_to_string(&path).unwrap());
            }
        }
    }

    /// For each module the modules that it uses, each with a path or method that shows it.
    pub fn uses(&self) -> BTreeMap<Module, BTreeMap<Module, String>> {
        let methods = self.scattered_methods();
        let uses = self.files.iter().map(|(module, file)| {
            let mut found = Uses {
                krate: self,
                methods: &methods,
                module,
                inside: Vec::new(),
                own_type: None,
                used: BTreeMap::new(),
            };
            found.visit_file(file);
            (module.clone(), found.used)
        });
        uses.collect()
    }

    /// The module in which an item of a module is defined: `pub use` is followed.
    fn definition(&self, module: &Module, item: &str, seen: &mut BTreeSet<Module>) -> Module {
        let Some(file) = self
            .files
            .get(module)
            .filter(|_| seen.insert(module.clone()))
        else {
            return module.clone();
        };
        for known in &file.items {
            let Item::Use(reexport) = known else { continue };
            if matches!(reexport.vis, Visibility::Inherited) {
                continue;
            }
            for path in use_paths(reexport) {
                let (last, renamed) = (path.names.last(), path.renamed.as_ref());
                if renamed.or(last).is_some_and(|name| name == item)
                    && let Some(target) = self.resolve(module, &[], &path.names, seen)
                {
                    return target;
                }
            }
        }
        module.clone()
    }

    /// The module that a path leads to; `None` for paths to other crates and to what the module has itself.
    fn resolve(
        &self,
        module: &Module,
        inside: &[String],
        path: &[String],
        seen: &mut BTreeSet<Module>,
    ) -> Option<Module> {
        let mut place: Module = [module.as_slice(), inside].concat();
        let mut rest = path;
        match rest.first()?.as_str() {
            "crate" => {
                place.clear();
                rest = &rest[1..];
            }
            "self" => rest = &rest[1..],
            "super" => {
                while rest.first().is_some_and(|name| name == "super") {
                    place.pop()?;
                    rest = &rest[1..];
                }
            }
            first => {
                let child = [module.as_slice(), &[first.to_owned()]].concat();
                if !self.files.contains_key(&child) {
                    return None;
                }
            }
        }
        while let Some(name) = rest.first() {
            place.push(name.clone());
            if !self.files.contains_key(&place) {
                place.pop();
                break;
            }
            rest = &rest[1..];
        }
        // Modules that are written inside a file belong to the file.
        while !self.files.contains_key(&place) {
            place.pop()?;
        }
        Some(match rest.first() {
            Some(item) => self.definition(&place, item, seen),
            None => place,
        })
    }

    /// The methods of types whose inherent `impl`s are written in several modules, by type and name.
    fn scattered_methods(&self) -> BTreeMap<String, BTreeMap<String, Module>> {
        let mut methods: BTreeMap<String, BTreeMap<String, Module>> = BTreeMap::new();
        for (module, file) in &self.files {
            for item in &file.items {
                let Item::Impl(block) = item else { continue };
                let Some(name) = type_name(&block.self_ty).filter(|_| block.trait_.is_none())
                else {
                    continue;
                };
                for item in &block.items {
                    if let ImplItem::Fn(method) = item {
                        let of_type = methods.entry(name.clone()).or_default();
                        of_type.insert(method.sig.ident.to_string(), module.clone());
                    }
                }
            }
        }
        methods
    }
}

struct Uses<'a> {
    krate: &'a Crate,
    methods: &'a BTreeMap<String, BTreeMap<String, Module>>,
    module: &'a Module,
    /// The modules written inside the file that are being visited.
    inside: Vec<String>,
    /// The type of the `impl` that is being visited.
    own_type: Option<String>,
    used: BTreeMap<Module, String>,
}

impl Uses<'_> {
    fn path(&mut self, path: &[String]) {
        let target = self
            .krate
            .resolve(self.module, &self.inside, path, &mut BTreeSet::new());
        if let Some(target) = target.filter(|target| target != self.module) {
            self.used.entry(target).or_insert_with(|| path.join("::"));
        }
    }

    fn method(&mut self, name: &str) {
        let of_type = self.own_type.as_ref().and_then(|own| self.methods.get(own));
        if let Some(target) = of_type.and_then(|methods| methods.get(name))
            && target != self.module
        {
            let shown = format!("self.{name}()");
            self.used.entry(target.clone()).or_insert(shown);
        }
    }

    /// Paths that start with `crate` or `super` in the arguments of a macro.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let (mut joined, mut quoted) = (false, false);
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if !joined {
                        self.finish(&mut path);
                    }
                    quoted = is_quote(&name);
                    path.push(name.to_string());
                    joined = false;
                }
                TokenTree::Punct(sign) if sign.as_char() == ':' => joined = true,
                TokenTree::Group(group) => {
                    self.finish(&mut path);
                    joined = false;
                    if !quoted {
                        self.tokens(group.stream());
                    }
                }
                _ => {
                    self.finish(&mut path);
                    joined = false;
                }
            }
        }
        self.finish(&mut path);
    }

    fn finish(&mut self, path: &mut Vec<String>) {
        if path.len() > 1 && ["crate", "super"].contains(&&*path[0]) {
            self.path(path);
        }
        path.clear();
    }
}

impl<'ast> Visit<'ast> for Uses<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Mod(item) => &item.attrs,
            Item::Fn(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !is_test(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.inside.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.inside.pop();
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        for path in use_paths(item) {
            self.path(&path.names);
        }
    }

    fn visit_item_impl(&mut self, block: &'ast syn::ItemImpl) {
        let outer = std::mem::replace(&mut self.own_type, type_name(&block.self_ty));
        visit::visit_item_impl(self, block);
        self.own_type = outer;
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() && path.segments.len() > 1 {
            let names: Vec<_> = path
                .segments
                .iter()
                .map(|part| part.ident.to_string())
                .collect();
            match &*names[0] {
                "Self" => self.method(&names[1]),
                _ => self.path(&names),
            }
        }
        visit::visit_path(self, path);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if let syn::Expr::Path(receiver) = &*call.receiver
            && receiver.path.is_ident("self")
        {
            self.method(&call.method.to_string());
        }
        visit::visit_expr_method_call(self, call);
    }

    /// Paths in a macro's rules are those of where it is used.
    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        if !item.mac.path.is_ident("macro_rules") {
            visit::visit_item_macro(self, item);
        }
    }

    fn visit_macro(&mut self, item: &'ast Macro) {
        if !item.path.get_ident().is_some_and(is_quote) {
            self.tokens(item.tokens.clone());
        }
    }
}

/// Whether a macro quotes code, which is that of another crate.
fn is_quote(name: &Ident) -> bool {
    ["quote", "quote_spanned", "parse_quote"]
        .iter()
        .any(|quote| name == quote)
}

struct UsePath {
    names: Vec<String>,
    renamed: Option<String>,
}

fn use_paths(item: &ItemUse) -> Vec<UsePath> {
    let mut paths = Vec::new();
    let mut waiting = vec![(Vec::new(), &item.tree)];
    while let Some((mut names, tree)) = waiting.pop() {
        match tree {
            UseTree::Path(path) => {
                names.push(path.ident.to_string());
                waiting.push((names, &path.tree));
            }
            UseTree::Group(group) => {
                waiting.extend(group.items.iter().map(|tree| (names.clone(), tree)));
            }
            UseTree::Name(name) if name.ident == "self" => paths.push(UsePath {
                names,
                renamed: None,
            }),
            UseTree::Name(name) => {
                names.push(name.ident.to_string());
                paths.push(UsePath {
                    names,
                    renamed: None,
                });
            }
            UseTree::Rename(rename) => {
                names.push(rename.ident.to_string());
                paths.push(UsePath {
                    names,
                    renamed: Some(rename.rename.to_string()),
                });
            }
            UseTree::Glob(_) => paths.push(UsePath {
                names,
                renamed: None,
            }),
        }
    }
    paths
}

fn type_name(own: &Type) -> Option<String> {
    match own {
        Type::Path(path) => path.path.segments.last().map(|part| part.ident.to_string()),
        _ => None,
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || (attribute.path().is_ident("cfg")
                && attribute
                    .parse_args::<syn::Path>()
                    .is_ok_and(|path| path.is_ident("test")))
    })
}
