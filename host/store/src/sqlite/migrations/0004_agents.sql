-- The people who answer, and what they work with. Never edit this file: a change of the schema is a new file beside it.

-- Agents, numbered as they were added. Their names, addresses, password hashes and second factors stand behind the margin, as
-- 0001 explains for requests. There are few of them: who signs in is looked for among all.
CREATE TABLE agents (
    number      INTEGER NOT NULL PRIMARY KEY,
    id          BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    revision    INTEGER NOT NULL, -- of the credentials
    margin      BLOB    NOT NULL DEFAULT (zeroblob(4096)),
    document    TEXT    NOT NULL,
    credentials TEXT    NOT NULL
) STRICT;

-- Who is signed in. Of a token only its SHA-256 is kept: 256 random bits cannot be guessed back from it.
CREATE TABLE sessions (
    token      BLOB    NOT NULL PRIMARY KEY CHECK (length(token) = 32),
    agent      INTEGER NOT NULL REFERENCES agents (number) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_agent ON sessions (agent);

-- Who did what. Agents are named by their ids, requests by their numbers until they are erased.
CREATE TABLE audit (
    number  INTEGER NOT NULL PRIMARY KEY,
    at      INTEGER NOT NULL,
    agent   BLOB    NOT NULL CHECK (length(agent) = 16),
    site    TEXT,
    action  TEXT    NOT NULL,
    request INTEGER REFERENCES requests (number) ON DELETE SET NULL
) STRICT;

CREATE INDEX audit_of_site ON audit (site);
CREATE INDEX audit_by_time ON audit (at);
CREATE INDEX audit_by_request ON audit (request) WHERE request IS NOT NULL;

-- Canned replies, in the order they were written. They may name people of the business.
CREATE TABLE replies (
    number   INTEGER NOT NULL PRIMARY KEY,
    id       BLOB    NOT NULL CHECK (length(id) = 16),
    site     TEXT    NOT NULL,
    margin   BLOB    NOT NULL DEFAULT (zeroblob(4096)),
    document TEXT    NOT NULL,
    UNIQUE (site, id)
) STRICT;

-- What lists of requests are narrowed by, apart from the requests themselves: these rows are short and lie close together, and
-- say nothing of anybody.
CREATE TABLE worklist (
    request        INTEGER NOT NULL PRIMARY KEY REFERENCES requests (number) ON DELETE CASCADE,
    site           TEXT    NOT NULL,
    status         TEXT    NOT NULL,
    turn           TEXT,    -- whose it is, while the request is open
    promised_until INTEGER, -- while nobody has answered
    slot_from      INTEGER,
    assignee       BLOB
) STRICT;

CREATE INDEX worklist_of_site ON worklist (site);
CREATE INDEX worklist_by_status ON worklist (site, status);
CREATE INDEX worklist_by_turn ON worklist (site, turn) WHERE turn IS NOT NULL;
CREATE INDEX worklist_by_promise ON worklist (site, promised_until) WHERE promised_until IS NOT NULL;
CREATE INDEX worklist_by_slot ON worklist (site, slot_from) WHERE slot_from IS NOT NULL;
CREATE INDEX worklist_by_assignee ON worklist (site, assignee) WHERE assignee IS NOT NULL;

-- Of requests kept before, what their columns say; the rest comes with their next change.
INSERT INTO worklist (request, site, status, turn, slot_from)
SELECT number, site, status, CASE WHEN status IN ('resolved', 'cancelled') THEN NULL ELSE 'agent' END, slot_from
FROM requests;
