SELECT core_secure(name) FROM unnest(ARRAY['ledger_ledgeraccount', 'ledger_journalentry', 'ledger_posting']) AS name;

SELECT core_open(name, 'etax_worker', 'SELECT, INSERT') FROM unnest(ARRAY['ledger_journalentry', 'ledger_posting']) AS name;
SELECT core_open('ledger_ledgeraccount', 'etax_worker', 'SELECT');
-- The office's rows: office.sql.
GRANT SELECT, INSERT ON ledger_journalentry, ledger_posting TO etax_office;
GRANT SELECT ON ledger_ledgeraccount TO etax_office;

GRANT EXECUTE ON FUNCTION ledger_account(text, text, text), ledger_post_entry(text, text, date, timestamptz, jsonb)
    TO etax_office, etax_worker;
