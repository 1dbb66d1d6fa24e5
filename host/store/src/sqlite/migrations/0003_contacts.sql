-- Who left which request, and how old requests are. Never edit this file: a change of the schema is a new file beside it.

-- How a request's person can be reached, as a keyed hash (HMAC) of the e-mail address or telephone number. The host makes it
-- under keys that are not in this file: without one of them a row says nothing about anybody, so it needs no margin. `key` is
-- the id of the key, so that what lacks a hash under a new one is found.
CREATE TABLE contacts (
    hash    BLOB    NOT NULL CHECK (length(hash) IN (16, 32)),
    request INTEGER NOT NULL REFERENCES requests (number) ON DELETE CASCADE,
    key     INTEGER NOT NULL,
    PRIMARY KEY (hash, request)
) STRICT, WITHOUT ROWID;

CREATE INDEX contacts_by_request ON contacts (request, key);

-- What has been kept long enough is looked for from the oldest on.
CREATE INDEX requests_by_age ON requests (site, received_at);
