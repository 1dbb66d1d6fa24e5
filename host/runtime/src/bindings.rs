//! What `wasmtime` makes of the contract in `wit/`. Generated code, and nothing else, lives here.

wasmtime::component::bindgen!({
    path: "../../wit",
    inline: "
        package porchlight:host;
        world every-hook {
            import porchlight:plugin/settings@0.1.0;
            import porchlight:plugin/log@0.1.0;
            export porchlight:plugin/describe@0.1.0;
            export porchlight:plugin/shape-offer@0.1.0;
            export porchlight:plugin/receive-request@0.1.0;
        }
    ",
    world: "porchlight:host/every-hook",
    exports: { default: async },
    ownership: Borrowing { duplicate_if_necessary: false },
});
