//! Guests in the text format: a core module with the canonical ABI by hand, wrapped into a component by `wit-component`.

use std::path::Path;

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// A guest with every hook, each part replaceable.
pub struct Guest {
    /// The contract it is built for; the real one of `wit/` where there is none.
    pub contract: Option<&'static str>,
    /// Further packages that it imports from.
    pub packages: &'static [&'static str],
    /// What its world imports and exports.
    pub world: &'static str,
    /// Imports of the core module.
    pub imports: &'static str,
    /// Memory in pages of 64 KiB.
    pub pages: u32,
    /// Body of `describe`, which leaves the address of a description.
    pub describe: &'static str,
    /// Body of `shape`, which leaves the address of its result; `None` does not export the hook.
    pub shape: Option<&'static str>,
    /// Body of `receive`, likewise.
    pub receive: Option<&'static str>,
    /// Further fields of the core module: functions, data, a start.
    pub more: String,
}

pub const BOTH_HOOKS: &str = "
    import porchlight:plugin/settings@0.1.0;
    import porchlight:plugin/log@0.1.0;
    export porchlight:plugin/describe@0.1.0;
    export porchlight:plugin/shape-offer@0.1.0;
    export porchlight:plugin/receive-request@0.1.0;
";
pub const LOG: &str = r#"(import "porchlight:plugin/log@0.1.0" "write" (func $log (param i32 i32 i32)))"#;
/// Leaves the address of a good description, a patch that changes nothing, a decision to accept.
pub const DESCRIBED: &str = "i32.const 128";
pub const UNCHANGED: &str = "i32.const 256";
pub const ACCEPTED: &str = "i32.const 320";
/// Accepts, into the team whose name is `$length` bytes at `$at`.
pub const TEAM: &str = "
    (i32.store8 (i32.const 328) (i32.const 1))
    (i32.store (i32.const 332) (global.get $at))
    (i32.store (i32.const 336) (global.get $length))
    i32.const 320";

impl Default for Guest {
    fn default() -> Self {
        Self {
            contract: None,
            packages: &[],
            world: BOTH_HOOKS,
            imports: LOG,
            pages: 2,
            describe: DESCRIBED,
            shape: Some(UNCHANGED),
            receive: Some(ACCEPTED),
            more: String::new(),
        }
    }
}

impl Guest {
    /// A guest that gives this text for the JSON Schema of its settings.
    pub fn with_schema(schema: &str) -> Self {
        let bytes: String = schema.bytes().map(|byte| format!("\\{byte:02x}")).collect();
        let length: String = u32::try_from(schema.len())
            .expect("a short schema")
            .to_le_bytes()
            .map(|byte| format!("\\{byte:02x}"))
            .concat();
        let more =
            format!(r#"(data (i32.const 1024) "{bytes}") (data (i32.const 152) "\01\00\00\00\00\04\00\00{length}")"#);
        Self { more, ..Self::default() }
    }

    /// The component.
    pub fn build(&self) -> Vec<u8> {
        let mut module = wat::parse_str(self.text()).expect("the guest's text");
        let (resolve, world) = self.resolve();
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).expect("metadata");
        let mut encoder = ComponentEncoder::default().validate(true).module(&module).expect("the guest's module");
        encoder.encode().expect("the guest's component")
    }

    fn resolve(&self) -> (Resolve, wit_parser::WorldId) {
        let mut resolve = Resolve::default();
        match self.contract {
            Some(contract) => resolve.push_str("contract.wit", contract).map(drop).expect("a contract"),
            None => resolve.push_path(wit()).map(drop).expect("the contract"),
        }
        for package in self.packages {
            resolve.push_str("package.wit", package).expect("a package");
        }
        let world = format!("package test:guest; world guest {{ {} }}", self.world);
        let package = resolve.push_str("guest.wit", &world).expect("the guest's world");
        let world = resolve.select_world(&[package], Some("guest")).expect("the guest's world");
        (resolve, world)
    }

    fn text(&self) -> String {
        let Self { imports, pages, describe, more, contract, .. } = self;
        let version = if contract.is_some_and(|contract| contract.contains("@0.2.0")) { "0.2.0" } else { "0.1.0" };
        let hook = |interface: &str, function: &str, body: Option<&str>| {
            body.map_or_else(String::new, |body| {
                format!(r#"(func (export "porchlight:plugin/{interface}@{version}#{function}") (param i32) (result i32) {body})"#)
            })
        };
        let (shape, receive) =
            (hook("shape-offer", "shape", self.shape), hook("receive-request", "receive", self.receive));
        format!(
            r#"(module {imports}
                (memory (export "memory") {pages})
                (global $free (mut i32) (i32.const 32768))
                (global $at (mut i32) (i32.const 64))
                (global $length (mut i32) (i32.const 5))
                (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
                    (global.set $free (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
                    (global.get $free)
                    (global.set $free (i32.add (global.get $free) (local.get 3))))
                ;; 64: words. 128: a description, without settings. 256: an empty patch. 320: accept, of normal priority.
                (data (i32.const 64) "guest 1.0.0 by hand")
                (data (i32.const 128) "\40\00\00\00\05\00\00\00\46\00\00\00\05\00\00\00\40\00\00\00\05\00\00\00")
                (data (i32.const 164) "\4c\00\00\00\07\00\00\00")
                (data (i32.const 360) "\01")
                (func (export "porchlight:plugin/describe@{version}#describe") (result i32) {describe})
                {shape} {receive} {more})"#
        )
    }
}

/// The contract's folder.
fn wit() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit")
}
