-- A movement on the city's account. `told`: the notice that holds it; `stated`: the statement that does.
CREATE TABLE IF NOT EXISTS movement (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    bank TEXT NOT NULL,
    reference TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('deposit', 'taken_back', 'transfer', 'came_back')),
    amount INTEGER NOT NULL CHECK (amount <> 0),
    number TEXT NOT NULL DEFAULT '',
    other TEXT NOT NULL DEFAULT '',
    words TEXT NOT NULL DEFAULT '',
    end_to_end TEXT NOT NULL DEFAULT '',
    at INTEGER NOT NULL,
    undoes TEXT UNIQUE REFERENCES movement (reference),
    told TEXT NOT NULL DEFAULT '',
    stated TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS movement_untold ON movement (bank, seq) WHERE told = '';
CREATE INDEX IF NOT EXISTS movement_unstated ON movement (bank, seq) WHERE stated = '';

-- A form that is sent twice transfers once.
CREATE TABLE IF NOT EXISTS form (token TEXT PRIMARY KEY, reference TEXT NOT NULL REFERENCES movement (reference));

-- A day that was ended, with the balances that its statement says.
CREATE TABLE IF NOT EXISTS statement (
    id TEXT PRIMARY KEY,
    bank TEXT NOT NULL,
    day TEXT NOT NULL,
    opening INTEGER NOT NULL,
    closing INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS statement_of_bank ON statement (bank, id);

-- Files for the city, in the order in which they are put into its folder; kept after that.
CREATE TABLE IF NOT EXISTS outgoing (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    bank TEXT NOT NULL,
    name TEXT NOT NULL UNIQUE,
    content BLOB NOT NULL,
    due REAL NOT NULL,
    dropped INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS outgoing_due ON outgoing (due) WHERE dropped = 0;

-- Messages of the city (pain.001), each carried out once.
CREATE TABLE IF NOT EXISTS message (
    bank TEXT NOT NULL,
    message_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    refused TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (bank, message_id)
);
CREATE TABLE IF NOT EXISTS transfer (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    bank TEXT NOT NULL,
    message_id TEXT NOT NULL,
    end_to_end TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    to_bank TEXT NOT NULL,
    to_account TEXT NOT NULL,
    holder TEXT NOT NULL,
    words TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('ACSC', 'RJCT', 'PDNG')),
    reason TEXT NOT NULL DEFAULT '',
    UNIQUE (bank, message_id, end_to_end),
    FOREIGN KEY (bank, message_id) REFERENCES message (bank, message_id)
);
