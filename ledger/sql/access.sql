SELECT core_secure(name) FROM unnest(ARRAY['ledger_ledgeraccount', 'ledger_journalentry', 'ledger_posting']) AS name;

SELECT core_open(name, role, 'SELECT, INSERT')
FROM unnest(ARRAY['ledger_journalentry', 'ledger_posting']) AS name,
     unnest(ARRAY['etax_office', 'etax_worker']) AS role;
SELECT core_open('ledger_ledgeraccount', role, 'SELECT') FROM unnest(ARRAY['etax_office', 'etax_worker']) AS role;

GRANT EXECUTE ON FUNCTION ledger_account(text, text, text), ledger_post_entry(text, text, date, timestamptz, jsonb)
    TO etax_office, etax_worker;
