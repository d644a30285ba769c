-- Money in suspense leaves it by decision of two officers of the city: it pays a bill, as of the moment when it came, or is
-- owed back to who sent it. And an attempt whose gateway says nothing any more is ended by two. Whatever the office's
-- process has become: nobody asks in another's name or decides about what they asked for.

SELECT core_secure(name), core_open(name, 'etax_worker', 'SELECT')
FROM unnest(ARRAY['payments_suspensecase', 'payments_forcedstate']) AS name;
GRANT SELECT ON payments_suspensecase, payments_forcedstate TO etax_office;
GRANT INSERT (payment_id, way, amount, bill_id, bank, number, holder, reason, status, asked_by_id, asked_at, decided_by_id,
              decided_at, assigned_id) ON payments_suspensecase TO etax_office;
GRANT INSERT (attempt_id, becomes, reason, status, asked_by_id, asked_at, decided_by_id, decided_at)
    ON payments_forcedstate TO etax_office;
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['payments_suspensecase', 'payments_forcedstate'] LOOP
        EXECUTE format('DROP POLICY IF EXISTS office_of_the_city ON %I', name);
        EXECUTE format('CREATE POLICY office_of_the_city ON %I FOR SELECT TO etax_office
            USING ((SELECT accounts_session_of_the_city()))', name);
        EXECUTE format('DROP POLICY IF EXISTS office_asks ON %I', name);
        EXECUTE format('CREATE POLICY office_asks ON %I FOR INSERT TO etax_office WITH CHECK (
            status = ''asked'' AND asked_by_id = (SELECT accounts_session_account()) AND decided_by_id IS NULL
            AND (SELECT accounts_session_of_the_city())
            AND ((SELECT accounts_session_has_role(''collector'')) OR (SELECT accounts_session_has_role(''treasurer''))))',
            name);
    END LOOP;
END $$;
-- Nobody asks for somebody's money to pay their own or a relative's bill.
DROP POLICY IF EXISTS office_not_own ON payments_suspensecase;
CREATE POLICY office_not_own ON payments_suspensecase AS RESTRICTIVE FOR INSERT TO etax_office WITH CHECK (
    bill_id IS NULL OR EXISTS (SELECT FROM billing_bill b WHERE b.id = bill_id
                               AND b.taxpayer_id <> ALL ((SELECT accounts_session_own_files())::bigint[])));

-- What is left in suspense of a payment; nothing of what a gateway paid out (`reconcile.sql`).
CREATE OR REPLACE FUNCTION payments_in_suspense(of_payment bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (
        SELECT CASE WHEN EXISTS (SELECT FROM payments_suspensecase c WHERE c.payment_id = p.id AND c.status = 'done')
                      OR EXISTS (SELECT FROM payments_payout o WHERE o.payment_id = p.id) THEN 0
            ELSE p.suspense - (SELECT coalesce(sum(r.suspense), 0) FROM payments_reversalpart r WHERE r.payment_id = p.id)
            END
        FROM payments_payment p WHERE p.id = of_payment);
END $$;
GRANT EXECUTE ON FUNCTION payments_in_suspense(bigint) TO etax_office, etax_worker;

-- Whoever may decide here: an approver of the city; the bill (if there is one) is neither theirs nor a relative's.
CREATE OR REPLACE FUNCTION payments_may_decide(asked_by bigint, of_bill bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT accounts_session_has_role('approver') AND accounts_session_of_the_city()
       AND asked_by <> accounts_session_account()
       AND NOT EXISTS (SELECT FROM billing_bill b
                       WHERE b.id = of_bill AND b.taxpayer_id = ANY (accounts_session_own_files()));
$$;

-- 'done', 'rejected'; 'stale': less is left of the money than was asked about, nothing was changed; NULL: not theirs to
-- decide, or decided already. Locks: the payment, then the bill. `facts`: {"reference", "currency", "language"}.
CREATE OR REPLACE FUNCTION payments_decide_suspense(
    wish bigint, granting boolean, facts jsonb, token_hash bytea, at timestamptz
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    decided payments_suspensecase%ROWTYPE;
    payment payments_payment%ROWTYPE;
    answer jsonb;
BEGIN
    SELECT p.* INTO payment FROM payments_suspensecase c JOIN payments_payment p ON p.id = c.payment_id
    WHERE c.id = wish FOR UPDATE OF p;
    SELECT * INTO decided FROM payments_suspensecase c WHERE c.id = wish FOR UPDATE;
    IF decided.id IS NULL OR decided.status <> 'asked' OR NOT payments_may_decide(decided.asked_by_id, decided.bill_id) THEN
        RETURN NULL;
    ELSIF NOT granting THEN
        UPDATE payments_suspensecase c
        SET status = 'rejected', decided_by_id = accounts_session_account(), decided_at = at WHERE c.id = wish;
        RETURN 'rejected';
    ELSIF payments_in_suspense(payment.id) <> decided.amount THEN
        RETURN 'stale';
    END IF;
    PERFORM payments_close_suspense(decided, at);
    IF decided.way = 'assign' THEN
        answer := payments_pay_directly(
            'suspense', facts || jsonb_build_object('payer', '', 'channel', CASE
                WHEN payment.gateway LIKE 'atm:%' THEN 'atm' WHEN payment.gateway LIKE 'counter:%' THEN 'counter' WHEN payment.kind = 'approval' THEN 'card'
                ELSE coalesce((SELECT l.channel FROM payments_bankline l
                               WHERE l.payment_id = payment.id ORDER BY l.id LIMIT 1), 'bank_transfer') END),
            jsonb_build_object('id', 'SUS-' || wish, 'kind', payment.kind, 'amount', decided.amount,
                               'currency', facts ->> 'currency', 'at', payment.approved_at),
            jsonb_build_array(jsonb_build_object('bill_id', decided.bill_id, 'amount', decided.amount)),
            token_hash, NULL, at);
        PERFORM core_publish('payments.suspense_assigned.v1', jsonb_build_object(
            'payment_id', payment.id, 'assigned_id', answer -> 'payment_id', 'bill_id', decided.bill_id,
            'amount', decided.amount));
    ELSE
        PERFORM core_publish('payments.suspense_to_return.v1', jsonb_build_object(
            'case_id', wish, 'payment_id', payment.id, 'amount', decided.amount));
    END IF;
    UPDATE payments_suspensecase c SET status = 'done', decided_by_id = accounts_session_account(), decided_at = at,
        assigned_id = (answer ->> 'payment_id')::bigint WHERE c.id = wish;
    RETURN 'done';
END $$;

-- Out of the city's suspense: to where the money came in, from which the bill takes it, or to what is to be paid back.
CREATE OR REPLACE FUNCTION payments_close_suspense(closed payments_suspensecase, at timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    city text;
BEGIN
    SELECT y.code INTO STRICT city FROM accounts_levyingbody y WHERE y.kind = 'city' ORDER BY y.code LIMIT 1;
    PERFORM ledger_post_entry('suspense_closed', 'suspense:' || (closed).id, billing_local_date(at), at, jsonb_build_array(
        jsonb_build_object('body', city, 'tax', 'unassigned', 'purpose', 'suspense', 'amount', (closed).amount),
        jsonb_build_object('body', city, 'tax', 'unassigned', 'amount', -(closed).amount, 'purpose',
                           CASE (closed).way WHEN 'assign' THEN 'clearing' ELSE 'refund_payable' END)));
END $$;

-- The payment under which the money of another stands: assigned money stands under the one that assigning made.
CREATE OR REPLACE FUNCTION payments_stands_as(of_payment bigint) RETURNS bigint
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce((SELECT c.assigned_id FROM payments_suspensecase c
                     WHERE c.payment_id = of_payment AND c.status = 'done'), of_payment);
$$;

-- What two officers decided about money in suspense is not undone by a bank's word alone.
CREATE OR REPLACE FUNCTION payments_refuse_decided() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM payments_payment p WHERE p.id = NEW.payment_id FOR UPDATE;
    IF EXISTS (SELECT FROM payments_suspensecase c WHERE c.payment_id = NEW.payment_id AND c.status = 'done')
       OR EXISTS (SELECT FROM payments_payout o WHERE o.payment_id = NEW.payment_id) THEN
        RAISE EXCEPTION 'payment % is no longer in suspense', NEW.payment_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_reversal_within_payment';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS refuse_decided ON payments_reversalpart;
CREATE TRIGGER refuse_decided AFTER INSERT ON payments_reversalpart
    FOR EACH ROW WHEN (NEW.suspense > 0) EXECUTE FUNCTION payments_refuse_decided();

-- As `payments_decide_suspense`; 'stale': the attempt has ended by itself.
CREATE OR REPLACE FUNCTION payments_decide_forcing(wish bigint, granting boolean, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    decided payments_forcedstate%ROWTYPE;
    attempt payments_attempt%ROWTYPE;
BEGIN
    SELECT a.* INTO attempt FROM payments_forcedstate f JOIN payments_attempt a ON a.id = f.attempt_id
    WHERE f.id = wish FOR NO KEY UPDATE OF a;
    SELECT * INTO decided FROM payments_forcedstate f WHERE f.id = wish FOR UPDATE;
    IF decided.id IS NULL OR decided.status <> 'asked' OR NOT payments_may_decide(decided.asked_by_id, NULL) THEN
        RETURN NULL;
    ELSIF granting AND attempt.status NOT IN ('created', 'waiting', 'confirming') THEN
        RETURN 'stale';
    END IF;
    UPDATE payments_forcedstate f
    SET status = CASE WHEN granting THEN 'done' ELSE 'rejected' END, decided_by_id = accounts_session_account(),
        decided_at = at WHERE f.id = wish;
    IF granting THEN
        UPDATE payments_attempt a SET status = decided.becomes, failure = 'forced', ask_at = NULL WHERE a.id = attempt.id;
    END IF;
    RETURN CASE WHEN granting THEN 'done' ELSE 'rejected' END;
END $$;

-- A message is looked at again by the worker, by the city's word; false: it is processed already, or not theirs to ask.
CREATE OR REPLACE FUNCTION payments_replay(of_message bigint, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT (accounts_session_of_the_city()
            AND (accounts_session_has_role('treasurer') OR accounts_session_has_role('administrator'))) THEN
        RETURN false;
    END IF;
    UPDATE payments_inboxmessage m SET verdict = 'received', ask_at = at, asks = 0
    WHERE m.id = of_message AND m.verdict <> 'processed' AND length(m.body) > 0;
    RETURN FOUND;
END $$;

GRANT EXECUTE ON FUNCTION payments_decide_suspense(bigint, boolean, jsonb, bytea, timestamptz),
    payments_decide_forcing(bigint, boolean, timestamptz), payments_replay(bigint, timestamptz) TO etax_office;
