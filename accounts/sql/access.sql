SELECT core_secure(name) FROM unnest(ARRAY['accounts_account', 'accounts_levyingbody', 'accounts_taxpayer']) AS name;

SELECT core_open('accounts_account', 'etax_office', 'SELECT, INSERT, UPDATE');
SELECT core_open('accounts_account', 'etax_worker', 'SELECT, INSERT, UPDATE');
SELECT core_open('accounts_levyingbody', role, 'SELECT')
FROM unnest(ARRAY['etax_public', 'etax_office', 'etax_intake']) AS role;
SELECT core_open('accounts_levyingbody', 'etax_worker', 'SELECT, INSERT, UPDATE');
SELECT core_open('accounts_taxpayer', 'etax_office', 'SELECT, INSERT, UPDATE');
SELECT core_open('accounts_taxpayer', 'etax_worker', 'SELECT, INSERT, UPDATE');
GRANT SELECT ON accounts_taxpayer TO etax_public;
DROP POLICY IF EXISTS public_own ON accounts_taxpayer;
CREATE POLICY public_own ON accounts_taxpayer FOR SELECT TO etax_public
    USING (id = ANY ((SELECT accounts_session_taxpayers())::bigint[]));
