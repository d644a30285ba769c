-- Files of rolls on their way, and what a roll asks in all. A file's pieces can be opened by the worker only.
SELECT core_secure(name) FROM unnest(ARRAY['billing_rollpiece', 'billing_rolltotal']) AS name;
-- Encrypted bytes don't get smaller.
ALTER TABLE billing_rollpiece ALTER COLUMN content SET STORAGE EXTERNAL;

SELECT core_open('billing_rollpiece', 'etax_worker', 'SELECT, INSERT, DELETE');
GRANT INSERT ON billing_rollpiece TO etax_office;
DROP POLICY IF EXISTS office_brings ON billing_rollpiece;
CREATE POLICY office_brings ON billing_rollpiece FOR INSERT TO etax_office
    WITH CHECK (EXISTS (SELECT FROM billing_levyroll r WHERE r.id = roll_id AND r.status = 'brought'));

SELECT core_open('billing_rolltotal', 'etax_worker', 'SELECT, INSERT, DELETE');
GRANT SELECT, DELETE ON billing_rolltotal TO etax_office;
DROP POLICY IF EXISTS office_own ON billing_rolltotal;
CREATE POLICY office_own ON billing_rolltotal TO etax_office
    USING (body_id = ANY ((SELECT accounts_session_bodies())::text[]));

-- Only the worker stages rows and names defects; the office withdraws.
REVOKE INSERT ON billing_rollrow, billing_rollproblem FROM etax_office;

-- The worker spreads a roll out in a table of its own, which ends with the connection.
DO $$
BEGIN
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO etax_worker', current_database());
END $$;
