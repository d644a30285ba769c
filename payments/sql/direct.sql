-- Money that came with its bills' numbers and without an attempt before it (ATM, counter, giro, a transfer that names a bill,
-- automatic debit): its attempt is written as already paid, and settled, in one round trip and one transaction.

-- `facts`: {"reference", "channel", "payer", "language"}; `movement` and `shares` as in payments_settle. A bill that does not
-- exist sends the whole movement to suspense; what a bill does not owe is its excess. Answer: that of payments_settle or
-- payments_suspend. The same movement again changes nothing.
CREATE OR REPLACE FUNCTION payments_pay_directly(
    of_gateway text, facts jsonb, movement jsonb, shares jsonb, token_hash bytea, of_message bigint, at timestamptz
) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    when_paid timestamptz := (movement ->> 'at')::timestamptz;
    answer jsonb;
    made bigint;
BEGIN
    -- The process that banks' machines talk to speaks for nobody else.
    IF session_user = 'etax_intake' AND (of_gateway NOT LIKE 'atm:%' OR facts ->> 'channel' <> 'atm') THEN
        RAISE EXCEPTION 'not money of an ATM: %', of_gateway USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- A tax claim is at most ten years old (Framework Act, article 39); no money comes from the future.
    IF when_paid NOT BETWEEN at - interval '10 years' AND at + interval '1 day' THEN
        RAISE EXCEPTION 'movement %:% is of another age', of_gateway, movement ->> 'id' USING ERRCODE = 'check_violation';
    END IF;
    answer := payments_known(of_gateway, movement ->> 'id', of_message);
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    IF jsonb_array_length(shares) = 0 OR EXISTS (
        SELECT FROM jsonb_to_recordset(shares) AS s(bill_id bigint)
        WHERE NOT EXISTS (SELECT FROM billing_bill b WHERE b.id = s.bill_id)
    ) THEN
        RETURN payments_suspend(of_gateway, facts ->> 'reference', movement, of_message, at);
    END IF;

    INSERT INTO payments_attempt (reference, channel, gateway, amount, status, session_mark, idempotency_key, language,
                                  token_hash, bank, gateway_key, page_url, failure, expires_at, created_at, paid_at, asks)
    VALUES (facts ->> 'reference', facts ->> 'channel', of_gateway, (movement ->> 'amount')::bigint, 'paid', of_gateway,
            movement ->> 'id', facts ->> 'language', payments_pay_directly.token_hash, '', '', '', '', when_paid,
            least(at, when_paid), when_paid, 0)
    ON CONFLICT (session_mark, idempotency_key) DO NOTHING RETURNING id INTO made;
    IF made IS NULL THEN -- the same movement, written by somebody else at this moment
        RETURN payments_known(of_gateway, movement ->> 'id', of_message);
    END IF;
    INSERT INTO payments_attemptitem (attempt_id, bill_id, channel, amount, live)
    SELECT made, s.bill_id, facts ->> 'channel', sum(s.amount), false
    FROM jsonb_to_recordset(shares) AS s(bill_id bigint, amount bigint) GROUP BY s.bill_id ORDER BY s.bill_id;
    answer := payments_settle(of_gateway, made, 0, movement, shares, of_message, at);
    IF facts ->> 'payer' <> '' THEN
        PERFORM core_audit('payment.brought', 'payment:' || (answer ->> 'payment_id'), NULL, NULL, '',
                           jsonb_build_object('payer', facts -> 'payer'), '', '');
    END IF;
    RETURN answer;
END $$;

-- The answer about a movement that stands in the books, its message concluded; NULL if it does not.
CREATE OR REPLACE FUNCTION payments_known(of_gateway text, of_movement text, of_message bigint) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    known payments_payment%ROWTYPE;
BEGIN
    SELECT * INTO known FROM payments_payment p WHERE p.gateway = of_gateway AND p.movement_id = of_movement;
    IF known.id IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM payments_judge(of_message, 'processed', CASE WHEN known.suspense > 0 THEN 'suspense' ELSE '' END,
                           known.reference, NULL);
    RETURN jsonb_build_object('outcome', 'repeated', 'payment_id', known.id);
END $$;

GRANT EXECUTE ON FUNCTION payments_pay_directly(text, jsonb, jsonb, jsonb, bytea, bigint, timestamptz)
    TO etax_intake, etax_worker;
