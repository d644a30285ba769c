-- Apply a payment to a bill: lock the bill, fill what the city pack's order of appropriation puts first (table
-- `appropriation`: Collection Act, article 4), record it, and say what is to be credited. Runs as its caller, inside the
-- caller's transaction. A payment that completes a bill in time makes its credit for electronic notice and automatic
-- payment good. Money for a bill that was replaced goes to the one in its place.
--
-- Answer: {"bill_id", "taxpayer_id", "body", "tax", "applied", "excess", "remaining", "repeated", "postings": [{"body",
-- "tax", "purpose", "amount"}, …]}. `postings` are the credits (negative): receivable for tax, revenue for surcharge; they
-- sum to -applied. The caller adds the debit of where the money came in, and credits `excess` to overpayment.
-- A cancelled bill takes nothing: all is excess. The same reference again changes nothing and gets the first answer.
CREATE OR REPLACE FUNCTION billing_apply_payment(
    bill_id bigint, amount bigint, paid_at timestamptz, payment_reference text
) RETURNS jsonb LANGUAGE plpgsql SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    bill billing_bill%ROWTYPE;
    known billing_billpayment%ROWTYPE;
    newer bigint;
BEGIN
    IF amount <= 0 THEN
        RAISE EXCEPTION 'a payment is more than zero' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT * INTO bill FROM billing_bill b WHERE b.id = billing_apply_payment.bill_id FOR UPDATE;
    IF NOT FOUND OR bill.status = 'draft' THEN
        RAISE EXCEPTION 'no bill %', billing_apply_payment.bill_id USING ERRCODE = 'no_data_found';
    END IF;
    SELECT * INTO known FROM billing_billpayment p WHERE p.bill_id = bill.id AND p.reference = payment_reference;
    IF FOUND THEN
        RETURN billing_payment_answer(bill, known) || '{"repeated": true}';
    END IF;

    IF bill.status = 'reissued' THEN
        SELECT r.new_id INTO STRICT newer FROM billing_billreplacement r WHERE r.old_id = bill.id;
        RETURN billing_apply_payment(newer, amount, paid_at, payment_reference);
    END IF;

    known := billing_fill(bill, amount, paid_at, payment_reference, NULL);
    IF known.remaining = 0 AND known.applied > 0 THEN
        PERFORM billing_grant_credit(bill, known.paid_on, paid_at);
    END IF;
    RETURN billing_payment_answer(bill, known) || '{"repeated": false}';
END $$;

-- What a bill that is locked owes takes its part of an amount, and it is written down. `of_payment`: the payment whose money
-- it is, where some of it was taken back (take_back.sql).
CREATE OR REPLACE FUNCTION billing_fill(
    bill billing_bill, amount bigint, paid_at timestamptz, payment_reference text, of_payment bigint
) RETURNS billing_billpayment
LANGUAGE plpgsql SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    known billing_billpayment%ROWTYPE;
    day date;
    stages text[];
    levied text[];
BEGIN
    day := billing_local_date(paid_at);
    SELECT array(SELECT jsonb_array_elements_text(t.body -> 'stages')),
           array(SELECT jsonb_array_elements_text(t.body -> 'levied_by')) INTO STRICT stages, levied
    FROM billing_datedtable t
    WHERE t.name = 'appropriation' AND t.valid_from <= day AND (t.valid_to IS NULL OR day <= t.valid_to);
    WITH demands AS MATERIALIZED (
        SELECT o.line_id, d.late, d.demand,
               row_number() OVER (ORDER BY array_position(stages, d.stage), d.number,
                                           array_position(levied, t.levied_by::text), o.place) AS turn
        FROM billing_owed(ARRAY[bill.id], day) o
        JOIN billing_taxtype t ON t.code = o.tax
        CROSS JOIN LATERAL ( -- the parts of an instalment plan one after the other
            -- While money is taken back, the first also replaces what had been given back of it (tax_paid below zero).
            SELECT CASE o.tax WHEN 'disposal_costs' THEN 'costs' ELSE 'tax' END AS stage, false AS late, p.number,
                   greatest(p.before + p.part - greatest(o.tax_paid, nullif(p.before, 0)), 0) AS demand
            FROM billing_parts(bill.id, o.line_id, o.amount, bill.due_on) AS p
            UNION ALL SELECT 'surcharge', true, 1, greatest(o.surcharge - o.surcharge_paid, 0)
        ) AS d
        WHERE bill.status = 'issued'
    ), sums AS (
        SELECT t.owed, least(t.owed, billing_fill.amount) AS applied
        FROM (SELECT coalesce(sum(d.demand), 0)::bigint AS owed FROM demands d) AS t
    ), payment AS (
        INSERT INTO billing_billpayment (bill_id, reference, paid_at, paid_on, applied, excess, remaining, corrects_id)
        SELECT bill.id, payment_reference, billing_fill.paid_at, day, s.applied,
               billing_fill.amount - s.applied, s.owed - s.applied, of_payment
        FROM sums s RETURNING *
    ), taken AS ( -- each demand takes what the ones before it left
        SELECT d.line_id, d.late,
               least(d.demand, greatest(s.applied - (sum(d.demand) OVER (ORDER BY d.turn) - d.demand), 0)) AS part
        FROM demands d CROSS JOIN sums s
    ), parts AS (
        INSERT INTO billing_billpaymentpart (payment_id, line_id, paid_on, tax_part, surcharge_part)
        SELECT p.id, t.line_id, day, coalesce(sum(t.part) FILTER (WHERE NOT t.late), 0),
               coalesce(sum(t.part) FILTER (WHERE t.late), 0)
        FROM taken t CROSS JOIN payment p WHERE t.part > 0 GROUP BY p.id, t.line_id
    )
    SELECT * INTO known FROM payment;
    RETURN known;
END $$;

-- A bill was paid in full in time: its credit is taken out of the receivable for good.
CREATE OR REPLACE FUNCTION billing_grant_credit(bill billing_bill, day date, paid_at timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    credit record;
    due date;
    adjustment bigint;
BEGIN
    SELECT c.line_id, c.until_on, l.tax_id, least(c.amount, l.amount - coalesce(sum(a.amount), 0))::bigint AS won,
           count(*) FILTER (WHERE a.credit) AS before
    INTO credit
    FROM billing_billcredit c JOIN billing_billline l ON l.id = c.line_id
    LEFT JOIN billing_billadjustment a ON a.line_id = l.id
    WHERE c.bill_id = (bill).id
    GROUP BY c.id, l.id HAVING coalesce(sum(a.amount) FILTER (WHERE a.credit), 0) = 0;
    IF credit.won IS NULL OR credit.won <= 0 THEN
        RETURN;
    END IF;
    due := coalesce(credit.until_on, billing_due_moved((bill).id, (bill).due_on));
    IF day > due OR EXISTS (
        SELECT FROM billing_billpayment p WHERE p.bill_id = (bill).id AND p.paid_on > due
        GROUP BY coalesce(p.corrects_id, p.id) HAVING sum(p.applied) > 0
    ) THEN
        RETURN;
    END IF;
    INSERT INTO billing_billadjustment (bill_id, line_id, credit, amount, returned, surcharge_returned)
    VALUES ((bill).id, credit.line_id, true, credit.won, 0, 0) RETURNING id INTO adjustment;
    PERFORM ledger_post_entry('levy_credited', 'bill:' || (bill).id || CASE WHEN credit.before > 0
                              THEN '/' || adjustment ELSE '' END, day, paid_at, jsonb_build_array(
        jsonb_build_object('body', (bill).body_id, 'tax', credit.tax_id, 'purpose', 'receivable', 'amount', -credit.won),
        jsonb_build_object('body', (bill).body_id, 'tax', credit.tax_id, 'purpose', 'revenue', 'amount', credit.won)));
END $$;

-- What a recorded payment did, from its rows.
CREATE OR REPLACE FUNCTION billing_payment_answer(bill billing_bill, payment billing_billpayment) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN (SELECT jsonb_build_object(
        'bill_id', (bill).id, 'taxpayer_id', (bill).taxpayer_id, 'body', (bill).body_id, 'tax', (bill).tax_id,
        'applied', (payment).applied, 'excess', (payment).excess, 'remaining', (payment).remaining,
        'postings', coalesce(jsonb_agg(jsonb_build_object(
            'body', (bill).body_id, 'tax', side.tax, 'purpose', side.purpose, 'amount', -side.amount
        ) ORDER BY side.purpose, side.place), '[]'))
    FROM (
        SELECT l.tax_id AS tax, l.position AS place, s.purpose, s.amount
        FROM billing_billpaymentpart p
        JOIN billing_billline l ON l.id = p.line_id
        CROSS JOIN LATERAL (VALUES ('receivable', p.tax_part), ('revenue', p.surcharge_part)) AS s (purpose, amount)
        WHERE p.payment_id = (payment).id AND s.amount > 0
    ) AS side);
END $$;
