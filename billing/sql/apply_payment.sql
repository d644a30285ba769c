-- Apply a payment to a bill: lock the bill, fill tax before surcharge, line by line (Collection Act, article 4), record
-- it, and say what is to be credited. Runs as its caller, inside the caller's transaction.
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
    day date;
BEGIN
    IF amount <= 0 THEN
        RAISE EXCEPTION 'a payment is more than zero' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT * INTO bill FROM billing_bill b WHERE b.id = billing_apply_payment.bill_id FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no bill %', billing_apply_payment.bill_id USING ERRCODE = 'no_data_found';
    END IF;
    SELECT * INTO known FROM billing_billpayment p WHERE p.bill_id = bill.id AND p.reference = payment_reference;
    IF FOUND THEN
        RETURN billing_payment_answer(bill, known) || '{"repeated": true}';
    END IF;

    day := billing_local_date(paid_at);
    WITH demands AS MATERIALIZED (
        SELECT d.line_id, d.stage, d.place, d.demand
        FROM billing_owed(ARRAY[bill.id], day) o
        CROSS JOIN LATERAL (
            VALUES (o.line_id, o.place, 1, greatest(o.amount - o.tax_paid, 0)),
                   (o.line_id, o.place, 2, greatest(o.surcharge - o.surcharge_paid, 0))
        ) AS d (line_id, place, stage, demand)
        WHERE bill.status = 'issued'
    ), sums AS (
        SELECT t.owed, least(t.owed, billing_apply_payment.amount) AS applied
        FROM (SELECT coalesce(sum(d.demand), 0)::bigint AS owed FROM demands d) AS t
    ), payment AS (
        INSERT INTO billing_billpayment (bill_id, reference, paid_at, paid_on, applied, excess, remaining)
        SELECT bill.id, payment_reference, billing_apply_payment.paid_at, day, s.applied,
               billing_apply_payment.amount - s.applied, s.owed - s.applied
        FROM sums s RETURNING *
    ), taken AS ( -- each demand takes what the ones before it left
        SELECT d.line_id, d.stage,
               least(d.demand, greatest(s.applied - (sum(d.demand) OVER (ORDER BY d.stage, d.place) - d.demand), 0)) AS part
        FROM demands d CROSS JOIN sums s
    ), parts AS (
        INSERT INTO billing_billpaymentpart (payment_id, line_id, paid_on, tax_part, surcharge_part)
        SELECT p.id, t.line_id, day, coalesce(sum(t.part) FILTER (WHERE t.stage = 1), 0),
               coalesce(sum(t.part) FILTER (WHERE t.stage = 2), 0)
        FROM taken t CROSS JOIN payment p WHERE t.part > 0 GROUP BY p.id, t.line_id
    )
    SELECT * INTO known FROM payment;
    RETURN billing_payment_answer(bill, known) || '{"repeated": false}';
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
