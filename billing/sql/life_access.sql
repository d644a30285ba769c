-- Who may touch what stands beside bills: credits, changes and what they did, dated facts, acts for everybody.
SELECT core_secure(name) FROM unnest(ARRAY[
    'billing_entitlement', 'billing_billcredit', 'billing_billchange', 'billing_billadjustment', 'billing_billreplacement',
    'billing_billfact', 'billing_instalment', 'billing_extension', 'billing_duemove', 'billing_paperrequest'
]) AS name;
SELECT core_append_only(name) FROM unnest(ARRAY[
    'billing_billcredit', 'billing_billadjustment', 'billing_billreplacement', 'billing_instalment', 'billing_duemove'
]) AS name;

SELECT core_open(name, 'etax_worker', 'SELECT, INSERT, UPDATE')
FROM unnest(ARRAY['billing_entitlement', 'billing_billchange', 'billing_billfact', 'billing_extension']) AS name;
SELECT core_open(name, 'etax_worker', 'SELECT, INSERT')
FROM unnest(ARRAY['billing_billcredit', 'billing_billadjustment', 'billing_billreplacement', 'billing_instalment',
                  'billing_duemove']) AS name;
SELECT core_open('billing_paperrequest', 'etax_worker', 'SELECT');

-- The office: what belongs to the bills that its staff may see. New bills and credits are made by the worker only.
GRANT SELECT, INSERT ON billing_billchange, billing_billfact TO etax_office; -- what may change: second_officer.sql
GRANT SELECT, INSERT ON billing_billadjustment, billing_instalment TO etax_office;
GRANT SELECT ON billing_billcredit, billing_billreplacement, billing_duemove TO etax_office;
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['billing_billfact', 'billing_billadjustment', 'billing_billcredit', 'billing_duemove'] LOOP
        EXECUTE format('DROP POLICY IF EXISTS office_own ON %I', name);
        EXECUTE format('CREATE POLICY office_own ON %I TO etax_office
            USING (EXISTS (SELECT FROM billing_bill b WHERE b.id = bill_id))', name);
    END LOOP;
END $$;
-- An officer asks and decides in no other officer's name.
DROP POLICY IF EXISTS office_reads ON billing_billchange;
CREATE POLICY office_reads ON billing_billchange FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM billing_bill b WHERE b.id = bill_id));
DROP POLICY IF EXISTS office_asks ON billing_billchange;
CREATE POLICY office_asks ON billing_billchange FOR INSERT TO etax_office WITH CHECK (
    asked_by_id = (SELECT accounts_session_account()) AND decided_by_id IS NULL
    AND EXISTS (SELECT FROM billing_bill b WHERE b.id = bill_id)
);
DROP POLICY IF EXISTS office_decides ON billing_billchange;
CREATE POLICY office_decides ON billing_billchange FOR UPDATE TO etax_office
    USING (EXISTS (SELECT FROM billing_bill b WHERE b.id = bill_id))
    WITH CHECK ((SELECT accounts_session_account()) = CASE WHEN needs_second THEN decided_by_id ELSE asked_by_id END);
DROP POLICY IF EXISTS office_own ON billing_billreplacement;
CREATE POLICY office_own ON billing_billreplacement FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM billing_bill b WHERE b.id = old_id));
DROP POLICY IF EXISTS office_own ON billing_instalment;
CREATE POLICY office_own ON billing_instalment TO etax_office
    USING (EXISTS (SELECT FROM billing_billfact f WHERE f.id = fact_id));
-- An act for everybody concerns everybody: all staff read it, the city's staff ask for it.
GRANT SELECT, INSERT ON billing_extension TO etax_office;
DROP POLICY IF EXISTS office_reads ON billing_extension;
CREATE POLICY office_reads ON billing_extension FOR SELECT TO etax_office USING (true);
DROP POLICY IF EXISTS city_asks ON billing_extension;
CREATE POLICY city_asks ON billing_extension FOR INSERT TO etax_office WITH CHECK (
    status = 'proposed' AND asked_by_id = (SELECT accounts_session_account())
    AND (SELECT accounts_session_of_the_city())
);
DROP POLICY IF EXISTS city_decides ON billing_extension;
CREATE POLICY city_decides ON billing_extension FOR UPDATE TO etax_office
    USING (status = 'proposed' AND (SELECT accounts_session_of_the_city()))
    WITH CHECK (decided_by_id = (SELECT accounts_session_account()));

-- The public face: what stands beside the bills that one may see, without the officers' names.
GRANT SELECT ON billing_billcredit, billing_billadjustment, billing_billreplacement, billing_instalment, billing_duemove
    TO etax_public;
GRANT SELECT (id, bill_id, kind, from_on, until_on, ended_on, change_id) ON billing_billfact TO etax_public;
GRANT SELECT (id, bill_id, kind, status, amount, details, reason, article, done_at) ON billing_billchange TO etax_public;
GRANT SELECT (id, nominal_from, nominal_to, taxes, bodies, due, article, reason_ko, reason_en, status, decided_at)
    ON billing_extension TO etax_public;
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['billing_billfact', 'billing_billadjustment', 'billing_billcredit', 'billing_duemove'] LOOP
        EXECUTE format('DROP POLICY IF EXISTS public_own ON %I', name);
        EXECUTE format('CREATE POLICY public_own ON %I FOR SELECT TO etax_public
            USING (EXISTS (SELECT FROM billing_bill b WHERE b.id = bill_id))', name);
    END LOOP;
END $$;
DROP POLICY IF EXISTS public_own ON billing_billchange;
CREATE POLICY public_own ON billing_billchange FOR SELECT TO etax_public
    USING (status = 'done' AND EXISTS (SELECT FROM billing_bill b WHERE b.id = bill_id));
DROP POLICY IF EXISTS public_own ON billing_billreplacement;
CREATE POLICY public_own ON billing_billreplacement FOR SELECT TO etax_public
    USING (EXISTS (SELECT FROM billing_bill b WHERE b.id = old_id));
DROP POLICY IF EXISTS public_own ON billing_instalment;
CREATE POLICY public_own ON billing_instalment FOR SELECT TO etax_public
    USING (EXISTS (SELECT FROM billing_billfact f WHERE f.id = fact_id));
DROP POLICY IF EXISTS public_reads ON billing_extension;
CREATE POLICY public_reads ON billing_extension FOR SELECT TO etax_public USING (status = 'done');

GRANT EXECUTE ON FUNCTION billing_due_moved(bigint, date), billing_running(bigint, date, date),
    billing_parts(bigint, bigint, bigint, date), billing_unpaid(bigint, bigint, date, date[], bigint[]),
    billing_surcharge_of_part(jsonb, bigint, bigint, date, date, date[], bigint[]),
    billing_late_by_day(bigint, bigint, date, date, date[], bigint[])
    TO etax_public, etax_office, etax_worker;
GRANT EXECUTE ON FUNCTION billing_grant_credit(billing_bill, date, timestamptz) TO etax_worker;
