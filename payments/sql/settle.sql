-- Writing a payment: everything that one movement of money changes, in one round trip and one transaction.
-- The rules (which bill gets how much) are payments.rules; this writes down what they decided. Nothing here reads a whole
-- table, and a plan made while a table was nearly empty (a new city's first day) is kept for as long as the connection:
-- hence no sequential scans.

-- Functions without settings of their own become part of the statement that calls them: nothing is called for each row.

-- How a receipt names the way that the money took; the values are payments.states.Channel.
CREATE OR REPLACE FUNCTION payments_channel_name(channel text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE channel
        WHEN 'card' THEN '{"ko": "신용카드", "en": "Card"}'::jsonb
        WHEN 'virtual_account' THEN '{"ko": "가상계좌", "en": "Virtual account"}'
        WHEN 'atm' THEN '{"ko": "현금자동입출금기(ATM)", "en": "Cash machine (ATM)"}'
        WHEN 'bank_transfer' THEN '{"ko": "계좌이체", "en": "Bank transfer"}'
        WHEN 'automatic_debit' THEN '{"ko": "자동이체", "en": "Automatic debit"}'
        WHEN 'wallet' THEN '{"ko": "간편결제", "en": "Mobile wallet"}'
        WHEN 'carrier' THEN '{"ko": "휴대전화 요금 결제", "en": "Mobile phone bill"}'
        WHEN 'giro' THEN '{"ko": "지로", "en": "Giro slip"}'
        WHEN 'convenience_store' THEN '{"ko": "편의점", "en": "Convenience store"}'
        WHEN 'ars' THEN '{"ko": "전화 납부(ARS)", "en": "Telephone (ARS)"}'
        WHEN 'counter' THEN '{"ko": "창구", "en": "Counter"}'
        WHEN 'mileage' THEN '{"ko": "마일리지", "en": "Points"}'
        WHEN 'set_off' THEN '{"ko": "환급금 충당", "en": "Set off against a refund"}'
    END;
$$;
GRANT EXECUTE ON FUNCTION payments_channel_name(text) TO etax_worker, etax_office;

-- The facts of a receipt, as receipts.rendering.facts describes them, and one of its lines.
CREATE OR REPLACE FUNCTION payments_receipt(
    payer accounts_taxpayer, body accounts_levyingbody, total bigint, currency text, paid_at timestamptz, movement text,
    channel text, lines jsonb
) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'taxpayer', jsonb_build_object('name', payer.name),
        'body', jsonb_build_object('code', body.code, 'kind', body.kind, 'ko', body.name_ko, 'en', body.name_en),
        'total', total, 'currency', currency,
        'paid_at', to_char(paid_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"'),
        'transaction', movement, 'channel', payments_channel_name(channel), 'lines', lines);
$$;

CREATE OR REPLACE FUNCTION payments_receipt_line(bill billing_bill, tax billing_taxtype, purpose text, amount bigint)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'item', CASE purpose
            WHEN 'revenue' THEN jsonb_build_object(
                'ko', tax.name_ko || ' 납부지연가산세', 'en', tax.name_en || ', late payment surcharge')
            ELSE jsonb_build_object('ko', tax.name_ko, 'en', tax.name_en) END,
        'period', bill.tax_year || '-' || bill.term, 'amount', amount,
        'number', bill.epay_number, 'tax_number', bill.tax_number);
$$;

-- The same of an answer of billing_apply_payment.
CREATE OR REPLACE FUNCTION payments_receipt_facts(answer jsonb, channel text, paid_at timestamptz, movement jsonb)
RETURNS jsonb LANGUAGE plpgsql STABLE SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN -- plpgsql keeps its plan: planning took longer than answering
    RETURN (SELECT payments_receipt(
        p, y, (answer ->> 'applied')::bigint, movement ->> 'currency', payments_receipt_facts.paid_at, movement ->> 'id',
        payments_receipt_facts.channel, (
            SELECT jsonb_agg(payments_receipt_line(b, t, s.purpose, -s.amount) ORDER BY s.purpose, t.position)
            FROM jsonb_to_recordset(answer -> 'postings') AS s(tax text, purpose text, amount bigint)
            JOIN billing_taxtype t ON t.code = s.tax))
    FROM billing_bill b
    JOIN accounts_taxpayer p ON p.id = b.taxpayer_id
    JOIN accounts_levyingbody y ON y.code = b.body_id
    WHERE b.id = (answer ->> 'bill_id')::bigint);
END $$;

-- `movement`: {"id", "kind", "amount", "currency", "at", "of"}; `shares`: [{"bill_id", "amount"}], summing to the amount; `already`: what
-- the shares were computed on. Answer: {"outcome": "settled" | "repeated" | "stale", …}. "stale": other money came to
-- this attempt meanwhile, nothing was written, compute again.
-- Locks: the attempt, then its bills in the order of their keys, then the holder of points that pay.
CREATE OR REPLACE FUNCTION payments_settle(
    of_gateway text, of_attempt bigint, already bigint, movement jsonb, shares jsonb, of_message bigint, at timestamptz
) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    attempt payments_attempt%ROWTYPE;
    money bigint := (movement ->> 'amount')::bigint;
    moved timestamptz := (movement ->> 'at')::timestamptz;
    when_paid timestamptz := moved;
    label text := of_gateway || ':' || (movement ->> 'id');
    share record;
    answer jsonb;
    answers jsonb[] := '{}';
    sides jsonb := '[]';
    settled bigint := 0;
    over bigint := 0;
    received bigint;
    payment bigint;
    token bytea;
    first_payer bigint;
BEGIN
    SELECT * INTO STRICT attempt FROM payments_attempt a WHERE a.id = of_attempt FOR NO KEY UPDATE;
    IF movement ->> 'kind' = 'representment' THEN -- the same money again: it counts from the day it first came
        SELECT p.approved_at INTO when_paid
        FROM payments_reversal r JOIN payments_reversalpart t ON t.reversal_id = r.id JOIN payments_payment p ON p.id = t.payment_id
        WHERE r.gateway = of_gateway AND r.movement_id = movement ->> 'of' AND r.kind = 'chargeback';
    END IF;
    -- Money of this gateway, for these bills, not before the attempt began and not later than any account stays open.
    IF attempt.gateway <> of_gateway
       OR when_paid IS NULL
       OR when_paid NOT BETWEEN attempt.created_at - interval '1 day' AND payments_settle.at + interval '60 days'
       OR EXISTS (SELECT FROM jsonb_to_recordset(shares) AS s(bill_id bigint)
                  WHERE NOT EXISTS (SELECT FROM payments_attemptitem i
                                    WHERE i.attempt_id = attempt.id AND i.bill_id = s.bill_id)) THEN
        RAISE EXCEPTION 'movement % is not for attempt %', label, attempt.reference USING ERRCODE = 'check_violation';
    END IF;
    SELECT p.id INTO payment FROM payments_payment p
    WHERE p.gateway = of_gateway AND p.movement_id = movement ->> 'id';
    IF payment IS NOT NULL THEN
        PERFORM payments_judge(of_message, 'processed', '', attempt.reference, NULL);
        RETURN jsonb_build_object('outcome', 'repeated', 'payment_id', payment);
    END IF;
    received := payments_kept(attempt.id);
    IF received <> already THEN
        RETURN '{"outcome": "stale"}';
    END IF;

    FOR share IN SELECT * FROM jsonb_to_recordset(shares) AS s(bill_id bigint, amount bigint) ORDER BY s.bill_id LOOP
        answer := billing_apply_payment(share.bill_id, share.amount, when_paid, label);
        answers := answers || answer;
        settled := settled + (answer ->> 'applied')::bigint;
        over := over + (answer ->> 'excess')::bigint;
        first_payer := coalesce(first_payer, (answer ->> 'taxpayer_id')::bigint);
        sides := sides || (answer -> 'postings') || jsonb_build_array(jsonb_build_object(
            'body', answer ->> 'body', 'tax', answer ->> 'tax', 'purpose', 'clearing', 'amount', share.amount));
        IF (answer ->> 'excess')::bigint > 0 THEN
            sides := sides || jsonb_build_array(jsonb_build_object(
                'body', answer ->> 'body', 'tax', answer ->> 'tax', 'purpose', 'overpayment',
                'amount', -(answer ->> 'excess')::bigint));
        END IF;
    END LOOP;
    IF settled + over IS DISTINCT FROM money THEN
        RAISE EXCEPTION 'shares of % do not sum to %', label, money USING ERRCODE = 'check_violation';
    END IF;

    INSERT INTO payments_payment (gateway, movement_id, reference, attempt_id, message_id, kind, amount, applied, excess,
                                  suspense, approved_at)
    VALUES (of_gateway, movement ->> 'id', attempt.reference, attempt.id, of_message, movement ->> 'kind', money, settled,
            over, 0, when_paid)
    RETURNING id INTO payment;
    PERFORM ledger_post_entry('payment', label, billing_local_date(moved), moved, sides);
    IF of_gateway = 'mileage' THEN -- points that were kept for this attempt; refused if they are not
        PERFORM mileage_spend(attempt.reference, money, 'clearing', moved);
    END IF;

    -- The payer's link opens the receipt of the first money that came; one link, one document.
    token := CASE WHEN received = 0 THEN attempt.token_hash END;
    FOREACH answer IN ARRAY answers LOOP
        IF (answer ->> 'applied')::bigint > 0 THEN
            PERFORM receipts_request_document(
                'payment', (answer ->> 'taxpayer_id')::bigint, label || '/' || (answer ->> 'bill_id'),
                payments_receipt_facts(answer, attempt.channel, when_paid, movement)
                || payments_payer_fact(attempt.payer), at, token);
            token := NULL;
        END IF;
        IF (answer ->> 'excess')::bigint > 0 THEN
            PERFORM core_publish('payments.overpaid.v1', jsonb_build_object(
                'payment_id', payment, 'bill_id', answer -> 'bill_id', 'taxpayer_id', answer -> 'taxpayer_id',
                'amount', answer -> 'excess'));
        END IF;
    END LOOP;
    PERFORM core_publish('payments.settled.v1', jsonb_build_object(
        'payment_id', payment, 'attempt_id', attempt.id, 'reference', attempt.reference, 'amount', money,
        'bill_ids', (SELECT jsonb_agg(a -> 'bill_id') FROM unnest(answers) AS a)));
    PERFORM core_audit('payment.settled', 'payment:' || payment, NULL, first_payer, '',
                       jsonb_build_object('attempt', attempt.reference, 'applied', settled, 'excess', over), '', '');
    PERFORM core_append_leaf('payment', label, jsonb_build_object(
        'payment', payment, 'attempt', attempt.reference, 'amount', money, 'paid_at', when_paid, 'applied', settled,
        'excess', over));

    IF received + money >= attempt.amount AND attempt.status <> 'paid' THEN
        UPDATE payments_attempt a SET status = 'paid', paid_at = when_paid,
            -- An account may get more money than it should, a till may void, and the message about it may be lost.
            ask_at = CASE WHEN attempt.channel IN ('virtual_account', 'convenience_store') THEN a.ask_at END
        WHERE a.id = attempt.id;
    END IF;
    PERFORM payments_post_remembered(of_gateway, attempt.reference, movement ->> 'id', at);
    PERFORM payments_judge(of_message, 'processed', '', attempt.reference, NULL);
    RETURN jsonb_build_object('outcome', 'settled', 'payment_id', payment, 'applied', settled, 'excess', over);
END $$;

-- Money that fits no attempt of ours (가수금): into the city's suspense, once per movement.
CREATE OR REPLACE FUNCTION payments_suspend(
    of_gateway text, of_reference text, movement jsonb, of_message bigint, at timestamptz
) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    money bigint := (movement ->> 'amount')::bigint;
    paid_at timestamptz := (movement ->> 'at')::timestamptz;
    label text := of_gateway || ':' || (movement ->> 'id');
    city text;
    payment bigint;
BEGIN
    SELECT y.code INTO STRICT city FROM accounts_levyingbody y WHERE y.kind = 'city' ORDER BY y.code LIMIT 1;
    INSERT INTO payments_payment (gateway, movement_id, reference, message_id, kind, amount, applied, excess, suspense,
                                  approved_at)
    VALUES (of_gateway, movement ->> 'id', of_reference, of_message, movement ->> 'kind', money, 0, 0, money, paid_at)
    ON CONFLICT (gateway, movement_id) DO NOTHING RETURNING id INTO payment;
    IF payment IS NOT NULL THEN
        PERFORM ledger_post_entry('payment', label, billing_local_date(paid_at), paid_at, jsonb_build_array(
            jsonb_build_object('body', city, 'tax', 'unassigned', 'purpose', 'clearing', 'amount', money),
            jsonb_build_object('body', city, 'tax', 'unassigned', 'purpose', 'suspense', 'amount', -money)));
        PERFORM core_publish('payments.suspended.v1', jsonb_build_object('payment_id', payment, 'amount', money));
        PERFORM core_audit('payment.suspended', 'payment:' || payment, NULL, NULL, '',
                           jsonb_build_object('reference', of_reference), '', '');
        PERFORM core_append_leaf('payment', label, jsonb_build_object(
            'payment', payment, 'amount', money, 'paid_at', paid_at, 'suspense', money));
        PERFORM payments_post_remembered(of_gateway, of_reference, movement ->> 'id', at);
    END IF;
    PERFORM payments_judge(of_message, 'processed', 'suspense', of_reference, NULL);
    RETURN jsonb_build_object('outcome', CASE WHEN payment IS NULL THEN 'repeated' ELSE 'suspended' END,
                              'payment_id', payment);
END $$;
