//! Agents: people of the business who answer, and what each of them may do.

mod password;
mod replies;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{contact::EmailAddress, submission::ProblemCode};

pub use password::{PasswordRefused, check_password};
pub use replies::{CannedReply, Rendered, ReplyId, Spoken, Variable, check_reply};

/// The most characters of an agent's name.
const NAME: usize = 100;

/// Identifies an agent. Random (UUID v4); it stands in events and in the audit log, and says nothing of who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct AgentId(pub Uuid);

/// A person of the business who answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    /// Its identity.
    pub id: AgentId,
    /// What it signs in by: of all agents of a host no two have the same, whatever their case.
    pub email: EmailAddress,
    /// How colleagues and requesters know it.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Where it may do so.
    pub reach: Reach,
}

/// What an agent may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Everything, at its sites.
    Owner,
    /// Answer, at its sites.
    Agent,
}

/// Which sites an agent is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// All that there are, and those to come.
    All,
    /// Those with these keys.
    Sites(Vec<String>),
}

/// Whether somebody is there to answer at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// They are.
    On,
    /// They are not.
    Off,
}

/// What can be done at a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// See requests and answer them, enter those that came by telephone, use canned replies.
    Answer,
    /// Write canned replies.
    WriteReplies,
    /// See who did what.
    SeeAudit,
    /// See how promises were kept.
    SeeReports,
    /// Erase requests.
    Erase,
    /// See, add and remove agents.
    ManageAgents,
}

impl Permission {
    /// Every permission.
    pub const ALL: [Self; 6] =
        [Self::Answer, Self::WriteReplies, Self::SeeAudit, Self::SeeReports, Self::Erase, Self::ManageAgents];
}

impl Role {
    /// The name used in JSON and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Agent => "agent",
        }
    }

    /// What a role may do: an owner everything, an agent what answering takes.
    pub fn may(self, permission: Permission) -> bool {
        match (self, permission) {
            (Self::Owner, _) | (Self::Agent, Permission::Answer) => true,
            (
                Self::Agent,
                Permission::WriteReplies
                | Permission::SeeAudit
                | Permission::SeeReports
                | Permission::Erase
                | Permission::ManageAgents,
            ) => false,
        }
    }
}

impl Reach {
    /// Whether a site is among them.
    pub fn includes(&self, site: &str) -> bool {
        match self {
            Self::All => true,
            Self::Sites(sites) => sites.iter().any(|known| known == site),
        }
    }

    /// Whether all sites of another reach are among them.
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::All, _) => true,
            (Self::Sites(_), Self::All) => false,
            (Self::Sites(_), Self::Sites(others)) => others.iter().all(|site| self.includes(site)),
        }
    }
}

impl Agent {
    /// Whether a site and what is left there is its business at all. What is not it does not hear of.
    pub fn knows(&self, site: &str) -> bool {
        self.reach.includes(site)
    }

    /// Whether it may do something at a site.
    pub fn may(&self, permission: Permission, site: &str) -> bool {
        self.knows(site) && self.role.may(permission)
    }

    /// Whether it may see, add and remove an agent of this reach: an owner whose sites include all of them.
    pub fn may_manage(&self, reach: &Reach) -> bool {
        self.role.may(Permission::ManageAgents) && self.reach.covers(reach)
    }
}

/// Whether two addresses are one sign-in name: their case makes no difference.
pub fn is_same_name(one: &str, other: &str) -> bool {
    sign_in_name(one) == sign_in_name(other)
}

/// A sign-in name in the form it is compared in.
pub fn sign_in_name(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Checks an agent's name: one line, with something to see, of 100 characters at most.
pub fn check_name(name: &str) -> Result<(), ProblemCode> {
    if name.trim().is_empty() {
        return Err(ProblemCode::Required);
    }
    if name.chars().nth(NAME).is_some() {
        return Err(ProblemCode::TooLong(NAME));
    }
    let unfit = |c: char| {
        c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if name.contains(unfit) { Err(ProblemCode::ControlCharacter) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agent(role: Role, reach: Reach) -> Agent {
        let email = EmailAddress::parse("vera@shop.example").expect("an address");
        Agent { id: AgentId(Uuid::nil()), email, name: "Вера".to_owned(), role, reach }
    }

    fn sites(keys: &[&str]) -> Reach {
        Reach::Sites(keys.iter().map(|key| (*key).to_owned()).collect())
    }

    #[test]
    fn owner_may_do_everything_at_its_sites_and_nothing_elsewhere() {
        let owner = agent(Role::Owner, sites(&["pet-shop"]));
        for permission in Permission::ALL {
            assert!(owner.may(permission, "pet-shop"), "{permission:?}");
            assert!(!owner.may(permission, "cinema"), "{permission:?}");
        }
        assert!(agent(Role::Owner, Reach::All).may(Permission::Erase, "a site to come"));
    }

    #[test]
    fn agent_may_answer_at_its_sites_and_nothing_more() {
        let agent = agent(Role::Agent, sites(&["pet-shop"]));
        let may: Vec<_> = Permission::ALL.into_iter().filter(|it| agent.may(*it, "pet-shop")).collect();
        assert_eq!(may, [Permission::Answer]);
        assert!(!agent.may(Permission::Answer, "cinema"));
        assert!(!agent.knows("cinema"));
    }

    #[test]
    fn owner_manages_those_whose_sites_are_all_its_own() {
        let owner = agent(Role::Owner, sites(&["pet-shop", "cinema"]));
        assert!(owner.may_manage(&sites(&["cinema"])));
        assert!(owner.may_manage(&sites(&["cinema", "pet-shop"])));
        assert!(!owner.may_manage(&sites(&["cinema", "bakery"])));
        assert!(!owner.may_manage(&Reach::All));
        assert!(agent(Role::Owner, Reach::All).may_manage(&Reach::All));
        assert!(!agent(Role::Agent, Reach::All).may_manage(&sites(&["cinema"])));
    }

    #[test]
    fn sign_in_name_is_the_same_in_capitals() {
        assert!(is_same_name("Vera@Shop.Example", " vera@shop.example"));
        assert!(!is_same_name("vera@shop.example", "vera+1@shop.example"));
    }

    #[test]
    fn name_is_one_line_with_something_to_see() {
        assert_eq!(check_name("Вера Ильина"), Ok(()));
        assert_eq!(check_name("  "), Err(ProblemCode::Required));
        assert_eq!(check_name(&"ж".repeat(101)), Err(ProblemCode::TooLong(100)));
        for name in ["Vera\nBcc: x", "Vera\0", "Ve\u{202e}ra"] {
            assert_eq!(check_name(name), Err(ProblemCode::ControlCharacter), "{name:?}");
        }
    }
}
