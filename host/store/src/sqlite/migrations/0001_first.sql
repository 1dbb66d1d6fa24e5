-- What one host keeps. Never edit this file: a change of the schema is a new file beside it.
--
-- Instants are integers: microseconds since 1970 in UTC. Ids and hashes are blobs, documents are JSON.
--
-- Erasing a person leaves nothing of them in the file. `secure_delete` zeroes what is deleted, but when SQLite rebalances
-- a b-tree page it may leave an old copy of a cell behind in the page's free space. Only overflow pages are never copied
-- about and are zeroed as a whole. Hence the `margin` column: a page of zeros that pushes every column after it, which may
-- name or describe a person, into overflow pages. Columns before it say nothing about anybody.

PRAGMA application_id = 1349481059; -- "Porc"

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

-- Requests. The document is the whole request; the columns before it are what is searched and compared.

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
    revision    INTEGER NOT NULL,
    margin      BLOB    NOT NULL DEFAULT (zeroblob(4096)),
    document    TEXT    NOT NULL
) STRICT;

CREATE INDEX requests_by_arrival ON requests (received_at);
CREATE INDEX requests_of_site_by_arrival ON requests (site, received_at);

-- Who holds a place in which callback slot.
CREATE TABLE bookings (
    request   BLOB    NOT NULL PRIMARY KEY REFERENCES requests (id) ON DELETE CASCADE,
    site      TEXT    NOT NULL,
    slot_from INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX bookings_by_slot ON bookings (site, slot_from);

-- Which submissions were made with which key. Clients choose keys, so only the SHA-256 of one is kept.
CREATE TABLE idempotency (
    site       TEXT    NOT NULL,
    key        BLOB    NOT NULL CHECK (length(key) = 32),
    body       BLOB    NOT NULL CHECK (length(body) = 32),
    request    BLOB    NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (site, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_by_request ON idempotency (request);
CREATE INDEX idempotency_by_expiry ON idempotency (expires_at);

CREATE TABLE links (
    hash       BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    site       TEXT    NOT NULL,
    request    BLOB    NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX links_by_request ON links (request);
CREATE INDEX links_by_expiry ON links (expires_at);

-- What plugins decided about a request: a JSON array for each transaction that they took part in.
CREATE TABLE provenance (
    number   INTEGER NOT NULL PRIMARY KEY,
    request  BLOB    NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
    margin   BLOB    NOT NULL DEFAULT (zeroblob(4096)),
    document TEXT    NOT NULL
) STRICT;

CREATE INDEX provenance_by_request ON provenance (request);

-- Outgoing deliveries. One that is sent keeps its id and times alone.
CREATE TABLE outbox (
    number        INTEGER NOT NULL PRIMARY KEY,
    id            BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    site          TEXT    NOT NULL,
    request       BLOB    REFERENCES requests (id) ON DELETE CASCADE,
    waiting_since INTEGER NOT NULL, -- when it was due first
    due_at        INTEGER NOT NULL, -- not to be tried before
    leased_until  INTEGER,          -- somebody is trying until then
    attempts      INTEGER NOT NULL, -- how often it was tried without success
    sent_at       INTEGER,
    margin        BLOB    NOT NULL DEFAULT (zeroblob(4096)),
    payload       TEXT,             -- none once it is sent
    last_error    TEXT,
    CHECK ((sent_at IS NULL) = (payload IS NOT NULL))
) STRICT;

CREATE INDEX outbox_by_request ON outbox (request);
CREATE INDEX outbox_waiting ON outbox (due_at) WHERE sent_at IS NULL;
CREATE INDEX outbox_waiting_since ON outbox (waiting_since) WHERE sent_at IS NULL;

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
