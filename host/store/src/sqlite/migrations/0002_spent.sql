-- What is good for one request and was used up by one: tokens of forms, proofs of work. It says nothing about anybody.
--
-- Ordered by its end: what comes is appended, what has run out is cut off at the front, and no page in between is touched.
CREATE TABLE spent (
    expires_at INTEGER NOT NULL,
    hash       BLOB    NOT NULL CHECK (length(hash) = 16),
    PRIMARY KEY (expires_at, hash)
) STRICT, WITHOUT ROWID;
