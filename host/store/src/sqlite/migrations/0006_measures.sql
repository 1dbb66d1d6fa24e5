-- What is reported. Never edit this file: a change of the schema is a new file beside it.
--
-- Days are numbers: days since 1 January 1970 of the site's own calendar. Counts stand in bytes, so that a report reads few rows: pairs of
-- varints (LEB128), how many places lie between this one and the one before, and what is counted there. What each place of a tally
-- means stands in the model (`measure/tally.rs`).

-- What each request adds to its site's report, so that a change can take it away again. It says nothing of anybody.
CREATE TABLE measures (
    request INTEGER NOT NULL PRIMARY KEY REFERENCES requests (number) ON DELETE CASCADE,
    day     INTEGER NOT NULL,
    hour    INTEGER NOT NULL,
    channel TEXT    NOT NULL,
    form    TEXT    NOT NULL,
    concern TEXT    NOT NULL,
    topic   INTEGER NOT NULL, -- 0 where there is none
    counts  BLOB    NOT NULL
) STRICT;

-- Requests added up. These and all below stay when a request is erased. The tally of an hour begins at the place 256 times the hour.
CREATE TABLE tallies (
    site    TEXT    NOT NULL,
    day     INTEGER NOT NULL,
    channel TEXT    NOT NULL,
    form    TEXT    NOT NULL,
    counts  BLOB    NOT NULL,
    PRIMARY KEY (site, day, channel, form)
) STRICT, WITHOUT ROWID;

-- Topics, as plugins named them: not many, and never what may name somebody. The numbers of a site's begin with 1.
CREATE TABLE topics (
    site   TEXT    NOT NULL,
    topic  TEXT    NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (site, topic)
) STRICT, WITHOUT ROWID;

-- What requests were about. The place is four times the topic's number, and 0 for a question, 1 for a complaint, 2 for praise.
CREATE TABLE concerns (
    site   TEXT    NOT NULL,
    day    INTEGER NOT NULL,
    counts BLOB    NOT NULL,
    PRIMARY KEY (site, day)
) STRICT, WITHOUT ROWID;

-- Searches without result: how often which words, as a JSON object.
CREATE TABLE searches (
    site  TEXT    NOT NULL,
    day   INTEGER NOT NULL,
    words TEXT    NOT NULL,
    PRIMARY KEY (site, day)
) STRICT, WITHOUT ROWID;

-- What visitors said of answers.
CREATE TABLE feedback (
    site     TEXT    NOT NULL,
    day      INTEGER NOT NULL,
    answer   TEXT    NOT NULL,
    helped   INTEGER NOT NULL,
    unhelped INTEGER NOT NULL,
    PRIMARY KEY (site, day, answer)
) STRICT, WITHOUT ROWID;

-- Whether who is signed in is there to answer at once: as long as the session goes on.
ALTER TABLE sessions ADD COLUMN on_duty INTEGER NOT NULL DEFAULT 0;
