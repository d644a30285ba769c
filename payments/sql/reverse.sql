-- Money that is taken back (수납 취소): everything that one movement of money out changes, in one round trip and one
-- transaction. Locks: the attempt, then its bills in the order of their keys, then the rest, as payments_settle does.

-- Never more than was paid, whoever writes the row.
CREATE OR REPLACE FUNCTION payments_check_reversed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM payments_payment p WHERE p.id = NEW.payment_id FOR UPDATE;
    IF (SELECT sum(r.amount) FROM payments_reversalpart r WHERE r.payment_id = NEW.payment_id)
       > (SELECT p.amount FROM payments_payment p WHERE p.id = NEW.payment_id) THEN
        RAISE EXCEPTION 'more than was paid would be taken back of payment %', NEW.payment_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_reversal_within_payment';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS check_reversed ON payments_reversalpart;
CREATE TRIGGER check_reversed AFTER INSERT ON payments_reversalpart
    FOR EACH ROW EXECUTE FUNCTION payments_check_reversed();

-- Of a reversal only its posting changes, once.
CREATE OR REPLACE FUNCTION payments_keep_reversal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.posted_at IS NOT NULL OR (OLD.gateway, OLD.movement_id) <> (NEW.gateway, NEW.movement_id) THEN
        RAISE EXCEPTION 'reversal % stays as it is', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS keep_reversal ON payments_reversal;
CREATE TRIGGER keep_reversal BEFORE UPDATE OR DELETE ON payments_reversal
    FOR EACH ROW EXECUTE FUNCTION payments_keep_reversal();

-- What is left of an attempt's money.
CREATE OR REPLACE FUNCTION payments_kept(of_attempt bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (SELECT coalesce(sum(p.amount - (
        SELECT coalesce(sum(r.amount), 0) FROM payments_reversalpart r WHERE r.payment_id = p.id)), 0)
        FROM payments_payment p WHERE p.attempt_id = of_attempt);
END $$;

-- The payments that a reversal speaks of, and what is left of each.
CREATE OR REPLACE FUNCTION payments_to_take_from(of_gateway text, of_reference text, of_movement text)
RETURNS TABLE (payment_id bigint, attempt_id bigint, approved_at timestamptz, kept bigint)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT p.id, p.attempt_id, p.approved_at,
           CASE WHEN p.suspense > 0 THEN payments_in_suspense(p.id) ELSE p.amount - (
               SELECT coalesce(sum(r.amount), 0) FROM payments_reversalpart r WHERE r.payment_id = p.id) END::bigint
    FROM (
        SELECT q.* FROM payments_payment o JOIN payments_payment q ON q.id = payments_stands_as(o.id)
        WHERE $3 <> '' AND o.gateway = of_gateway AND o.movement_id = $3
        UNION ALL
        SELECT q.* FROM payments_attempt a JOIN payments_payment q ON q.attempt_id = a.id
        WHERE $3 = '' AND a.reference = of_reference AND a.gateway = of_gateway
        UNION ALL
        SELECT q.* FROM payments_payment o JOIN payments_payment q ON q.id = payments_stands_as(o.id)
        WHERE $3 = '' AND o.suspense > 0 AND o.gateway = of_gateway AND o.reference = of_reference
    ) AS p;
END $$;

-- What judging a message about money taken back must know: {"known": it stands in the books, "kept": what is left of the
-- money that it speaks of}.
CREATE OR REPLACE FUNCTION payments_reversible(
    of_gateway text, of_reference text, of_movement text, reversing_movement text
) RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN jsonb_build_object(
        'known', EXISTS (SELECT FROM payments_reversal r WHERE r.gateway = of_gateway
                         AND r.movement_id = reversing_movement AND r.posted_at IS NOT NULL),
        'kept', (SELECT coalesce(sum(t.kept), 0) FROM payments_to_take_from(of_gateway, of_reference, of_movement) t));
END $$;

-- What the process that gateways and machines talk to may say of money taken back, whatever it has become: a message of that
-- source, stored and not judged yet, names it, and it is all that is left of the money; of a machine's, its own host took the
-- payment back just now. Banks' files, counters and what officers decided have another mouth. Everything else is the worker's,
-- which asks.
CREATE OR REPLACE FUNCTION payments_intake_may_reverse(
    of_gateway text, of_reference text, of_movement text, movement jsonb, of_message bigint
) RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    message payments_inboxmessage%ROWTYPE;
BEGIN
    SELECT * INTO message FROM payments_inboxmessage m WHERE m.id = of_message;
    IF message.gateway IS DISTINCT FROM of_gateway THEN
        RETURN false;
    ELSIF of_gateway LIKE 'atm:%' THEN -- its message is judged in the same transaction, with the machine's payment
        RETURN movement ->> 'kind' = 'reversal' AND movement ->> 'id' = of_movement || 'R'
           AND EXISTS (SELECT FROM payments_atmtransaction t WHERE t.gateway = of_gateway AND t.transaction = of_movement
                       AND t.state = 'reversed' AND t.changed_at >= now());
    END IF;
    RETURN of_gateway NOT LIKE '%:%' AND of_gateway <> 'suspense'
       AND movement ->> 'kind' IN ('cancel', 'deposit_return', 'chargeback')
       AND message.verdict = 'received'
       AND position(convert_to(movement ->> 'id', 'UTF8') IN message.body) > 0
       AND (of_reference = '' OR position(convert_to(of_reference, 'UTF8') IN message.body) > 0)
       AND (movement ->> 'amount')::bigint = (
           SELECT sum(t.kept) FROM payments_to_take_from(of_gateway, of_reference, of_movement) t);
END $$;

-- `movement`: {"id", "kind", "amount", "currency", "at"}. Answer: {"outcome": "reversed" | "remembered" | "repeated",
-- "reversal_id"}. More than is left of money that is here raises a check violation.
CREATE OR REPLACE FUNCTION payments_reverse(
    of_gateway text, of_reference text, of_movement text, movement jsonb, of_message bigint, at timestamptz
) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    reversal payments_reversal%ROWTYPE;
BEGIN
    IF (movement ->> 'at')::timestamptz NOT BETWEEN at - interval '10 years' AND at + interval '1 day' THEN
        RAISE EXCEPTION 'reversal %:% is of another age', of_gateway, movement ->> 'id' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM payments_lock_for_reversal(of_gateway, of_reference, of_movement);
    IF session_user = 'etax_intake'
       AND payments_intake_may_reverse(of_gateway, of_reference, of_movement, movement, of_message) IS NOT TRUE THEN
        RAISE EXCEPTION 'not what a message of % told: %', of_gateway, movement ->> 'id'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_reversal_told';
    END IF;
    INSERT INTO payments_reversal AS r
        (gateway, movement_id, reference, of_movement, message_id, kind, amount, currency, moved_at)
    VALUES (of_gateway, movement ->> 'id', of_reference, of_movement, of_message, movement ->> 'kind',
            (movement ->> 'amount')::bigint, movement ->> 'currency', (movement ->> 'at')::timestamptz)
    ON CONFLICT (gateway, movement_id) DO UPDATE SET -- what was only remembered is as it was told last
        reference = excluded.reference, of_movement = excluded.of_movement, amount = excluded.amount, kind = excluded.kind
        WHERE r.posted_at IS NULL
    RETURNING * INTO reversal;
    IF reversal.id IS NULL THEN
        SELECT * INTO STRICT reversal FROM payments_reversal r
        WHERE r.gateway = of_gateway AND r.movement_id = movement ->> 'id';
        PERFORM payments_judge(of_message, 'processed', '', reversal.reference, NULL);
        RETURN jsonb_build_object('outcome', 'repeated', 'reversal_id', reversal.id);
    END IF;
    IF payments_post_reversal(reversal.id, true, at) THEN
        PERFORM payments_judge(of_message, 'processed', '', of_reference, NULL);
        RETURN jsonb_build_object('outcome', 'reversed', 'reversal_id', reversal.id);
    END IF;
    PERFORM payments_judge(of_message, 'processed', 'its payment is not here yet', of_reference, NULL);
    RETURN jsonb_build_object('outcome', 'remembered', 'reversal_id', reversal.id);
END $$;

-- The lock under which money of an attempt comes and goes; its id.
CREATE OR REPLACE FUNCTION payments_lock_for_reversal(of_gateway text, of_reference text, of_movement text) RETURNS bigint
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    locked bigint;
BEGIN
    SELECT q.attempt_id INTO locked FROM payments_payment p JOIN payments_payment q ON q.id = payments_stands_as(p.id)
    WHERE p.gateway = of_gateway AND p.movement_id = of_movement AND of_movement <> '';
    SELECT a.id INTO locked FROM payments_attempt a
    WHERE a.id = locked OR locked IS NULL AND a.gateway = of_gateway AND a.reference = of_reference FOR NO KEY UPDATE;
    RETURN locked;
END $$;

-- Post a reversal if the money it takes back is here; false if it is not. `strict`: refuse what is more than is left.
CREATE OR REPLACE FUNCTION payments_post_reversal(of_reversal bigint, strict boolean, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    reversal payments_reversal%ROWTYPE;
    attempt payments_attempt%ROWTYPE;
    payment record;
    seen bigint;
    kept bigint;
    due bigint;
BEGIN
    SELECT * INTO STRICT reversal FROM payments_reversal r WHERE r.id = of_reversal;
    SELECT * INTO attempt FROM payments_attempt a WHERE a.id = payments_lock_for_reversal(
        reversal.gateway, reversal.reference, reversal.of_movement);
    SELECT * INTO STRICT reversal FROM payments_reversal r WHERE r.id = of_reversal FOR UPDATE;
    IF reversal.posted_at IS NOT NULL THEN
        RETURN true;
    END IF;
    SELECT count(*), coalesce(sum(t.kept), 0) INTO seen, kept
    FROM payments_to_take_from(reversal.gateway, reversal.reference, reversal.of_movement) t;
    IF kept < reversal.amount THEN
        IF strict AND seen > 0 AND (reversal.of_movement <> '' OR attempt.channel <> 'virtual_account') THEN
            RAISE EXCEPTION 'more than was paid would be taken back by %:%', reversal.gateway, reversal.movement_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_reversal_within_payment';
        END IF;
        UPDATE payments_attempt a SET ask_at = least(coalesce(a.ask_at, at), at) WHERE a.id = attempt.id;
        RETURN false;
    END IF;
    PERFORM payments_lock_bills(attempt.id);
    due := reversal.amount;
    FOR payment IN
        SELECT * FROM payments_to_take_from(reversal.gateway, reversal.reference, reversal.of_movement) t
        WHERE t.kept > 0 ORDER BY t.approved_at DESC, t.payment_id DESC
    LOOP
        EXIT WHEN due = 0;
        PERFORM payments_take_from(reversal, payment.payment_id, least(payment.kept, due), at);
        due := due - least(payment.kept, due);
    END LOOP;
    UPDATE payments_reversal r SET posted_at = at WHERE r.id = reversal.id;
    PERFORM payments_after_reversal(attempt, reversal, at);
    RETURN true;
END $$;

-- The bills of an attempt with those in their place, in the order of their keys.
CREATE OR REPLACE FUNCTION payments_lock_bills(of_attempt bigint) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    locked bigint[];
    bills bigint[];
BEGIN
    LOOP -- a bill may have been replaced while its lock was waited for
        SELECT array_agg(DISTINCT c.id ORDER BY c.id) INTO bills
        FROM payments_attemptitem i CROSS JOIN LATERAL unnest(billing_chain(i.bill_id)) AS c (id)
        WHERE i.attempt_id = of_attempt;
        EXIT WHEN bills IS NOT DISTINCT FROM locked;
        PERFORM FROM billing_bill b WHERE b.id = ANY (bills) ORDER BY b.id FOR UPDATE;
        locked := bills;
    END LOOP;
END $$;

-- Take a part of one payment out of its bills, or out of suspense: too much first, then the last bill that it paid. `of_bill`:
-- out of that one alone, or what stands in its place.
DROP FUNCTION IF EXISTS payments_take_from(payments_reversal, bigint, bigint, timestamptz);
CREATE OR REPLACE FUNCTION payments_take_from(
    reversal payments_reversal, of_payment bigint, part bigint, at timestamptz, of_bill bigint DEFAULT NULL
) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    payment payments_payment%ROWTYPE;
    label text;
    share record;
    answer jsonb;
    answers jsonb[] := '{}';
    sides jsonb := '[]';
    city text;
    applied bigint := 0;
    excess bigint := 0;
BEGIN
    SELECT * INTO STRICT payment FROM payments_payment p WHERE p.id = of_payment;
    label := payment.gateway || ':' || payment.movement_id;
    FOR share IN
        WITH units AS (
            SELECT i.bill_id, v.part, sum(v.part) OVER (ORDER BY v.stage, i.id DESC) AS up_to
            FROM payments_attemptitem i
            CROSS JOIN LATERAL billing_held(i.bill_id, label) AS h
            CROSS JOIN LATERAL (VALUES (1, h.excess), (2, h.applied)) AS v (stage, part)
            WHERE i.attempt_id = payment.attempt_id AND v.part > 0
        )
        SELECT u.bill_id,
               sum(least(u.part, greatest(payments_take_from.part - (u.up_to - u.part), 0)))::bigint AS amount
        FROM units u WHERE of_bill IS NULL AND u.up_to - u.part < payments_take_from.part GROUP BY u.bill_id
        UNION ALL SELECT of_bill, payments_take_from.part WHERE of_bill IS NOT NULL
        ORDER BY 1
    LOOP
        answer := billing_take_back(share.bill_id, label, share.amount, reversal.moved_at,
                                    'reversal:' || reversal.id || '/' || payment.id);
        answers := answers || answer;
        applied := applied + (answer ->> 'applied')::bigint;
        excess := excess + (answer ->> 'excess')::bigint;
        sides := sides || (answer -> 'postings') || jsonb_build_array(jsonb_build_object(
            'body', answer ->> 'body', 'tax', answer ->> 'tax', 'purpose', 'clearing', 'amount', -share.amount));
    END LOOP;
    IF payment.attempt_id IS NULL THEN
        SELECT y.code INTO STRICT city FROM accounts_levyingbody y WHERE y.kind = 'city' ORDER BY y.code LIMIT 1;
        sides := jsonb_build_array(
            jsonb_build_object('body', city, 'tax', 'unassigned', 'purpose', 'clearing', 'amount', -part),
            jsonb_build_object('body', city, 'tax', 'unassigned', 'purpose', 'suspense', 'amount', part));
    ELSIF applied + excess <> part THEN
        RAISE EXCEPTION 'payment % does not stand on its bills by %', payment.id, part USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO payments_reversalpart (reversal_id, payment_id, amount, applied, excess, suspense)
    VALUES (reversal.id, payment.id, part, applied, excess, CASE WHEN payment.attempt_id IS NULL THEN part ELSE 0 END);
    PERFORM ledger_post_entry(
        'payment_reversed', reversal.gateway || ':' || reversal.movement_id || '/' || payment.id,
        billing_local_date(reversal.moved_at), reversal.moved_at, sides);
    FOREACH answer IN ARRAY answers LOOP
        PERFORM payments_restate(reversal, payment.id, of.facts, at)
        FROM jsonb_array_elements(answer -> 'payments') AS of (facts);
    END LOOP;
    PERFORM core_publish('payments.reversed.v1', jsonb_build_object(
        'payment_id', payment.id, 'reversal_id', reversal.id, 'amount', part, 'excess', excess, 'kind', reversal.kind,
        'bill_ids', (SELECT coalesce(jsonb_agg(a -> 'bill_id'), '[]') FROM unnest(answers) AS a)));
    PERFORM core_audit('payment.reversed', 'payment:' || payment.id, NULL, (answers[1] ->> 'taxpayer_id')::bigint, '',
                       jsonb_build_object('reversal', reversal.id, 'kind', reversal.kind, 'amount', part), '', '');
    PERFORM core_append_leaf('reversal', reversal.gateway || ':' || reversal.movement_id, jsonb_build_object(
        'reversal', reversal.id, 'payment', payment.id, 'amount', part, 'applied', applied, 'excess', excess,
        'moved_at', reversal.moved_at));
END $$;

-- A payment no longer stands on a bill as its receipt says: that is annulled, and one about what is left takes its place.
CREATE OR REPLACE FUNCTION payments_restate(reversal payments_reversal, of_payment bigint, facts jsonb, at timestamptz)
RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    label text := facts ->> 'reference';
    stated record;
    token bytea;
BEGIN
    SELECT p.approved_at, p.movement_id, a.channel, a.payer INTO STRICT stated
    FROM generate_series(1, length(label)) AS n
    JOIN payments_payment p ON p.gateway = left(label, n - 1) AND p.movement_id = substr(label, n + 1)
    JOIN payments_attempt a ON a.id = p.attempt_id
    WHERE substr(label, n, 1) = ':';
    token := receipts_annul('payment', (facts ->> 'taxpayer_id')::bigint, label || '/' || (facts ->> 'bill_id'),
                            reversal.moved_at, reversal.kind);
    IF (facts ->> 'applied')::bigint > 0 THEN
        PERFORM receipts_request_document(
            'payment', (facts ->> 'taxpayer_id')::bigint,
            label || '/' || (facts ->> 'bill_id') || '/' || reversal.id || '.' || of_payment,
            payments_receipt_facts(facts, stated.channel, stated.approved_at,
                                   jsonb_build_object('id', stated.movement_id, 'currency', reversal.currency))
            || payments_payer_fact(stated.payer),
            at, token);
    END IF;
END $$;

-- What becomes of an attempt whose money went: nothing is left of it, or the account that the bank emptied is open again.
CREATE OR REPLACE FUNCTION payments_after_reversal(attempt payments_attempt, reversal payments_reversal, at timestamptz)
RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    kept bigint := payments_kept((attempt).id);
BEGIN
    IF (attempt).status <> 'paid' OR kept >= (attempt).amount THEN
        RETURN;
    ELSIF (reversal).kind = 'deposit_return' AND (attempt).expires_at > at THEN
        UPDATE payments_attempt a SET status = 'waiting', paid_at = NULL, ask_at = at + interval '1 hour'
        WHERE a.id = (attempt).id;
    ELSIF kept = 0 THEN
        UPDATE payments_attempt a SET status = 'cancelled', paid_at = NULL WHERE a.id = (attempt).id;
    END IF;
END $$;

-- Money came: what was remembered about it is posted now.
CREATE OR REPLACE FUNCTION payments_post_remembered(of_gateway text, of_reference text, of_movement text, at timestamptz)
RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    waiting bigint;
BEGIN
    FOR waiting IN
        SELECT r.id FROM payments_reversal r
        WHERE r.posted_at IS NULL AND r.gateway = of_gateway
          AND (r.of_movement = payments_post_remembered.of_movement OR r.of_movement = '' AND r.reference = of_reference)
        ORDER BY r.moved_at, r.id
    LOOP
        PERFORM payments_post_reversal(waiting, false, at);
    END LOOP;
END $$;

-- The same for everything that is remembered, where the payment and its reversal came at one moment; how many were posted.
CREATE OR REPLACE FUNCTION payments_post_all_remembered(at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    waiting bigint;
    posted bigint := 0;
BEGIN
    FOR waiting IN SELECT r.id FROM payments_reversal r WHERE r.posted_at IS NULL ORDER BY r.id LIMIT 200 LOOP
        BEGIN
            posted := posted + payments_post_reversal(waiting, false, at)::integer;
        EXCEPTION WHEN check_violation THEN -- its money was given to somebody by two officers: it keeps waiting for people
            CONTINUE;
        END;
    END LOOP;
    RETURN posted;
END $$;

SELECT core_secure(name) FROM unnest(ARRAY['payments_reversal', 'payments_reversalpart']) AS name;
SELECT core_append_only('payments_reversalpart');
SELECT core_open(name, 'etax_worker', 'SELECT') FROM unnest(ARRAY['payments_reversal', 'payments_reversalpart']) AS name;
GRANT SELECT ON payments_reversal, payments_reversalpart TO etax_office;
DROP POLICY IF EXISTS office_own ON payments_reversalpart;
CREATE POLICY office_own ON payments_reversalpart FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM payments_payment p WHERE p.id = payment_id));
DROP POLICY IF EXISTS office_own ON payments_reversal;
CREATE POLICY office_own ON payments_reversal FOR SELECT TO etax_office
    USING ((SELECT accounts_session_of_the_city())
           OR EXISTS (SELECT FROM payments_reversalpart t WHERE t.reversal_id = payments_reversal.id));

GRANT EXECUTE ON FUNCTION payments_reversible(text, text, text, text),
    payments_reverse(text, text, text, jsonb, bigint, timestamptz) TO etax_intake, etax_worker;
GRANT EXECUTE ON FUNCTION payments_post_all_remembered(timestamptz) TO etax_worker;
