-- Files that belong to conversations. Never edit this file: a change of the schema is a new file beside it.

-- A file; the document of its request says what it is called and what it is. While it belongs to no request it is on its way, or
-- was left behind. Numbers are never used again: what is still to be cleared is told by them.
CREATE TABLE attachments (
    number   INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id       BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    request  INTEGER REFERENCES requests (number) ON DELETE CASCADE,
    site     TEXT    NOT NULL,
    bytes    INTEGER NOT NULL,
    begun_at INTEGER NOT NULL
) STRICT;

CREATE INDEX attachments_by_request ON attachments (request) WHERE request IS NOT NULL;
CREATE INDEX attachments_of_nobody ON attachments (begun_at) WHERE request IS NULL;

-- Its content, which stands behind the margin, as 0001 explains for requests.
CREATE TABLE attachment_pieces (
    number     INTEGER NOT NULL PRIMARY KEY,
    attachment INTEGER NOT NULL,
    place      INTEGER NOT NULL,
    margin     BLOB    NOT NULL,
    content    BLOB    NOT NULL,
    UNIQUE (attachment, place)
) STRICT;

-- Files that are gone and whose pieces are still to be cleared, a few at a time: nobody waits for a large file to be overwritten.
CREATE TABLE attachment_leftovers (
    attachment INTEGER NOT NULL PRIMARY KEY
) STRICT;

-- Of these, the files whose pieces are cleared, until the log has been emptied since: before that, what was cleared may stand in the
-- database as it was.
CREATE TABLE attachment_cleared (
    attachment INTEGER NOT NULL PRIMARY KEY
) STRICT;

-- How many bytes the files of each site take together.
CREATE TABLE attachment_sums (
    site  TEXT    NOT NULL PRIMARY KEY,
    bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER attachment_begun AFTER INSERT ON attachments BEGIN
    INSERT INTO attachment_sums (site, bytes) VALUES (NEW.site, NEW.bytes)
    ON CONFLICT DO UPDATE SET bytes = bytes + NEW.bytes;
END;

CREATE TRIGGER attachment_gone AFTER DELETE ON attachments BEGIN
    UPDATE attachment_sums SET bytes = bytes - OLD.bytes WHERE site = OLD.site;
    INSERT INTO attachment_leftovers (attachment) VALUES (OLD.number);
END;
