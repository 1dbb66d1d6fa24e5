//! What a binary says before anything of it runs: whether it is a component, for which contract, with which hooks.

use wasmparser::{Parser, Payload, ProducersSectionReader};
use wasmtime::component::{Linker, types::ComponentItem};

use crate::{
    bindings::porchlight::plugin::{log, settings, types},
    error::LoadError,
    hook::Hook,
    state::CallState,
    wasi,
};

/// Tells the usual mistakes apart by the first bytes.
pub fn require_component(bytes: &[u8]) -> Result<(), LoadError> {
    let reason = match bytes {
        [] => "the file is empty",
        [0, b'a', b's', b'm', 0x0d, 0, 1, 0, ..] => return Ok(()),
        [0, b'a', b's', b'm', 1, 0, 0, 0, ..] => {
            "it is a core module (built for `wasm32-wasip1` or `wasm32-unknown-unknown`?); build with `--target wasm32-wasip2`"
        }
        [0, b'a', b's', b'm', ..] => {
            "its version is not known; build with `--target wasm32-wasip2` and a current compiler"
        }
        _ if std::str::from_utf8(bytes).is_ok() => "it is a text file; give the `.wasm` file that the build writes",
        _ => "it does not begin like WebAssembly; give the `.wasm` file that the build writes",
    };
    Err(LoadError::NotAComponent { reason: reason.to_owned() })
}

/// What the binary says it was built with, as the end of "built …".
pub fn built_with(bytes: &[u8]) -> String {
    let mut sdk = None;
    let mut tools = Vec::new();
    for payload in Parser::new(0).parse_all(bytes) {
        match payload {
            Ok(Payload::CustomSection(section)) if section.name() == "porchlight-sdk" => {
                sdk = Some(String::from_utf8_lossy(section.data()).into_owned());
            }
            Ok(Payload::CustomSection(section)) if section.name() == "producers" => {
                tools.extend(producers(section.data(), section.data_offset()).unwrap_or_default());
            }
            Ok(_) => {}
            Err(_) => break,
        }
    }
    tools.dedup();
    match sdk {
        Some(sdk) => format!("with {}", shown(&sdk)),
        None if tools.is_empty() => "by an unknown tool".to_owned(),
        None => format!("with {}", shown(&tools.join(", "))),
    }
}

/// Words of the binary's own, cut and made harmless: it may say anything.
fn shown(words: &str) -> String {
    words.chars().filter(|char| !char.is_control()).take(200).collect()
}

fn producers(data: &[u8], offset: usize) -> wasmparser::Result<Vec<String>> {
    let mut tools = Vec::new();
    for field in ProducersSectionReader::new(wasmparser::BinaryReader::new(data, offset))? {
        let field = field?;
        if matches!(field.name, "sdk" | "processed-by") {
            for value in field.values {
                let value = value?;
                tools.push(format!("{} {}", value.name, value.version));
            }
        }
    }
    Ok(tools)
}

/// The hooks a component exports. Exports outside `porchlight:` are nobody's business.
pub fn hooks(component: &wasmtime::component::Component, bytes: &[u8]) -> Result<Vec<Hook>, LoadError> {
    let mut hooks = Vec::new();
    for (name, _) in component.component_type().exports(component.engine()) {
        match Hook::ALL.into_iter().find(|hook| hook.export() == name) {
            Some(hook) => hooks.push(hook),
            None if name.starts_with("porchlight:") => {
                return Err(wrong(format!("it exports `{}`, which is none of its hooks", shown(name)), bytes));
            }
            None => {}
        }
    }
    hooks.sort_unstable();
    match hooks.as_slice() {
        [] | [Hook::Describe] => Err(LoadError::NoHooks),
        [Hook::Describe, ..] => Ok(hooks),
        _ => Err(wrong(format!("it exports no `{}`", Hook::Describe.export()), bytes)),
    }
}

/// Everything a component imports, linked; what is neither of the contract nor inert is refused by name.
pub fn linker(component: &wasmtime::component::Component) -> Result<Linker<CallState>, LoadError> {
    let engine = component.engine();
    let mut linker = Linker::new(engine);
    for (name, item) in component.component_type().imports(engine) {
        let linked = match name {
            "porchlight:plugin/types@0.1.0" => types::add_to_linker::<_, Own>(&mut linker, own),
            "porchlight:plugin/settings@0.1.0" => settings::add_to_linker::<_, Own>(&mut linker, own),
            "porchlight:plugin/log@0.1.0" => log::add_to_linker::<_, Own>(&mut linker, own),
            _ => match (wasi::interface(name), &item.ty) {
                (Some(interface), ComponentItem::ComponentInstance(wanted)) => {
                    linker.instance(name).and_then(|mut linked| wasi::link(&mut linked, interface, wanted, engine))
                }
                _ => return Err(LoadError::UnknownImport { name: shown(name) }),
            },
        };
        linked.map_err(|error| LoadError::UnknownImport { name: format!("{} ({error})", shown(name)) })?;
    }
    Ok(linker)
}

/// An error that names what built the binary.
pub fn wrong(difference: String, bytes: &[u8]) -> LoadError {
    LoadError::WrongContract { difference, sdk: built_with(bytes) }
}

type Own = wasmtime::component::HasSelf<CallState>;

fn own(state: &mut CallState) -> &mut CallState {
    state
}
