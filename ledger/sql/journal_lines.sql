-- What of an entry is sealed into the city's log (see core/sql/windows.sql): everything it says, with its postings and the
-- names of their accounts.
CREATE OR REPLACE VIEW ledger_journal_lines AS
SELECT e.id, e.written_in, e.recorded_at AS at,
       jsonb_build_array(
           e.id, e.kind, e.reference, e.business_date, core_moment(e.occurred_at), core_moment(e.recorded_at),
           (SELECT jsonb_agg(jsonb_build_array(p.id, a.body_id, a.tax, a.purpose, p.amount) ORDER BY p.id)
            FROM ledger_posting p JOIN ledger_ledgeraccount a ON a.id = p.account_id WHERE p.entry_id = e.id)
       )::text AS line
FROM ledger_journalentry e;
GRANT SELECT ON ledger_journal_lines TO etax_worker;
