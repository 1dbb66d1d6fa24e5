//! What of a mail becomes the text of an entry or a request.

use porchlight_delivery::inbox::{Attachment, Incoming};
use porchlight_model::{locale::Locale, submission, texts::Texts};

/// The most characters that are kept: as many as a form takes.
const CHARS: usize = 5_000;

/// The most characters of a name.
const NAME_CHARS: usize = 100;

/// What an answer says, with a note of what came with it, for a reader of this language. `None` where there is nothing to read.
pub fn of_entry(mail: &Incoming, reader: Locale) -> Option<String> {
    whole(mail.text.clone(), &mail.attachments, reader)
}

/// What a question says: its subject too, which is often half of it.
pub fn of_request(mail: &Incoming, reader: Locale) -> Option<String> {
    let subject = mail.subject.as_deref().filter(|subject| !mail.text.starts_with(*subject));
    let said: Vec<&str> = subject.into_iter().chain([mail.text.as_str()]).filter(|part| !part.is_empty()).collect();
    whole(said.join("\n\n"), &mail.attachments, reader)
}

/// How to address somebody, where a mail gives a name that is one.
pub fn name(written: &str) -> Option<String> {
    let fits = !written.trim().is_empty() && written.chars().count() <= NAME_CHARS && !written.contains('@');
    fits.then(|| written.to_owned())
}

fn whole(said: String, attachments: &[Attachment], reader: Locale) -> Option<String> {
    let texts = Texts::of(reader);
    let notes: Vec<String> = attachments.iter().map(|attachment| note(attachment, texts)).collect();
    let notes = notes.join("\n");
    let notes = shortened(&notes, CHARS / 4, texts);
    let left = CHARS - notes.chars().count() - 2;
    let parts = [shortened(&said, left, texts), notes];
    let text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
    submission::text(&text).ok()
}

fn note(attachment: &Attachment, texts: &Texts) -> String {
    let kilobytes = attachment.bytes.div_ceil(1_000).to_string();
    let name = attachment.name.clone().unwrap_or_else(|| texts.say("inbox-unnamed"));
    texts.say_with("inbox-attached", &[("name", &name), ("size", &kilobytes)])
}

/// A text that is too long, with a word at its end that it went on.
fn shortened(text: &str, most: usize, texts: &Texts) -> String {
    if text.chars().nth(most).is_none() {
        return text.to_owned();
    }
    let note = texts.say("inbox-shortened");
    let left = most.saturating_sub(note.chars().count() + 2);
    let kept: String = text.chars().take(left).collect();
    format!("{}\n\n{note}", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attached(name: Option<&str>, bytes: usize) -> Attachment {
        Attachment { name: name.map(str::to_owned), bytes, media: "image/png".to_owned(), content: vec![] }
    }

    fn mail(text: &str, attachments: Vec<Attachment>) -> Incoming {
        Incoming {
            message_id: None,
            from: None,
            recipients: vec![],
            subject: Some("Будка".to_owned()),
            automatic: None,
            text: text.to_owned(),
            attachments,
        }
    }

    #[test]
    fn what_came_with_a_mail_is_named_in_the_language_of_the_reader() {
        let photo = attached(Some("будка.jpg"), 28_100);
        let nameless = attached(None, 1);
        let mail = mail("Вот она.", vec![photo, nameless]);
        let said = of_entry(&mail, Locale::Ru).expect("a text");
        assert_eq!(
            said,
            "Вот она.\n\nПриложено к письму, здесь не хранится: будка.jpg, 29 КБ\n\
                          Приложено к письму, здесь не хранится: без имени, 1 КБ"
        );
        let english = of_entry(&mail, Locale::En).expect("a text");
        assert!(english.contains("Attached to the e-mail, not kept here: будка.jpg, 29 KB"), "{english}");
    }

    #[test]
    fn long_mail_is_kept_up_to_what_a_form_takes_and_says_so() {
        let files = vec![attached(Some(&"x".repeat(3_000)), 1)];
        for attachments in [vec![], files] {
            let said = of_entry(&mail(&"ё".repeat(20_000), attachments), Locale::En).expect("a text");
            let chars = said.chars().count();
            assert!((4_000..=CHARS).contains(&chars), "{chars}");
            assert!(said.contains("It went on; the rest is in the e-mail"), "{said}");
        }
    }

    #[test]
    fn subject_is_part_of_a_question_and_not_of_an_answer() {
        assert_eq!(of_request(&mail("Есть?", vec![]), Locale::Ru).as_deref(), Some("Будка\n\nЕсть?"));
        assert_eq!(of_request(&mail("Будка есть?", vec![]), Locale::Ru).as_deref(), Some("Будка есть?"));
        assert_eq!(of_request(&mail("", vec![]), Locale::Ru).as_deref(), Some("Будка"));
        assert_eq!(of_entry(&mail("Есть.", vec![]), Locale::Ru).as_deref(), Some("Есть."));
        assert_eq!(of_entry(&mail("", vec![]), Locale::Ru), None);
    }

    #[test]
    fn name_that_is_none_is_left_out() {
        assert_eq!(name("Анна Смирнова").as_deref(), Some("Анна Смирнова"));
        for other in ["", " ", "anna@example.com", &"x".repeat(101)] {
            assert_eq!(name(other), None, "{other}");
        }
    }
}
