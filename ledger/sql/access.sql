SELECT core_secure(name) FROM unnest(ARRAY['ledger_ledgeraccount', 'ledger_journalentry', 'ledger_posting']) AS name;

SELECT core_open(name, 'etax_worker', 'SELECT, INSERT') FROM unnest(ARRAY['ledger_journalentry', 'ledger_posting']) AS name;
SELECT core_open('ledger_ledgeraccount', 'etax_worker', 'SELECT');
-- The office's rows: office.sql.
-- An officer writes no entry: what they decide is posted by functions of the apps above, with their owner's rights.
REVOKE INSERT ON ledger_journalentry, ledger_posting FROM etax_office;
GRANT SELECT ON ledger_journalentry, ledger_posting, ledger_ledgeraccount TO etax_office;

REVOKE EXECUTE ON FUNCTION ledger_account(text, text, text), ledger_post_entry(text, text, date, timestamptz, jsonb)
    FROM etax_office;
GRANT EXECUTE ON FUNCTION ledger_account(text, text, text), ledger_post_entry(text, text, date, timestamptz, jsonb)
    TO etax_worker;
