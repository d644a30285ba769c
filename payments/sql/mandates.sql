-- Automatic debit: who may see and give leave to debit an account, and the steps that other faces than the worker's take.
SELECT core_secure(name) FROM unnest(ARRAY[
    'payments_mandate', 'payments_debit', 'payments_debittry', 'payments_debitletter'
]) AS name;
SELECT core_open(name, 'etax_worker', 'SELECT, INSERT, UPDATE') FROM unnest(ARRAY[
    'payments_mandate', 'payments_debit', 'payments_debittry', 'payments_debitletter'
]) AS name;

-- The public face: those of records that the session's person may see; a new one for such a record, at its very beginning.
GRANT SELECT ON payments_mandate, payments_debit, payments_debittry TO etax_public;
GRANT INSERT (reference, taxpayer_id, asked_by_id, asked_at, gateway, gateway_key, bank, account, language, status, page_url,
              began_on, ended_on, ended_by_id, end_reason, failure, ask_at, asks) ON payments_mandate TO etax_public;
DROP POLICY IF EXISTS public_own ON payments_mandate;
CREATE POLICY public_own ON payments_mandate FOR SELECT TO etax_public
    USING (taxpayer_id = ANY ((SELECT accounts_session_taxpayers())::bigint[]));
DROP POLICY IF EXISTS public_asks ON payments_mandate;
CREATE POLICY public_asks ON payments_mandate FOR INSERT TO etax_public WITH CHECK (
    status = 'asked' AND gateway_key = '' AND account = '' AND ended_by_id IS NULL AND end_reason = '' AND asks = 0
    AND asked_by_id = (SELECT accounts_session_account())
    AND taxpayer_id = ANY ((SELECT accounts_session_taxpayers())::bigint[])
    AND asked_at BETWEEN now() - interval '1 day' AND now() + interval '1 day'
    AND ask_at BETWEEN now() - interval '1 day' AND now() + interval '1 day'
);
DROP POLICY IF EXISTS public_own ON payments_debit;
CREATE POLICY public_own ON payments_debit FOR SELECT TO etax_public
    USING (EXISTS (SELECT FROM payments_mandate m WHERE m.id = mandate_id));
DROP POLICY IF EXISTS public_own ON payments_debittry;
CREATE POLICY public_own ON payments_debittry FOR SELECT TO etax_public
    USING (EXISTS (SELECT FROM payments_debit d WHERE d.id = debit_id));

-- The office: what it may see of the taxpayer and of the bill.
GRANT SELECT ON payments_mandate, payments_debit, payments_debittry, payments_debitletter TO etax_office;
DROP POLICY IF EXISTS office_own ON payments_mandate;
CREATE POLICY office_own ON payments_mandate FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM accounts_taxpayer t WHERE t.id = taxpayer_id));
DROP POLICY IF EXISTS office_own ON payments_debit;
CREATE POLICY office_own ON payments_debit FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM billing_bill b WHERE b.id = bill_id));
DROP POLICY IF EXISTS office_own ON payments_debittry;
CREATE POLICY office_own ON payments_debittry FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM payments_debit d WHERE d.id = debit_id));
DROP POLICY IF EXISTS office_own ON payments_debitletter;
CREATE POLICY office_own ON payments_debitletter FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM payments_mandate m WHERE m.id = mandate_id));

-- The steps of whoever gave it: the bank's page is known, or refused to be; back from that page; it shall end. Only the worker
-- learns from the bank that one is in force. `changes`: {"gateway_key", "page_url", "failure", "ask_at"}. Whether it moved.
CREATE OR REPLACE FUNCTION payments_step_mandate(of_reference text, old_status text, new_status text, changes jsonb)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (old_status, new_status) NOT IN (
        ('asked', 'asked'), ('asked', 'refused'), ('asked', 'confirming'), ('active', 'ending')
    ) THEN
        RAISE EXCEPTION 'no way from % to % here', old_status, new_status USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE payments_mandate m SET
        status = new_status,
        gateway_key = CASE WHEN m.gateway_key = '' THEN coalesce(changes ->> 'gateway_key', '') ELSE m.gateway_key END,
        page_url = coalesce(changes ->> 'page_url', m.page_url),
        failure = coalesce(changes ->> 'failure', m.failure),
        ended_by_id = CASE WHEN new_status = 'ending' THEN accounts_session_account() END,
        ask_at = CASE WHEN new_status = 'refused' THEN NULL
                 ELSE least(coalesce((changes ->> 'ask_at')::timestamptz, now()), now() + interval '1 day') END,
        asks = 0
    WHERE m.reference = of_reference AND m.status = old_status
      AND m.taxpayer_id = ANY (accounts_session_taxpayers());
    RETURN FOUND;
END $$;
GRANT EXECUTE ON FUNCTION payments_step_mandate(text, text, text, jsonb) TO etax_public;

-- An officer ends one because its taxpayer asked for it: a collector, of an office that deals with the taxpayer, and never in
-- their own or a relative's file. False: not theirs, or not in force.
CREATE OR REPLACE FUNCTION payments_end_mandate(of_mandate bigint, reason text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT accounts_session_has_role('collector') OR trim(reason) = '' THEN
        RETURN false;
    END IF;
    UPDATE payments_mandate m
    SET status = 'ending', ended_by_id = accounts_session_account(), end_reason = left(reason, 200), ask_at = at, asks = 0
    WHERE m.id = of_mandate AND m.status = 'active' AND m.taxpayer_id <> ALL (accounts_session_own_files())
      AND (accounts_session_of_the_city() OR EXISTS (
          SELECT FROM accounts_taxpayerbody d
          WHERE d.taxpayer_id = m.taxpayer_id AND d.body_id = ANY (accounts_session_bodies())));
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM core_publish('payments.mandate_to_end.v1', jsonb_build_object('mandate_id', of_mandate));
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION payments_end_mandate(bigint, text, timestamptz) TO etax_office;
