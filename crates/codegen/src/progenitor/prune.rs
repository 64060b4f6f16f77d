//! Progenitor's output without the parts that no pass reads.
//!
//! They are two thirds of it: the client, a builder for every type, and the bodies of the calls' methods. They are cut
//! from the tokens, because parsing them would take longer than all the passes.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// Keeps the modules `types`, without the builders of types, and `builder`, with the bodies of its methods empty.
pub(crate) fn run(tokens: TokenStream) -> TokenStream {
    edit(tokens, |item| {
        if item.starts("mod", Some("types")) {
            item.edit_block(|types| edit(types, |item| !is_of_builders(item)));
            true
        } else if item.starts("mod", Some("builder")) {
            item.edit_block(|builders| {
                edit(builders, |item| {
                    if item.starts("impl", None) {
                        item.edit_block(without_bodies);
                    }
                    true
                })
            });
            true
        } else {
            false
        }
    })
}

/// Whether an item of the types is there for their builders only.
fn is_of_builders(item: &mut Item) -> bool {
    let is_module = ["builder", "error"]
        .iter()
        .any(|module| item.starts("mod", Some(module)));
    is_module || item.starts("impl", None) && item.block_has("fn", "builder")
}

fn without_bodies(methods: TokenStream) -> TokenStream {
    edit(methods, |method| {
        method.edit_block(|_| TokenStream::new());
        true
    })
}

/// The tokens of an item, up to its block or semicolon.
struct Item(Vec<TokenTree>);

impl Item {
    /// Whether it has the keyword, and the name after it, outside its block.
    fn starts(&self, keyword: &str, name: Option<&str>) -> bool {
        has(&mut self.0.iter(), keyword, name)
    }

    fn block_has(&self, keyword: &str, name: &str) -> bool {
        match self.0.last() {
            Some(TokenTree::Group(block)) => {
                let tokens: Vec<TokenTree> = block.stream().into_iter().collect();
                has(&mut tokens.iter(), keyword, Some(name))
            }
            _ => false,
        }
    }

    fn edit_block(&mut self, edit: impl FnOnce(TokenStream) -> TokenStream) {
        if let Some(TokenTree::Group(block)) = self.0.last_mut()
            && block.delimiter() == Delimiter::Brace
        {
            *block = Group::new(Delimiter::Brace, edit(block.stream()));
        }
    }
}

fn has<'a>(
    tokens: &mut impl Iterator<Item = &'a TokenTree>,
    keyword: &str,
    name: Option<&str>,
) -> bool {
    let is =
        |token: &TokenTree, text: &str| matches!(token, TokenTree::Ident(ident) if ident == text);
    tokens.any(|token| is(token, keyword))
        && name.is_none_or(|name| tokens.next().is_some_and(|token| is(token, name)))
}

/// The items as `edit` leaves them; those it answers `false` for go.
fn edit(tokens: TokenStream, mut edit: impl FnMut(&mut Item) -> bool) -> TokenStream {
    let mut kept = TokenStream::new();
    let mut item = Item(Vec::new());
    for token in tokens {
        let ends = match &token {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            TokenTree::Punct(punct) => punct.as_char() == ';',
            _ => false,
        };
        item.0.push(token);
        if ends {
            if edit(&mut item) {
                kept.extend(item.0.drain(..));
            }
            item.0.clear();
        }
    }
    kept.extend(item.0);
    kept
}
