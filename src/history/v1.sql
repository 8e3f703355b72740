CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- what makes a session the same one, whatever its file is called
    content_sha256 TEXT NOT NULL UNIQUE,
    clip TEXT NOT NULL,
    -- the lifter's name in lower case; NULL when nobody was named
    lifter_key TEXT,
    lift TEXT NOT NULL,
    -- days since 1970-01-01: as said, else as filmed
    day INTEGER NOT NULL,
    filmed_on INTEGER NOT NULL,
    -- SetNotes as JSON, and which of its fields were written by hand later
    notes TEXT NOT NULL,
    edited TEXT NOT NULL,
    -- Measured as JSON
    measured TEXT NOT NULL,
    results TEXT
) STRICT;
-- apart from the sessions, so that a list need not pass over megabytes of reports
CREATE TABLE reports (
    session_id INTEGER PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
    report TEXT NOT NULL
) STRICT;
