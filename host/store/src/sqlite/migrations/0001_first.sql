-- What one host keeps. Never edit this file: a change of the schema is a new file beside it.
--
-- Instants are integers: microseconds since 1970 in UTC. Ids and hashes are blobs, documents are JSON.
--
-- Erasing a person leaves nothing of them in the file. `secure_delete` zeroes what is deleted, but when SQLite rebalances
-- a b-tree page it may leave an old copy of a cell behind in the page's free space. Only overflow pages are never copied
-- about and are zeroed as a whole. Hence the `margin` column of requests: zeros that push every column after it, which may
-- name or describe a person, into an overflow page. Columns before it, and all other tables, say nothing about anybody.
--
-- What belongs to a request names it by its number: rows that come together then lie together, and a commit touches few
-- pages. Only what outsiders name by chance (ids, references, keys) is spread over its index.

PRAGMA application_id = 1349281641; -- "Plgi"

-- Sites: every version applied, and which one is current. Equal content is kept once.

CREATE TABLE blobs (
    sha256  BLOB NOT NULL PRIMARY KEY CHECK (length(sha256) = 32),
    content BLOB NOT NULL
) STRICT;

CREATE TABLE site_versions (
    site       TEXT    NOT NULL,
    version    INTEGER NOT NULL CHECK (version >= 1),
    applied_at INTEGER NOT NULL,
    PRIMARY KEY (site, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE site_files (
    site    TEXT    NOT NULL,
    version INTEGER NOT NULL,
    path    TEXT    NOT NULL,
    sha256  BLOB    NOT NULL REFERENCES blobs (sha256),
    PRIMARY KEY (site, version, path),
    FOREIGN KEY (site, version) REFERENCES site_versions (site, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE sites (
    key     TEXT    NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    FOREIGN KEY (key, version) REFERENCES site_versions (site, version)
) STRICT, WITHOUT ROWID;

-- Requests, numbered as they came. The document is the whole request, and the columns before it are what is searched and
-- compared. Provenance is what plugins decided about it: an array for each transaction that they took part in.

CREATE TABLE requests (
    number      INTEGER NOT NULL PRIMARY KEY,
    id          BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    site        TEXT    NOT NULL,
    reference   TEXT    NOT NULL UNIQUE,
    kind        TEXT    NOT NULL,
    status      TEXT    NOT NULL,
    slot_from   INTEGER,
    slot_to     INTEGER,
    received_at INTEGER NOT NULL,
    due_at      INTEGER,          -- when there is something to note about what was promised
    revision    INTEGER NOT NULL,
    margin      BLOB    NOT NULL DEFAULT (zeroblob(4096)),
    document    TEXT    NOT NULL,
    provenance  TEXT    NOT NULL
) STRICT;

CREATE INDEX requests_of_site ON requests (site);
CREATE INDEX requests_due ON requests (site, due_at) WHERE due_at IS NOT NULL;

-- Who holds a place in which callback slot.
CREATE TABLE bookings (
    request   INTEGER NOT NULL PRIMARY KEY REFERENCES requests (number) ON DELETE CASCADE,
    site      TEXT    NOT NULL,
    slot_from INTEGER NOT NULL
) STRICT;

CREATE INDEX bookings_by_slot ON bookings (site, slot_from);

-- Which submissions were made with which key. Clients choose keys, so only a hash of site and key is kept.
CREATE TABLE idempotency (
    key        BLOB    NOT NULL PRIMARY KEY CHECK (length(key) = 32),
    body       BLOB    NOT NULL CHECK (length(body) = 32),
    request    INTEGER NOT NULL REFERENCES requests (number) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_by_request ON idempotency (request);

-- What is good once and was used: tokens of forms, proofs of work, mailed links. It says nothing about anybody.
--
-- Ordered by its end: what comes is appended, what has run out is cut off at the front, and no page in between is touched.
CREATE TABLE spent (
    expires_at INTEGER NOT NULL,
    hash       BLOB    NOT NULL CHECK (length(hash) = 16),
    used_at    INTEGER NOT NULL,
    PRIMARY KEY (expires_at, hash)
) STRICT, WITHOUT ROWID;

-- Outgoing deliveries. They name nobody: what they say is written when they are sent.
CREATE TABLE outbox (
    number        INTEGER NOT NULL PRIMARY KEY,
    id            BLOB    NOT NULL CHECK (length(id) = 16),
    site          TEXT    NOT NULL,
    request       INTEGER REFERENCES requests (number) ON DELETE CASCADE,
    waiting_since INTEGER NOT NULL, -- when it was due first
    due_at        INTEGER NOT NULL, -- not to be tried before
    leased_until  INTEGER,          -- somebody is trying until then
    attempts      INTEGER NOT NULL, -- how often it was tried without success
    sent_at       INTEGER,
    dead_at       INTEGER,          -- given up then
    payload       TEXT    NOT NULL,
    last_error    TEXT
) STRICT;

CREATE INDEX outbox_by_request ON outbox (request);
CREATE INDEX outbox_waiting ON outbox (due_at, waiting_since) WHERE sent_at IS NULL AND dead_at IS NULL;
CREATE INDEX outbox_dead ON outbox (dead_at) WHERE dead_at IS NOT NULL;
CREATE INDEX outbox_under_way ON outbox (id) WHERE leased_until IS NOT NULL;

-- Files of the widget; one without `superseded_at` is served now.
CREATE TABLE assets (
    path          TEXT    NOT NULL PRIMARY KEY,
    media_type    TEXT    NOT NULL,
    superseded_at INTEGER,
    content       BLOB    NOT NULL
) STRICT;

-- The one row that probes write.
CREATE TABLE probes (
    id    INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    count INTEGER NOT NULL
) STRICT;

INSERT INTO probes (id, count) VALUES (1, 0);
