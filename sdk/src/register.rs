//! `register!`.

/// Exports a plugin with exactly the hooks named: `register!(Welcome: ShapeOffer);`, once per crate, at its top level.
///
/// Exports appear only in a build for WebAssembly; natively the macro merely checks that the hooks are implemented, so that
/// plain `cargo build` and `cargo test` work.
#[macro_export]
macro_rules! register {
    ($plugin:ty: $($hook:ident),+ $(,)?) => {
        const _: () = {
            $(
                const _: fn() = || {
                    fn implements<P: $crate::$hook>() {}
                    implements::<$plugin>();
                };
            )+

            #[cfg(target_family = "wasm")]
            struct Exports;

            #[cfg(target_family = "wasm")]
            impl $crate::bindings::describe::exports::porchlight::plugin::describe::Guest for Exports {
                fn describe() -> $crate::bindings::describe::exports::porchlight::plugin::describe::Description {
                    $crate::glue::describe::<$plugin>($crate::glue::Package {
                        name: env!("CARGO_PKG_NAME"),
                        version: env!("CARGO_PKG_VERSION"),
                        description: env!("CARGO_PKG_DESCRIPTION"),
                    })
                }
            }

            #[cfg(target_family = "wasm")]
            $crate::bindings::describe::export_describe!(Exports with_types_in $crate::bindings::describe);

            $($crate::__register_hook!($hook, $plugin);)+
        };
    };
}

/// Exports one hook. Part of [`register!`].
#[doc(hidden)]
#[macro_export]
macro_rules! __register_hook {
    (ShapeOffer, $plugin:ty) => {
        #[cfg(target_family = "wasm")]
        impl $crate::bindings::shape_offer::exports::porchlight::plugin::shape_offer::Guest for Exports {
            fn shape(visitor: $crate::VisitorContext, offer: $crate::Offer) -> Result<$crate::OfferPatch, $crate::bindings::imports::porchlight::plugin::types::HookError> {
                $crate::glue::shape::<$plugin>(visitor, offer)
            }
        }
        #[cfg(target_family = "wasm")]
        $crate::bindings::shape_offer::export_shape_offer!(Exports with_types_in $crate::bindings::shape_offer);
    };
    (ReceiveRequest, $plugin:ty) => {
        #[cfg(target_family = "wasm")]
        impl $crate::bindings::receive_request::exports::porchlight::plugin::receive_request::Guest for Exports {
            fn receive(visitor: $crate::VisitorContext, submission: $crate::Submission) -> Result<$crate::Decision, $crate::bindings::imports::porchlight::plugin::types::HookError> {
                $crate::glue::receive::<$plugin>(visitor, submission)
            }
        }
        #[cfg(target_family = "wasm")]
        $crate::bindings::receive_request::export_receive_request!(Exports with_types_in $crate::bindings::receive_request);
    };
}
