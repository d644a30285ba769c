-- Who may touch billing's tables.
SELECT core_secure(name) FROM unnest(ARRAY[
    'billing_taxtype', 'billing_datedtable', 'billing_holiday', 'billing_duedateoverride',
    'billing_levyroll', 'billing_rollrow', 'billing_rollproblem', 'billing_numberrange',
    'billing_bill', 'billing_billline', 'billing_billpayment', 'billing_billpaymentpart',
    'billing_sessionbill', 'billing_lookup'
]) AS name;
SELECT core_append_only(name) FROM unnest(ARRAY['billing_billpayment', 'billing_billpaymentpart', 'billing_billline']) AS name;

-- The city's data: everybody reads it, `load_city` writes it as the worker.
SELECT core_open(name, role, 'SELECT')
FROM unnest(ARRAY['billing_taxtype', 'billing_datedtable', 'billing_holiday', 'billing_duedateoverride']) AS name,
     unnest(ARRAY['etax_public', 'etax_office', 'etax_intake']) AS role;
SELECT core_open(name, 'etax_worker', 'SELECT, INSERT, UPDATE, DELETE')
FROM unnest(ARRAY['billing_taxtype', 'billing_datedtable', 'billing_holiday', 'billing_duedateoverride']) AS name;

-- Rolls: staff bring and approve their own office's, the city's staff all; the worker reads them and turns them into bills. A
-- withdrawn roll's rows are removed.
SELECT core_open('billing_levyroll', 'etax_worker', 'SELECT, INSERT, UPDATE');
SELECT core_open('billing_rollproblem', 'etax_worker', 'SELECT, INSERT');
SELECT core_open('billing_rollrow', 'etax_worker', 'SELECT, INSERT, UPDATE, DELETE');
GRANT SELECT, INSERT ON billing_levyroll TO etax_office; -- what of it may change: second_officer.sql
GRANT SELECT ON billing_rollproblem TO etax_office;
GRANT SELECT, DELETE ON billing_rollrow TO etax_office;
DROP POLICY IF EXISTS office_own ON billing_levyroll;
CREATE POLICY office_own ON billing_levyroll TO etax_office
    USING (office_id = ANY ((SELECT accounts_session_bodies())::text[]));
DROP POLICY IF EXISTS office_own ON billing_rollproblem;
CREATE POLICY office_own ON billing_rollproblem TO etax_office
    USING (EXISTS (SELECT FROM billing_levyroll r WHERE r.id = roll_id));
DROP POLICY IF EXISTS office_own ON billing_rollrow;
CREATE POLICY office_own ON billing_rollrow TO etax_office
    USING (body_id = ANY ((SELECT accounts_session_bodies())::text[]));
SELECT core_open('billing_numberrange', 'etax_worker', 'SELECT, INSERT, UPDATE');

-- Bills: made by the worker, seen by their office's staff, changed in state by both; lines and payments never change.
SELECT core_open('billing_bill', 'etax_worker', 'SELECT, INSERT, UPDATE');
GRANT USAGE ON SEQUENCE billing_bill_id_seq TO etax_worker; -- ids for a whole part of a roll at once
SELECT core_open(name, 'etax_worker', 'SELECT, INSERT')
FROM unnest(ARRAY['billing_billline', 'billing_billpayment', 'billing_billpaymentpart']) AS name;
GRANT SELECT ON billing_bill TO etax_office;
GRANT SELECT ON billing_billline, billing_billpayment, billing_billpaymentpart TO etax_office;
DROP POLICY IF EXISTS office_own ON billing_bill;
CREATE POLICY office_own ON billing_bill TO etax_office
    USING (body_id = ANY ((SELECT accounts_session_bodies())::text[]));
DROP POLICY IF EXISTS office_own ON billing_billline;
CREATE POLICY office_own ON billing_billline FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM billing_bill b WHERE b.id = bill_id));
DROP POLICY IF EXISTS office_own ON billing_billpayment;
CREATE POLICY office_own ON billing_billpayment FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM billing_bill b WHERE b.id = bill_id));
DROP POLICY IF EXISTS office_own ON billing_billpaymentpart;
CREATE POLICY office_own ON billing_billpaymentpart FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM billing_billline l WHERE l.id = line_id));

-- The public face: one's own bills, and those that this session found.
GRANT SELECT ON billing_bill, billing_billline, billing_billpayment, billing_billpaymentpart TO etax_public;
DROP POLICY IF EXISTS public_own ON billing_bill;
CREATE POLICY public_own ON billing_bill FOR SELECT TO etax_public USING (
    taxpayer_id = ANY ((SELECT accounts_session_taxpayers())::bigint[])
    OR id = ANY ((SELECT billing_session_bills())::bigint[])
);
DROP POLICY IF EXISTS public_own ON billing_billline;
CREATE POLICY public_own ON billing_billline FOR SELECT TO etax_public
    USING (EXISTS (SELECT FROM billing_bill b WHERE b.id = bill_id));
DROP POLICY IF EXISTS public_own ON billing_billpayment;
CREATE POLICY public_own ON billing_billpayment FOR SELECT TO etax_public
    USING (EXISTS (SELECT FROM billing_bill b WHERE b.id = bill_id));
DROP POLICY IF EXISTS public_own ON billing_billpaymentpart;
CREATE POLICY public_own ON billing_billpaymentpart FOR SELECT TO etax_public
    USING (EXISTS (SELECT FROM billing_billline l WHERE l.id = line_id));

GRANT EXECUTE ON FUNCTION billing_session_mark(), billing_session_bills()
    TO etax_public;
GRANT EXECUTE ON FUNCTION billing_local_date(timestamptz), billing_month_end(date, integer),
    billing_surcharge(bigint, bigint, date, date, date), billing_owed(bigint[], date)
    TO etax_public, etax_office, etax_worker;
GRANT EXECUTE ON FUNCTION billing_apply_payment(bigint, bigint, timestamptz, text),
    billing_payment_answer(billing_bill, billing_billpayment) TO etax_worker;
