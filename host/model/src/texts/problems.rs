//! What is wrong with a field, as a sentence that says the mend.

use super::Texts;
use crate::submission::{Problem, ProblemCode};

impl Texts {
    /// What is wrong with a field, as a sentence that says the mend.
    pub fn problem(&self, problem: &Problem) -> String {
        match &problem.code {
            ProblemCode::Required => self.required(&problem.field),
            ProblemCode::TooLong(limit) => self.count("problem-too-long", *limit as u64),
            ProblemCode::TooMany(limit) => self.count("problem-too-many", *limit as u64),
            ProblemCode::PhoneTooShort(missing) => self.count("problem-phone-too-short", u64::from(*missing)),
            ProblemCode::Refused(message) => message.clone(),
            code => self.say(&format!("problem-{}", code.as_str())),
        }
    }

    fn required(&self, field: &str) -> String {
        self.say(match field {
            "phone" => "problem-required-phone",
            "email" => "problem-required-email",
            "slot" => "problem-required-slot",
            "text" => "problem-required-text",
            "file" => "problem-required-file",
            _ => "problem-required",
        })
    }
}
