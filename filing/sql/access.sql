-- Who may touch returns. Faces file by a function (file.sql) and read; the worker bills.
SELECT core_secure('filing_return');
SELECT core_kept('filing_return', 'id');
SELECT core_fixed('filing_return', name)
FROM unnest(ARRAY['taxpayer_id', 'body_id', 'kind', 'thing', 'inputs', 'due_on', 'filed_on', 'filed_at', 'filed_by_id',
                  'at_counter', 'key', 'said', 'amends_id']) AS name;
SELECT core_open('filing_return', 'etax_worker', 'SELECT, UPDATE');
GRANT SELECT ON filing_return TO etax_public, etax_office;
DROP POLICY IF EXISTS public_own ON filing_return;
CREATE POLICY public_own ON filing_return FOR SELECT TO etax_public
    USING (taxpayer_id = ANY ((SELECT accounts_session_taxpayers())::bigint[]));
DROP POLICY IF EXISTS office_own ON filing_return;
CREATE POLICY office_own ON filing_return FOR SELECT TO etax_office
    USING (body_id = ANY ((SELECT accounts_session_bodies())::text[]));
