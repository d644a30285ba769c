CREATE TABLE IF NOT EXISTS payment (
    key TEXT PRIMARY KEY,
    -- several may be started for one order; only one of them is ever approved
    order_id TEXT NOT NULL,
    order_name TEXT NOT NULL,
    method TEXT NOT NULL CHECK (method IN ('카드', '가상계좌')),
    status TEXT NOT NULL CHECK (status IN ('READY', 'IN_PROGRESS', 'WAITING_FOR_DEPOSIT', 'DONE', 'CANCELED',
                                           'PARTIAL_CANCELED', 'ABORTED', 'EXPIRED')),
    total INTEGER NOT NULL CHECK (total > 0),
    tax_free INTEGER NOT NULL DEFAULT 0,
    requested_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    approved_at INTEGER,
    transaction_key TEXT,
    failure TEXT,
    -- card
    success_url TEXT NOT NULL DEFAULT '',
    fail_url TEXT NOT NULL DEFAULT '',
    card_number TEXT,
    behaviour TEXT,
    approve_no TEXT,
    wrong_codes INTEGER NOT NULL DEFAULT 0,
    approval_due REAL,
    -- virtual account; its number goes back into the pool when the account no longer waits
    bank TEXT,
    account_number TEXT,
    customer_name TEXT,
    depositor TEXT,
    secret TEXT
);
CREATE INDEX IF NOT EXISTS payment_order ON payment (order_id);
CREATE INDEX IF NOT EXISTS payment_account ON payment (account_number) WHERE account_number IS NOT NULL;
CREATE INDEX IF NOT EXISTS payment_open ON payment (expires_at) WHERE status IN ('READY', 'IN_PROGRESS');
CREATE INDEX IF NOT EXISTS payment_approval ON payment (approval_due) WHERE approval_due IS NOT NULL;

CREATE TABLE IF NOT EXISTS movement (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL,
    payment_key TEXT NOT NULL REFERENCES payment (key),
    kind TEXT NOT NULL CHECK (kind IN ('APPROVAL', 'DEPOSIT', 'CALL_OFF', 'CANCEL', 'DEPOSIT_RETURN')),
    amount INTEGER NOT NULL CHECK (amount > 0),
    at INTEGER NOT NULL,
    status TEXT NOT NULL,
    -- the number that the payer's bank gives a transfer, and the one that it took back
    transfer TEXT UNIQUE,
    taken_back TEXT UNIQUE REFERENCES movement (transfer),
    reason TEXT
);
CREATE INDEX IF NOT EXISTS movement_of_payment ON movement (payment_key, seq);
CREATE INDEX IF NOT EXISTS movement_at ON movement (at, seq);
