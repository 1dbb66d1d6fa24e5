//! WASI 0.2, inert: what compilers pull in is there, and does nothing.
//!
//! No environment, no arguments, no files, every socket refused; output becomes log lines; the wall clock stands at the
//! moment the call is about; random numbers come from the host's entropy. Descriptors and sockets can only come from
//! functions that give none, so what works on them is never reached: it traps, and names itself.

use wasmtime::{
    Result, StoreContextMut, bail,
    component::{
        ComponentType, Lift, LinkerInstance, Lower, Resource, ResourceType, Val,
        types::{ComponentInstance, ComponentItem},
    },
};

use crate::state::CallState;

/// Packages of WASI that are linked. `wasi:http` is a capability, not a compiler's habit.
const PACKAGES: [&str; 6] = ["cli", "clocks", "filesystem", "io", "random", "sockets"];
/// Bytes that one draw of random numbers may take.
const RANDOM_BYTES: u64 = 64 << 10;
/// Bytes that one write may bring.
const WRITE_BYTES: u64 = 4 << 10;

const STDOUT: u32 = 1;
const STDERR: u32 = 2;

type Linked<'a> = LinkerInstance<'a, CallState>;
type Store<'a> = StoreContextMut<'a, CallState>;

struct InputStream;
struct OutputStream;
struct Pollable;
struct IoError;
struct Network;
struct TerminalInput;
struct TerminalOutput;
struct NeverGiven;

#[derive(ComponentType, Lift, Lower)]
#[component(variant)]
enum StreamError {
    #[component(name = "last-operation-failed")]
    LastOperationFailed(Resource<IoError>),
    #[component(name = "closed")]
    Closed,
}

#[derive(ComponentType, Lower)]
#[component(record)]
struct Datetime {
    seconds: u64,
    nanoseconds: u32,
}

/// The part of an import's name between `wasi:` and the version, `cli/stderr`, if it is one that is linked.
pub fn interface(import: &str) -> Option<&str> {
    let (path, version) = import.strip_prefix("wasi:")?.split_once('@')?;
    let (package, _) = path.split_once('/')?;
    (PACKAGES.contains(&package) && version.starts_with("0.2.")).then_some(path)
}

/// Links everything that an imported interface has.
pub fn link(
    linked: &mut Linked<'_>,
    interface: &str,
    wanted: &ComponentInstance,
    engine: &wasmtime::Engine,
) -> Result<()> {
    for (name, item) in wanted.exports(engine) {
        match item.ty {
            ComponentItem::Resource(_) => linked.resource(name, resource(name), |_, _| Ok(()))?,
            ComponentItem::ComponentFunc(_) if function(linked, interface, name)? => {}
            ComponentItem::ComponentFunc(_) => never_reached(linked, interface, name)?,
            _ => {}
        }
    }
    Ok(())
}

fn resource(name: &str) -> ResourceType {
    match name {
        "input-stream" => ResourceType::host::<InputStream>(),
        "output-stream" => ResourceType::host::<OutputStream>(),
        "pollable" => ResourceType::host::<Pollable>(),
        "error" => ResourceType::host::<IoError>(),
        "network" => ResourceType::host::<Network>(),
        "terminal-input" => ResourceType::host::<TerminalInput>(),
        "terminal-output" => ResourceType::host::<TerminalOutput>(),
        _ => ResourceType::host::<NeverGiven>(),
    }
}

fn never_reached(linked: &mut Linked<'_>, interface: &str, name: &str) -> Result<()> {
    let import = format!("wasi:{interface}#{name}");
    linked.func_new(name, move |_, _, _, _| bail!("the plugin called `{import}`, which plugins cannot use"))
}

/// Links a function that can be reached; false where there is none of this name.
fn function(linked: &mut Linked<'_>, interface: &str, name: &str) -> Result<bool> {
    match interface {
        "cli/environment" => environment(linked, name),
        "cli/exit" => exit(linked, name),
        "cli/stdin" | "cli/stdout" | "cli/stderr" => standard_streams(linked, name),
        "cli/terminal-stdin" | "cli/terminal-stdout" | "cli/terminal-stderr" => terminals(linked, name),
        "io/poll" => poll(linked, name),
        "io/streams" if name.contains("output-stream") => output_stream(linked, name),
        "io/streams" => input_stream(linked, name),
        "clocks/wall-clock" => wall_clock(linked, name),
        "clocks/monotonic-clock" => monotonic_clock(linked, name),
        "random/random" | "random/insecure" | "random/insecure-seed" => random(linked, name),
        "filesystem/preopens" | "filesystem/types" => files(linked, name),
        "sockets/instance-network"
        | "sockets/tcp-create-socket"
        | "sockets/udp-create-socket"
        | "sockets/ip-name-lookup" => sockets(linked, name),
        _ => Ok(false),
    }
}

fn environment(linked: &mut Linked<'_>, name: &str) -> Result<bool> {
    match name {
        "get-environment" => linked.func_wrap(name, |_, ()| Ok((Vec::<(String, String)>::new(),)))?,
        "get-arguments" => linked.func_wrap(name, |_, ()| Ok((Vec::<String>::new(),)))?,
        "initial-cwd" => linked.func_wrap(name, |_, ()| Ok((None::<String>,)))?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn exit(linked: &mut Linked<'_>, name: &str) -> Result<bool> {
    match name {
        "exit" => {
            linked.func_wrap(name, |_, (_,): (Result<(), ()>,)| -> Result<()> { bail!("the plugin called `exit`") })?
        }
        "exit-with-code" => {
            linked
                .func_wrap(name, |_, (code,): (u8,)| -> Result<()> { bail!("the plugin called `exit` with {code}") })?;
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn standard_streams(linked: &mut Linked<'_>, name: &str) -> Result<bool> {
    match name {
        "get-stdin" => linked.func_wrap(name, |_, ()| Ok((Resource::<InputStream>::new_own(0),)))?,
        "get-stdout" => linked.func_wrap(name, |_, ()| Ok((Resource::<OutputStream>::new_own(STDOUT),)))?,
        "get-stderr" => linked.func_wrap(name, |_, ()| Ok((Resource::<OutputStream>::new_own(STDERR),)))?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn terminals(linked: &mut Linked<'_>, name: &str) -> Result<bool> {
    match name {
        "get-terminal-stdin" => linked.func_wrap(name, |_, ()| Ok((None::<Resource<TerminalInput>>,)))?,
        "get-terminal-stdout" | "get-terminal-stderr" => {
            linked.func_wrap(name, |_, ()| Ok((None::<Resource<TerminalOutput>>,)))?;
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// Nothing here is ever waited for: everything is ready at once.
fn poll(linked: &mut Linked<'_>, name: &str) -> Result<bool> {
    match name {
        "[method]pollable.ready" => linked.func_wrap(name, |_, (_,): (Resource<Pollable>,)| Ok((true,)))?,
        "[method]pollable.block" => linked.func_wrap(name, |_, (_,): (Resource<Pollable>,)| Ok(()))?,
        "poll" => linked.func_wrap(name, |_, (waiting,): (Vec<Resource<Pollable>>,)| {
            Ok(((0..u32::try_from(waiting.len())?).collect::<Vec<_>>(),))
        })?,
        _ => return Ok(false),
    }
    Ok(true)
}

type Wrote = Result<(), StreamError>;

fn output_stream(linked: &mut Linked<'_>, name: &str) -> Result<bool> {
    match name.trim_start_matches("[method]output-stream.") {
        "check-write" => {
            linked.func_wrap(name, |_, (_,): (Resource<OutputStream>,)| Ok((Ok::<_, StreamError>(WRITE_BYTES),)))?
        }
        "write" | "blocking-write-and-flush" => {
            linked.func_wrap(name, |store: Store<'_>, (stream, bytes): (Resource<OutputStream>, Vec<u8>)| {
                Ok((write(store, &stream, &bytes),))
            })?;
        }
        "write-zeroes" | "blocking-write-zeroes-and-flush" => {
            linked.func_wrap(name, |_, (_, _): (Resource<OutputStream>, u64)| Ok((Wrote::Ok(()),)))?;
        }
        "flush" | "blocking-flush" => {
            linked.func_wrap(name, |_, (_,): (Resource<OutputStream>,)| Ok((Wrote::Ok(()),)))?
        }
        "splice" | "blocking-splice" => {
            linked.func_wrap(name, |_, (_, _, _): (Resource<OutputStream>, Resource<InputStream>, u64)| {
                Ok((Err::<u64, _>(StreamError::Closed),))
            })?
        }
        "subscribe" => {
            linked.func_wrap(name, |_, (_,): (Resource<OutputStream>,)| Ok((Resource::<Pollable>::new_own(0),)))?
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn write(mut store: Store<'_>, stream: &Resource<OutputStream>, bytes: &[u8]) -> Wrote {
    match stream.rep() {
        STDERR => store.data_mut().lines.errors(bytes),
        _ => store.data_mut().lines.output(bytes),
    }
    Ok(())
}

fn input_stream(linked: &mut Linked<'_>, name: &str) -> Result<bool> {
    match name.trim_start_matches("[method]input-stream.") {
        "read" | "blocking-read" => linked
            .func_wrap(name, |_, (_, _): (Resource<InputStream>, u64)| Ok((Err::<Vec<u8>, _>(StreamError::Closed),)))?,
        "skip" | "blocking-skip" => {
            linked
                .func_wrap(name, |_, (_, _): (Resource<InputStream>, u64)| Ok((Err::<u64, _>(StreamError::Closed),)))?;
        }
        "subscribe" => {
            linked.func_wrap(name, |_, (_,): (Resource<InputStream>,)| Ok((Resource::<Pollable>::new_own(0),)))?
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn wall_clock(linked: &mut Linked<'_>, name: &str) -> Result<bool> {
    match name {
        "now" => linked.func_wrap(name, |store: Store<'_>, ()| {
            let seconds = u64::try_from(store.data().now.as_second()).unwrap_or(0);
            Ok((Datetime { seconds, nanoseconds: 0 },))
        })?,
        "resolution" => linked.func_wrap(name, |_, ()| Ok((Datetime { seconds: 1, nanoseconds: 0 },)))?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn monotonic_clock(linked: &mut Linked<'_>, name: &str) -> Result<bool> {
    match name {
        "now" => linked.func_wrap(name, |store: Store<'_>, ()| {
            Ok((u64::try_from(store.data().begun.elapsed().as_nanos()).unwrap_or(u64::MAX),))
        })?,
        "resolution" => linked.func_wrap(name, |_, ()| Ok((1_u64,)))?,
        // Nobody sleeps inside a call: the moment waited for is always there.
        "subscribe-instant" | "subscribe-duration" => {
            linked.func_wrap(name, |_, (_,): (u64,)| Ok((Resource::<Pollable>::new_own(0),)))?;
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn random(linked: &mut Linked<'_>, name: &str) -> Result<bool> {
    match name {
        "get-random-bytes" | "get-insecure-random-bytes" => {
            linked.func_wrap(name, |store: Store<'_>, (count,): (u64,)| {
                if count > RANDOM_BYTES {
                    bail!("the plugin asked for {count} random bytes at once, {RANDOM_BYTES} are allowed");
                }
                Ok((store.data().random.bytes(usize::try_from(count)?),))
            })?;
        }
        "get-random-u64" | "get-insecure-random-u64" => {
            linked.func_wrap(name, |store: Store<'_>, ()| Ok((store.data().random.number(),)))?;
        }
        "insecure-seed" => linked.func_wrap(name, |store: Store<'_>, ()| {
            let random = &store.data().random;
            Ok(((random.number(), random.number()),))
        })?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn files(linked: &mut Linked<'_>, name: &str) -> Result<bool> {
    match name {
        "get-directories" => linked.func_wrap(name, |_, ()| Ok((Vec::<(Resource<NeverGiven>, String)>::new(),)))?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn sockets(linked: &mut Linked<'_>, name: &str) -> Result<bool> {
    match name {
        "instance-network" => linked.func_wrap(name, |_, ()| Ok((Resource::<Network>::new_own(0),)))?,
        "create-tcp-socket" | "create-udp-socket" | "resolve-addresses" => {
            linked.func_new(name, |_, _, _, results| {
                let refused = Val::Result(Err(Some(Box::new(Val::Enum("access-denied".to_owned())))));
                results.iter_mut().for_each(|result| *result = refused.clone());
                Ok(())
            })?;
        }
        _ => return Ok(false),
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compilers_habits_are_linked_and_capabilities_are_not() {
        assert_eq!(interface("wasi:cli/stderr@0.2.6"), Some("cli/stderr"));
        assert_eq!(interface("wasi:http/outgoing-handler@0.2.6"), None);
        assert_eq!(interface("wasi:cli/stderr@0.3.0"), None);
        assert_eq!(interface("porchlight:plugin/log@0.1.0"), None);
    }
}
