-- Banks' cash machines: what a message needs to know is read in the call that stores it, what it changes is written in
-- another, its answer with it, so that a repeat gets the same one. Granted to intake, which reads no table.
SELECT core_secure('payments_atmtransaction');
SELECT core_open('payments_atmtransaction', 'etax_worker', 'SELECT');

-- A name as a cash machine may show it: the first letter, and the last of three or more.
CREATE OR REPLACE FUNCTION payments_masked(name text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN length(name) < 3 THEN left(name, 1) || '*'
                ELSE left(name, 1) || repeat('*', length(name) - 2) || right(name, 1) END;
$$;

-- What a bill owes on the city's day of a moment, surcharge included.
CREATE OR REPLACE FUNCTION payments_owed_then(of_bill bigint, moment timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (SELECT coalesce(sum(greatest(o.amount - o.tax_paid, 0) + greatest(o.surcharge - o.surcharge_paid, 0)), 0)
            FROM billing_owed(ARRAY[of_bill], billing_local_date(moment)) AS o);
END $$;

-- {"id", "in_force", "owed", "payer", "number", "due_on", "year", "term", "tax"} of the bill with a number, or NULL.
CREATE OR REPLACE FUNCTION payments_atm_bill(epay text, moment timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (SELECT jsonb_build_object(
        'id', b.id, 'in_force', b.status = 'issued', 'owed', payments_owed_then(b.id, moment),
        'payer', payments_masked(p.name), 'number', b.epay_number, 'due_on', b.due_on, 'year', b.tax_year, 'term', b.term,
        'tax', t.name_ko)
    FROM billing_bill b
    JOIN accounts_taxpayer p ON p.id = b.taxpayer_id
    JOIN billing_taxtype t ON t.code = b.tax_id
    WHERE b.epay_number = epay);
END $$;

-- Bills of a payer that owe something, by due date; as above.
CREATE OR REPLACE FUNCTION payments_atm_bills(of_taxpayer bigint, moment timestamptz, skip integer, many integer) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (SELECT coalesce(jsonb_agg(payments_atm_bill(found.epay_number, moment) ORDER BY found.due_on, found.id), '[]')
            FROM (SELECT b.id, b.due_on, b.epay_number FROM billing_bill b
                  WHERE b.taxpayer_id = of_taxpayer AND b.status = 'issued' AND payments_owed_then(b.id, moment) > 0
                  ORDER BY b.due_on, b.id OFFSET skip LIMIT many) AS found);
END $$;

-- Store a money message as it came, and read what deciding about it takes:
-- {"message_id", "known": {"state", "answer"} | null, "bill": as above | null}.
CREATE OR REPLACE FUNCTION payments_atm_receive(
    of_gateway text, digest text, body bytea, of_transaction text, epay text, moment timestamptz
) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN jsonb_build_object(
        'message_id', payments_receive(of_gateway, digest, body, '{}'),
        'known', payments_atm_known(of_gateway, of_transaction),
        'bill', CASE WHEN epay <> '' THEN payments_atm_bill(epay, moment) END);
END $$;

CREATE OR REPLACE FUNCTION payments_atm_known(of_gateway text, of_transaction text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (SELECT jsonb_build_object('state', t.state, 'answer', t.answer) FROM payments_atmtransaction t
            WHERE t.gateway = of_gateway AND t.transaction = of_transaction);
END $$;

-- Post a payment, its answer with it. `exact`: a request, which may not pay more than is owed; an advice may, and replaces
-- a no of ours. Answer: {"outcome": "known", "state", "answer"} if this payment was decided meanwhile, else that of
-- payments_pay_directly. Error 40001: the bill owes something else by now, nothing is written, decide again.
CREATE OR REPLACE FUNCTION payments_atm_pay(
    of_gateway text, facts jsonb, movement jsonb, shares jsonb, token_hash bytea, of_message bigint, at timestamptz,
    exact boolean, answer jsonb
) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine bigint;
    paid jsonb;
BEGIN
    INSERT INTO payments_atmtransaction AS t (gateway, transaction, state, answer)
    VALUES (of_gateway, movement ->> 'id', 'paid', payments_atm_pay.answer)
    ON CONFLICT (gateway, transaction) DO UPDATE SET state = 'paid', answer = excluded.answer, changed_at = now()
        WHERE NOT exact AND t.state = 'declined'
    RETURNING t.id INTO mine;
    IF mine IS NULL THEN
        PERFORM payments_judge(of_message, 'processed', '', movement ->> 'id', NULL);
        RETURN payments_atm_known(of_gateway, movement ->> 'id') || '{"outcome": "known"}';
    END IF;
    paid := payments_pay_directly(of_gateway, facts, movement, shares, token_hash, of_message, at);
    IF exact AND (paid ->> 'outcome' <> 'settled' OR (paid ->> 'excess')::bigint > 0) THEN
        RAISE EXCEPTION 'the bill owes something else by now' USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN paid;
END $$;

-- Keep a no, so that a repeat gets it too. Answer: {"state", "answer"} as they stand then: the first answer stays, and one
-- that only a reversal came for gets this one.
CREATE OR REPLACE FUNCTION payments_atm_decline(of_gateway text, of_transaction text, answer jsonb, of_message bigint)
RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO payments_atmtransaction AS t (gateway, transaction, state, answer)
    VALUES (of_gateway, of_transaction, 'declined', payments_atm_decline.answer)
    ON CONFLICT (gateway, transaction) DO UPDATE SET answer = excluded.answer, changed_at = now() WHERE t.answer IS NULL;
    PERFORM payments_judge(of_message, 'processed', 'declined ' || (payments_atm_decline.answer ->> 'code'),
                           of_transaction, NULL);
    RETURN payments_atm_known(of_gateway, of_transaction);
END $$;

-- A bank takes a payment back. Answer: what it was before: 'paid' (the caller reverses the money in the same transaction),
-- 'declined', 'reversed', 'withdrawn', or 'none', which is remembered for when it comes. 'another': it was paid with another
-- amount, nothing is changed, people look at the message.
CREATE OR REPLACE FUNCTION payments_atm_withdraw(of_gateway text, of_transaction text, amount bigint, of_message bigint)
RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    before text := 'none';
    made bigint;
BEGIN
    INSERT INTO payments_atmtransaction (gateway, transaction, state) VALUES (of_gateway, of_transaction, 'withdrawn')
    ON CONFLICT (gateway, transaction) DO NOTHING RETURNING id INTO made;
    IF made IS NULL THEN
        SELECT t.state INTO STRICT before FROM payments_atmtransaction t
        WHERE t.gateway = of_gateway AND t.transaction = of_transaction FOR UPDATE;
        IF before = 'paid' AND NOT EXISTS (
            SELECT FROM payments_payment p WHERE p.gateway = of_gateway AND p.movement_id = of_transaction
            AND p.amount = payments_atm_withdraw.amount
        ) THEN
            PERFORM payments_judge(of_message, 'set_aside', 'a reversal of another amount', of_transaction, NULL);
            RETURN 'another';
        END IF;
        UPDATE payments_atmtransaction t
        SET state = CASE before WHEN 'paid' THEN 'reversed' ELSE 'withdrawn' END, changed_at = now()
        WHERE t.gateway = of_gateway AND t.transaction = of_transaction AND before IN ('paid', 'declined');
    END IF;
    PERFORM payments_judge(of_message, 'processed', CASE before WHEN 'paid' THEN '' ELSE 'nothing to take back' END,
                           of_transaction, NULL);
    RETURN before;
END $$;

GRANT EXECUTE ON FUNCTION payments_atm_bill(text, timestamptz), payments_atm_bills(bigint, timestamptz, integer, integer),
    payments_atm_receive(text, text, bytea, text, text, timestamptz),
    payments_atm_pay(text, jsonb, jsonb, jsonb, bytea, bigint, timestamptz, boolean, jsonb),
    payments_atm_decline(text, text, jsonb, bigint), payments_atm_withdraw(text, text, bigint, bigint)
    TO etax_intake, etax_worker;
