CREATE TABLE IF NOT EXISTS message (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    reference TEXT NOT NULL UNIQUE,
    sender TEXT NOT NULL,
    telephone TEXT NOT NULL,
    type TEXT NOT NULL CHECK (type IN ('SMS', 'LMS')),
    bytes INTEGER NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('ACCEPTED', 'DELIVERED', 'FAILED')),
    failure TEXT,
    accepted_at INTEGER NOT NULL,
    due_at REAL,
    completed_at INTEGER
);
CREATE INDEX IF NOT EXISTS message_due ON message (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS message_telephone ON message (telephone, seq);
