-- What every gateway of the sandbox keeps besides its own books: callbacks that wait, and answers by idempotency key.
CREATE TABLE IF NOT EXISTS callback (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    event_type TEXT NOT NULL,
    order_id TEXT NOT NULL,
    transaction_key TEXT,
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed', 'dropped')),
    attempts INTEGER NOT NULL DEFAULT 0,
    last_status INTEGER,
    next_at REAL,
    held INTEGER NOT NULL DEFAULT 0,
    twice INTEGER NOT NULL DEFAULT 0,
    bad_signature INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS callback_waiting ON callback (next_at, seq) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS callback_order ON callback (order_id, seq);

CREATE TABLE IF NOT EXISTS answer (
    scope TEXT PRIMARY KEY,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS answer_at ON answer (at);
