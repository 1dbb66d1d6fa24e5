//! Reads what `strace --follow-forks --decode-fds=path -xx` wrote.

use std::collections::HashMap;

/// A system call on a file or socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Its name, `fdatasync`.
    pub name: String,
    /// Path of the file, `socket:[81]` of a socket.
    pub file: String,
    /// The bytes handed over, all parts joined.
    pub bytes: Vec<u8>,
}

/// What happened at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A thread began a call.
    Begun(u32, Call),
    /// The call that a thread had begun came back with this.
    Ended(u32, Call, i64),
}

/// All moments, in the order in which they happened.
pub fn moments(trace: &str) -> impl Iterator<Item = Moment> {
    let mut begun: HashMap<u32, Call> = HashMap::new();
    trace.lines().flat_map(move |line| moments_of(line, &mut begun))
}

fn moments_of(line: &str, begun: &mut HashMap<u32, Call>) -> Vec<Moment> {
    let Some((thread, rest)) = line.trim_start().split_once(char::is_whitespace) else { return vec![] };
    let (Ok(thread), rest) = (thread.parse(), rest.trim_start()) else { return vec![] };
    if rest.starts_with("<...") {
        return begun
            .remove(&thread)
            .zip(result(rest))
            .map(|(call, result)| Moment::Ended(thread, call, result))
            .into_iter()
            .collect();
    }
    let Some(call) = call(rest) else { return vec![] };
    let begin = Moment::Begun(thread, call.clone());
    if rest.ends_with("<unfinished ...>") {
        begun.insert(thread, call);
        return vec![begin];
    }
    [Some(begin), result(rest).map(|result| Moment::Ended(thread, call, result))].into_iter().flatten().collect()
}

/// `fsync(10<\x2f\x74>, …`
fn call(text: &str) -> Option<Call> {
    let (name, arguments) = text.split_once('(')?;
    let (_, file) = arguments.split_once('<')?;
    let (file, rest) = file.split_once('>')?;
    let quoted = rest.split('"').skip(1).step_by(2);
    let file = String::from_utf8_lossy(&unescaped(file)).into_owned();
    Some(Call { name: name.to_owned(), file, bytes: quoted.flat_map(unescaped).collect() })
}

/// The number behind the last ` = `.
fn result(text: &str) -> Option<i64> {
    text.rsplit_once(" = ")?.1.split_whitespace().next()?.parse().ok()
}

/// `\x2f\x74` → `/t`
fn unescaped(text: &str) -> Vec<u8> {
    text.split("\\x").skip(1).filter_map(|digits| u8::from_str_radix(digits, 16).ok()).collect()
}

#[test]
fn call_that_other_threads_interrupt_is_read_as_one() {
    let trace = r#"7 pwrite64(10<\x2f\x61>, "\x00\x41", 2, 4120 <unfinished ...>
8 fsync(11<\x2f\x62>) = -1 EIO (Input/output error) (INJECTED)
7 <... pwrite64 resumed>)       = 2
9 +++ exited with 0 +++
8 writev(5<\x73>, [{iov_base="\x48", iov_len=1}, {iov_base="\x49", iov_len=1}], 2) = 2"#;
    let call = |name: &str, file: &str, bytes: &[u8]| Call {
        name: name.to_owned(),
        file: file.to_owned(),
        bytes: bytes.to_vec(),
    };
    let (write, sync, answer) = (call("pwrite64", "/a", b"\0A"), call("fsync", "/b", b""), call("writev", "s", b"HI"));
    let expected = [
        Moment::Begun(7, write.clone()),
        Moment::Begun(8, sync.clone()),
        Moment::Ended(8, sync, -1),
        Moment::Ended(7, write, 2),
        Moment::Begun(8, answer.clone()),
        Moment::Ended(8, answer, 2),
    ];
    assert_eq!(moments(trace).collect::<Vec<_>>(), expected);
}
