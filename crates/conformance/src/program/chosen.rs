//! The APIs that a program works on.

use crate::api::Api;

/// The APIs that the program knows.
pub type Apis = fn() -> Result<Vec<Api>, String>;

/// The APIs of these names; all of them if there are none.
///
/// # Errors
///
/// There is no API of a name.
pub(super) fn chosen(apis: Apis, names: &[String]) -> Result<Vec<Api>, String> {
    let mut apis = apis()?;
    let known: Vec<&str> = apis.iter().map(|api| api.name).collect();
    if let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(format!(
            "there is no API `{unknown}`; the APIs are {}",
            known.join(", ")
        ));
    }
    apis.retain(|api| names.is_empty() || names.iter().any(|name| name == api.name));
    Ok(apis)
}
