-- Who may touch payments. The public face makes attempts and is told about them; it settles nothing.
SELECT core_secure(name) FROM unnest(ARRAY[
    'payments_attempt', 'payments_attemptitem', 'payments_virtualaccount', 'payments_gatewaychannel',
    'payments_inboxmessage', 'payments_payment'
]) AS name;
SELECT core_append_only('payments_payment');

SELECT core_open(name, 'etax_worker', 'SELECT, INSERT, UPDATE')
FROM unnest(ARRAY['payments_attempt', 'payments_attemptitem', 'payments_virtualaccount', 'payments_inboxmessage']) AS name;
SELECT core_open('payments_payment', 'etax_worker', 'SELECT');
-- The office's rows: office.sql.
GRANT SELECT ON payments_attempt, payments_attemptitem, payments_virtualaccount, payments_inboxmessage, payments_payment
    TO etax_office;
SELECT core_open('payments_gatewaychannel', role, 'SELECT') FROM unnest(ARRAY['etax_public', 'etax_worker']) AS role;
GRANT SELECT, INSERT, UPDATE ON payments_gatewaychannel TO etax_office;

-- The public face: attempts of one's own session or account, for bills that one may see, at their very beginning.
GRANT SELECT ON payments_attempt, payments_attemptitem TO etax_public;
REVOKE INSERT ON payments_attempt, payments_attemptitem FROM etax_public;
GRANT INSERT (reference, channel, gateway, amount, status, account_id, session_mark, idempotency_key, language, token_hash, bank,
              gateway_key, page_url, failure, expires_at, created_at, paid_at, ask_at, asks) ON payments_attempt TO etax_public;
GRANT INSERT (attempt_id, bill_id, channel, amount, live) ON payments_attemptitem TO etax_public;
DROP POLICY IF EXISTS public_own ON payments_attempt;
CREATE POLICY public_own ON payments_attempt FOR SELECT TO etax_public USING (
    session_mark = (SELECT billing_session_mark()) OR account_id = (SELECT accounts_session_account())
);
DROP POLICY IF EXISTS public_begin ON payments_attempt;
CREATE POLICY public_begin ON payments_attempt FOR INSERT TO etax_public WITH CHECK (
    status = 'created' AND paid_at IS NULL AND session_mark = (SELECT billing_session_mark())
    AND account_id IS NOT DISTINCT FROM (SELECT accounts_session_account())
    AND created_at BETWEEN now() - interval '1 day' AND now() + interval '1 day'
    AND expires_at BETWEEN now() - interval '1 day' AND now() + interval '60 days'
    AND (ask_at IS NULL OR ask_at BETWEEN now() - interval '1 day' AND now() + interval '60 days')
);
DROP POLICY IF EXISTS public_own ON payments_attemptitem;
CREATE POLICY public_own ON payments_attemptitem FOR SELECT TO etax_public
    USING (EXISTS (SELECT FROM payments_attempt a WHERE a.id = attempt_id));
DROP POLICY IF EXISTS public_begin ON payments_attemptitem;
CREATE POLICY public_begin ON payments_attemptitem FOR INSERT TO etax_public WITH CHECK (
    EXISTS (SELECT FROM payments_attempt a WHERE a.id = attempt_id AND a.status = 'created')
    AND EXISTS (SELECT FROM billing_bill b WHERE b.id = bill_id)
);
GRANT EXECUTE ON FUNCTION payments_by_secret(text), payments_advance(text, text, text, jsonb) TO etax_public, etax_worker;

-- Intake stores, judges and posts; it reads no table.
GRANT EXECUTE ON FUNCTION payments_receive(text, text, bytea, jsonb),
    payments_judge(bigint, text, text, text, timestamptz), payments_order(text, text, text),
    payments_settle(text, bigint, bigint, jsonb, jsonb, bigint, timestamptz) TO etax_intake, etax_worker;
GRANT EXECUTE ON FUNCTION payments_suspend(text, text, jsonb, bigint, timestamptz) TO etax_worker;
