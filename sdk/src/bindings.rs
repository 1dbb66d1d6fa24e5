//! What `wit_bindgen` makes of the contract: one world per hook, all sharing the nouns and imports of [`imports`].
//!
//! Only the worlds whose export macro a plugin calls end up in its component, so it exports just the hooks it implements.

/// Nouns that hooks share, and the capabilities every hook may import.
pub mod imports {
    wit_bindgen::generate!({
        path: "../wit",
        inline: "
            package porchlight:sdk;
            world imports {
                import porchlight:plugin/types@0.1.0;
                import porchlight:plugin/settings@0.1.0;
                import porchlight:plugin/log@0.1.0;
            }
        ",
        world: "porchlight:sdk/imports",
        generate_all,
        generate_unused_types: true,
        additional_derives: [PartialEq],
    });
}

/// The hook every plugin has.
pub mod describe {
    wit_bindgen::generate!({
        path: "../wit",
        world: "porchlight:plugin/describe-plugin",
        pub_export_macro: true,
        export_macro_name: "export_describe",
        default_bindings_module: "porchlight_sdk::bindings::describe",
        additional_derives: [PartialEq],
    });
}

/// The hook `shape-offer`.
pub mod shape_offer {
    wit_bindgen::generate!({
        path: "../wit",
        world: "porchlight:plugin/shape-offer-plugin",
        with: {
            "porchlight:plugin/types@0.1.0": crate::bindings::imports::porchlight::plugin::types,
            "porchlight:plugin/settings@0.1.0": crate::bindings::imports::porchlight::plugin::settings,
            "porchlight:plugin/log@0.1.0": crate::bindings::imports::porchlight::plugin::log,
        },
        pub_export_macro: true,
        export_macro_name: "export_shape_offer",
        default_bindings_module: "porchlight_sdk::bindings::shape_offer",
        additional_derives: [PartialEq],
    });
}

/// The hook `receive-request`.
pub mod receive_request {
    wit_bindgen::generate!({
        path: "../wit",
        world: "porchlight:plugin/receive-request-plugin",
        with: {
            "porchlight:plugin/types@0.1.0": crate::bindings::imports::porchlight::plugin::types,
            "porchlight:plugin/settings@0.1.0": crate::bindings::imports::porchlight::plugin::settings,
            "porchlight:plugin/log@0.1.0": crate::bindings::imports::porchlight::plugin::log,
        },
        pub_export_macro: true,
        export_macro_name: "export_receive_request",
        default_bindings_module: "porchlight_sdk::bindings::receive_request",
        additional_derives: [PartialEq],
    });
}
