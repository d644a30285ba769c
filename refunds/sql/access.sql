-- Who may touch refunds. Faces read, and act by functions (ask.sql, decide.sql); the worker finds, computes and pays.
SELECT core_secure(name) FROM unnest(ARRAY[
    'refunds_refund', 'refunds_part', 'refunds_loss', 'refunds_decision', 'refunds_setoff', 'refunds_donation',
    'refunds_leg', 'refunds_payee', 'refunds_question', 'refunds_notice', 'refunds_claim']) AS name;

SELECT core_open(name, 'etax_worker', 'SELECT, INSERT, UPDATE')
FROM unnest(ARRAY['refunds_refund', 'refunds_leg', 'refunds_payee']) AS name;
SELECT core_open(name, 'etax_worker', 'SELECT, INSERT')
FROM unnest(ARRAY['refunds_part', 'refunds_loss', 'refunds_decision', 'refunds_setoff', 'refunds_donation',
                  'refunds_notice']) AS name;
SELECT core_open('refunds_claim', 'etax_worker', 'SELECT, UPDATE');
SELECT core_open('refunds_question', 'etax_worker', 'SELECT, UPDATE, DELETE');

GRANT SELECT ON refunds_refund, refunds_part, refunds_loss, refunds_decision, refunds_setoff, refunds_donation, refunds_leg,
    refunds_payee, refunds_notice, refunds_claim TO etax_public, etax_office;

-- A citizen sees their own; the office what its body owes.
DROP POLICY IF EXISTS public_own ON refunds_refund;
CREATE POLICY public_own ON refunds_refund FOR SELECT TO etax_public
    USING (taxpayer_id = ANY ((SELECT accounts_session_taxpayers())::bigint[]));
DROP POLICY IF EXISTS office_own ON refunds_refund;
CREATE POLICY office_own ON refunds_refund FOR SELECT TO etax_office
    USING (body_id = ANY ((SELECT accounts_session_bodies())::text[]));
DROP POLICY IF EXISTS public_own ON refunds_payee;
CREATE POLICY public_own ON refunds_payee FOR SELECT TO etax_public
    USING (taxpayer_id = ANY ((SELECT accounts_session_taxpayers())::bigint[]));
DROP POLICY IF EXISTS office_own ON refunds_payee;
CREATE POLICY office_own ON refunds_payee FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM refunds_refund r WHERE r.taxpayer_id = refunds_payee.taxpayer_id));
DROP POLICY IF EXISTS public_own ON refunds_claim;
CREATE POLICY public_own ON refunds_claim FOR SELECT TO etax_public
    USING (taxpayer_id = ANY ((SELECT accounts_session_taxpayers())::bigint[]));
DROP POLICY IF EXISTS office_own ON refunds_claim;
CREATE POLICY office_own ON refunds_claim FOR SELECT TO etax_office
    USING (body_id = ANY ((SELECT accounts_session_bodies())::text[]));
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['refunds_part', 'refunds_loss', 'refunds_decision', 'refunds_setoff', 'refunds_donation',
                                'refunds_leg', 'refunds_notice'] LOOP
        EXECUTE format('DROP POLICY IF EXISTS with_refund ON %I', name);
        EXECUTE format('CREATE POLICY with_refund ON %I FOR SELECT TO etax_public, etax_office
            USING (EXISTS (SELECT FROM refunds_refund r WHERE r.id = refund_id))', name);
    END LOOP;
END $$;
