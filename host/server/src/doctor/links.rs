//! Does every link of the widget lead somewhere?

use std::collections::BTreeMap;

use futures_util::{StreamExt, stream};
use percent_encoding::percent_decode_str;
use porchlight_egress::{Destination, EgressError, HeaderMap, Method, Request, Response, UrlRefused};
use porchlight_model::{
    contact::{EmailAddress, Phone},
    site::Site,
};

use super::{Doctor, Finding};
use crate::logs::chain;

const CHECK: &str = "links";

/// How many are asked for at once.
const AT_ONCE: usize = 8;

/// Looks at every link of a site, each address once.
pub async fn look(doctor: &Doctor, site: &Site) -> Vec<Finding> {
    let links = collected(site);
    let count = links.len();
    let looks = links.into_iter().map(|(href, place)| look_at(doctor, site, href, place));
    let mut found: Vec<Finding> =
        stream::iter(looks).buffer_unordered(AT_ONCE).filter_map(std::future::ready).collect().await;
    found.sort_by(|one, other| one.says.cmp(&other.says));
    if found.is_empty() {
        found.push(Finding::ok(CHECK, format!("all {count} of them lead somewhere")));
    }
    found
}

/// All addresses that the widget can lead to, with the first place of each in the site's files.
fn collected(site: &Site) -> BTreeMap<String, String> {
    let channels = site.channels.iter().map(|channel| (channel.href.clone(), format!("channel `{}`", channel.id)));
    let guides = site.guides.iter().map(|guide| (guide.url.clone(), format!("guide \"{}\"", guide.title)));
    let answers = site.answers.iter().flat_map(|answer| {
        let place = format!("answer `{}`, {}", answer.id, answer.locale.tag());
        answer.url.iter().cloned().chain(hrefs(&answer.html)).map(move |href| (href, place.clone()))
    });
    let mut links = BTreeMap::new();
    for (href, place) in channels.chain(guides).chain(answers) {
        // Where on a page something stands, nobody but a browser can look.
        let page = if href.starts_with("http") { href.split('#').next().unwrap_or_default().to_owned() } else { href };
        links.entry(page).or_insert(place);
    }
    links
}

/// The addresses that cleaned HTML links to: attributes stand in double quotes there, with characters escaped.
fn hrefs(html: &str) -> Vec<String> {
    let written = html.split(" href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let escaped =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", "\u{a0}"), ("&amp;", "&")];
    written.map(|href| escaped.iter().fold(href.to_owned(), |href, (from, to)| href.replace(from, to))).collect()
}

/// What is to be said of a link, if anything is.
async fn look_at(doctor: &Doctor, site: &Site, href: String, place: String) -> Option<Finding> {
    let (scheme, rest) = href.split_once(':').unwrap_or(("", &href));
    let told = match scheme {
        "http" | "https" => asked(doctor, &href).await,
        "tel" | "sms" => number(rest, site),
        "mailto" => mailbox(rest),
        // Whoever has the program has the link.
        "viber" => None,
        _ => on_page(doctor, site, &href).await,
    };
    let Told { leads, says, mend } = told?;
    let says = format!("`{href}` ({place}) {says}");
    Some(match leads {
        Leads::Nowhere => Finding::failed(CHECK, says, mend),
        Leads::Perhaps => Finding::warning(CHECK, says, mend),
    })
}

/// Where a link leads that does not clearly lead somewhere.
enum Leads {
    Nowhere,
    Perhaps,
}

struct Told {
    leads: Leads,
    says: String,
    mend: String,
}

fn nowhere(says: impl Into<String>, mend: &str) -> Option<Told> {
    Some(Told { leads: Leads::Nowhere, says: says.into(), mend: mend.to_owned() })
}

fn perhaps(says: impl Into<String>, mend: &str) -> Option<Told> {
    Some(Told { leads: Leads::Perhaps, says: says.into(), mend: mend.to_owned() })
}

fn number(written: &str, site: &Site) -> Option<Told> {
    let refused = Phone::parse(written, site.region.as_deref()).err()?;
    nowhere(format!("is no telephone number: {refused}"), "write it with its country code, `tel:+74954954941`")
}

fn mailbox(written: &str) -> Option<Told> {
    let address = percent_decode_str(written.split('?').next().unwrap_or_default()).decode_utf8_lossy();
    let refused = EmailAddress::parse(&address).err()?;
    nowhere(format!("is no e-mail address: {refused}"), "write `mailto:name@shop.example`")
}

/// A link that is read on the page where the widget stands.
async fn on_page(doctor: &Doctor, site: &Site, href: &str) -> Option<Told> {
    let mend = "write the whole address, `https://shop.example/…`: the hosted page is on another host than the site";
    match site.origins.iter().find(|origin| origin.starts_with("https://")) {
        Some(origin) if href.starts_with('/') => asked(doctor, &format!("{origin}{href}"))
            .await
            .or_else(|| perhaps("leads somewhere on the site alone", mend)),
        _ => perhaps("leads elsewhere on each page", mend),
    }
}

/// What is answered to a link, first without a body; not everybody knows how to answer that.
async fn asked(doctor: &Doctor, href: &str) -> Option<Told> {
    let way = match way(doctor, href) {
        Ok(way) => way,
        Err(UrlRefused::Insecure) => {
            return perhaps("is not `https:`, and was not looked at", "write `https:` where it is served so");
        }
        Err(refused) => {
            return nowhere(format!("cannot be asked for: {refused}"), "write the address that a browser shows there");
        }
    };
    let head = send(doctor, &way, Method::HEAD).await;
    let is_clear = matches!(&head, Ok(answer) if answer.status.is_success())
        || matches!(head, Err(EgressError::Redirected { .. }));
    answered(if is_clear { head } else { send(doctor, &way, Method::GET).await })
}

/// Where a link is asked for.
enum Way<'a> {
    /// A path of our own host.
    Own(&'a str),
    /// Out in the world.
    Out(Destination),
}

fn way<'a>(doctor: &Doctor, href: &'a str) -> Result<Way<'a>, UrlRefused> {
    let own = href.strip_prefix(doctor.own.url()).filter(|path| path.starts_with('/'));
    own.map_or_else(|| Destination::parse(href).map(Way::Out), |path| Ok(Way::Own(path)))
}

async fn send(doctor: &Doctor, way: &Way<'_>, method: Method) -> Result<Response, EgressError> {
    let (headers, body) = (HeaderMap::new(), bytes::Bytes::new());
    match way {
        Way::Own(path) => doctor.own.send(method, path, headers, body).await,
        Way::Out(destination) => {
            doctor.client.send(Request { method, destination: destination.clone(), headers, body }).await
        }
    }
}

fn answered(answer: Result<Response, EgressError>) -> Option<Told> {
    let gone = "write the address of a page that is there";
    let later = "look at it in a browser, and later again";
    match answer {
        // What is longer than anybody reads was found all the same.
        Ok(Response { status, .. }) if status.is_success() => None,
        Err(EgressError::TooLong { .. }) => None,
        Ok(Response { status, .. }) => match status.as_u16() {
            401 | 403 | 405 | 406 | 429 | 999 => {
                perhaps(format!("answers a program with {status}"), "look at it in a browser")
            }
            500.. => nowhere(format!("answers with {status}"), later),
            _ => nowhere(format!("answers with {status}"), gone),
        },
        Err(EgressError::Redirected { status }) => match status.as_u16() {
            301 | 308 => perhaps(format!("has moved for good ({status})"), "write the address that it leads to"),
            // "For now" is how the messengers lead into their programs.
            _ => None,
        },
        Err(error @ EgressError::TimedOut { .. }) => nowhere(format!("takes too long: {error}"), later),
        Err(error @ (EgressError::Refused(_) | EgressError::Insecure)) => {
            perhaps(format!("was not looked at: {}", chain(&error)), "look at it in a browser")
        }
        Err(error @ (EgressError::Unresolved(_) | EgressError::NoAddress)) => nowhere(chain(&error), gone),
        Err(error) => nowhere(format!("does not answer: {}", chain(&error)), later),
    }
}

#[cfg(test)]
mod tests {
    use porchlight_egress::StatusCode;

    use super::*;

    #[test]
    fn links_within_answers_are_found_as_they_were_written() {
        let html = "<p><a href=\"https://shop.example/?a=1&amp;b=2\" rel=\"noopener\">x</a> <b>href</b> \
                    <a href=\"/returns\">y</a></p>";
        assert_eq!(hrefs(html), ["https://shop.example/?a=1&b=2", "/returns"]);
    }

    #[test]
    fn answer_says_whether_a_link_leads_anywhere() {
        let answer = |status| {
            let status = StatusCode::from_u16(status).expect("a status");
            answered(Ok(Response { status, headers: HeaderMap::new(), body: "".into() }))
        };
        assert!(answer(200).is_none() && answer(204).is_none());
        for dead in [404, 410, 500, 503] {
            assert!(matches!(answer(dead), Some(Told { leads: Leads::Nowhere, .. })), "{dead}");
        }
        for unclear in [403, 429] {
            assert!(matches!(answer(unclear), Some(Told { leads: Leads::Perhaps, .. })), "{unclear}");
        }
        let moved = |status| answered(Err(EgressError::Redirected { status }));
        assert!(matches!(moved(StatusCode::MOVED_PERMANENTLY), Some(Told { leads: Leads::Perhaps, .. })));
        assert!(moved(StatusCode::FOUND).is_none());
        assert!(answered(Err(EgressError::TooLong { bytes: 1 })).is_none());
    }

    #[test]
    fn mailbox_is_read_without_what_is_to_be_written_there() {
        assert!(mailbox("help@shop.example?subject=Hello").is_none());
        assert!(mailbox("help%40shop.example").is_none());
        assert!(mailbox("help").is_some());
    }
}
