-- The office's login and the books: an officer sees the accounts of the bodies whose affairs are theirs, and writes nothing.
DROP POLICY IF EXISTS office_own ON ledger_ledgeraccount;
CREATE POLICY office_own ON ledger_ledgeraccount FOR SELECT TO etax_office
    USING (body_id = ANY ((SELECT accounts_session_bodies())::text[]));
-- The accounts one may see are looked up once for a query, not for each posting.
DROP POLICY IF EXISTS office_own ON ledger_posting;
CREATE POLICY office_own ON ledger_posting FOR SELECT TO etax_office
    USING (account_id IN (SELECT a.id FROM ledger_ledgeraccount a));
DROP POLICY IF EXISTS office_own ON ledger_dailytotal;
CREATE POLICY office_own ON ledger_dailytotal FOR SELECT TO etax_office
    USING (account_id IN (SELECT a.id FROM ledger_ledgeraccount a));
-- An entry is seen with its postings.
DROP POLICY IF EXISTS office_reads ON ledger_journalentry;
CREATE POLICY office_reads ON ledger_journalentry FOR SELECT TO etax_office
    USING ((SELECT accounts_session_of_the_city())
           OR EXISTS (SELECT FROM ledger_posting p WHERE p.entry_id = ledger_journalentry.id));
DROP POLICY IF EXISTS office_reads ON ledger_rollupmark;
CREATE POLICY office_reads ON ledger_rollupmark FOR SELECT TO etax_office
    USING ((SELECT accounts_session_account()) IS NOT NULL);
