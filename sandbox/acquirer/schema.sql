-- Accounts of people who agree to be debited.
CREATE TABLE IF NOT EXISTS payer_account (
    number TEXT PRIMARY KEY,
    behaviour TEXT NOT NULL,
    balance INTEGER NOT NULL CHECK (balance >= 0),
    closed INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE IF NOT EXISTS mandate (
    key TEXT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL CHECK (status IN ('READY', 'AGREED', 'ACTIVE', 'REFUSED', 'EXPIRED', 'ENDED')),
    bank TEXT NOT NULL,
    purpose TEXT NOT NULL,
    locale TEXT NOT NULL,
    success_url TEXT NOT NULL,
    fail_url TEXT NOT NULL,
    requested_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    account_number TEXT REFERENCES payer_account (number),
    holder TEXT,
    wrong_codes INTEGER NOT NULL DEFAULT 0,
    agreed_at INTEGER,
    activated_at INTEGER,
    ended_at INTEGER,
    ended_by TEXT CHECK (ended_by IN ('SHOP', 'HOLDER', 'BANK')),
    failure TEXT
);
CREATE INDEX IF NOT EXISTS mandate_open ON mandate (expires_at) WHERE status IN ('READY', 'AGREED');

CREATE TABLE IF NOT EXISTS payment (
    key TEXT PRIMARY KEY,
    order_id TEXT NOT NULL UNIQUE,
    order_name TEXT NOT NULL,
    method TEXT NOT NULL CHECK (method IN ('CARD', 'WALLET', 'CARRIER', 'VIRTUAL_ACCOUNT', 'CONVENIENCE_STORE',
                                           'DEBIT')),
    status TEXT NOT NULL CHECK (status IN ('READY', 'IN_PROGRESS', 'AUTHORIZED', 'PROCESSING', 'WAITING_FOR_DEPOSIT', 'DONE',
                                           'CANCELED', 'PARTIAL_CANCELED', 'ABORTED', 'EXPIRED')),
    currency TEXT NOT NULL,
    total INTEGER NOT NULL CHECK (total > 0),
    requested_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    approved_at INTEGER,
    failure TEXT,
    -- hosted page: card, wallet or phone bill
    capture TEXT NOT NULL DEFAULT 'auto' CHECK (capture IN ('auto', 'manual')),
    locale TEXT NOT NULL DEFAULT '',
    success_url TEXT NOT NULL DEFAULT '',
    fail_url TEXT NOT NULL DEFAULT '',
    telephone TEXT, -- where the card is typed on the keys of a telephone instead of a page
    card_number TEXT,
    behaviour TEXT,
    approve_no TEXT,
    wrong_codes INTEGER NOT NULL DEFAULT 0,
    approval_due REAL,
    -- virtual account; account_number is also the number for the till of a convenience store
    bank TEXT,
    account_number TEXT UNIQUE,
    customer_name TEXT,
    secret TEXT,
    closed INTEGER NOT NULL DEFAULT 0,
    refund_account TEXT,
    -- debit
    mandate_key TEXT REFERENCES mandate (key)
);
CREATE INDEX IF NOT EXISTS payment_open ON payment (expires_at)
    WHERE status IN ('READY', 'IN_PROGRESS', 'AUTHORIZED', 'WAITING_FOR_DEPOSIT');
CREATE INDEX IF NOT EXISTS payment_approval ON payment (approval_due) WHERE approval_due IS NOT NULL;

CREATE UNIQUE INDEX IF NOT EXISTS payment_telephone ON payment (telephone) WHERE status = 'READY';

CREATE TABLE IF NOT EXISTS movement (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    payment_key TEXT NOT NULL REFERENCES payment (key),
    kind TEXT NOT NULL CHECK (kind IN ('APPROVAL', 'DEPOSIT', 'CANCEL', 'DEPOSIT_RETURN', 'CHARGEBACK', 'REPRESENTMENT')),
    amount INTEGER NOT NULL CHECK (amount > 0),
    at INTEGER NOT NULL,
    status TEXT NOT NULL,
    original_key TEXT UNIQUE REFERENCES movement (key),
    depositor TEXT,
    reason TEXT
);
CREATE INDEX IF NOT EXISTS movement_of_payment ON movement (payment_key, seq);
CREATE INDEX IF NOT EXISTS movement_at ON movement (at, seq);

CREATE TABLE IF NOT EXISTS chargeback (
    key TEXT PRIMARY KEY REFERENCES movement (key),
    payment_key TEXT NOT NULL REFERENCES payment (key),
    respond_by INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('OPEN', 'REPRESENTED', 'WON', 'LOST')),
    statement TEXT,
    evidence TEXT NOT NULL DEFAULT '[]'
);

-- Accounts of people at other banks, of which only the holder's name is known.
CREATE TABLE IF NOT EXISTS account (
    bank TEXT NOT NULL,
    number TEXT NOT NULL,
    holder TEXT NOT NULL,
    PRIMARY KEY (bank, number)
);
