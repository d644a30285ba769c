-- Many payments, each to a bill of its own, by one statement a table: the plural of billing_apply_payment, for bills of which
-- nothing is out of the ordinary. A property test holds both to the same books.

-- Locks these bills in the order of their keys and answers those that billing_apply_payments takes: in force and without a
-- plan of instalments, which orders what is owed.
CREATE OR REPLACE FUNCTION billing_lock_plain(bill_ids bigint[]) RETURNS bigint[]
LANGUAGE plpgsql SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    PERFORM FROM billing_bill b WHERE b.id = ANY (bill_ids) ORDER BY b.id FOR UPDATE;
    RETURN array(
        SELECT b.id FROM billing_bill b
        WHERE b.id = ANY (bill_ids) AND b.status = 'issued' AND NOT EXISTS (
            SELECT FROM billing_billfact f WHERE f.bill_id = b.id AND f.kind = 'instalments'));
END $$;

-- One row for each payment: its place in the arrays and the answer of billing_apply_payment. The bills are locked, plain and
-- different from each other, and none of the references was used before.
CREATE OR REPLACE FUNCTION billing_apply_payments(
    bill_ids bigint[], amounts bigint[], moments timestamptz[], payment_references text[]
) RETURNS TABLE (place integer, answer jsonb)
LANGUAGE plpgsql SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    days date[];
BEGIN
    SELECT array_agg(billing_local_date(m.moment) ORDER BY m.place) INTO days
    FROM unnest(moments) WITH ORDINALITY AS m(moment, place);
    WITH asked AS MATERIALIZED (
        SELECT * FROM unnest(bill_ids, amounts, moments, payment_references, days) WITH ORDINALITY
                      AS a(bill_id, amount, moment, reference, day, place)
    ), orders AS MATERIALIZED (
        SELECT y.day, y.bills, array(SELECT jsonb_array_elements_text(t.body -> 'stages')) AS stages,
               array(SELECT jsonb_array_elements_text(t.body -> 'levied_by')) AS levied
        FROM (SELECT a.day, array_agg(a.bill_id) AS bills FROM asked a GROUP BY a.day) AS y
        JOIN billing_datedtable t ON t.name = 'appropriation' AND t.valid_from <= y.day
             AND (t.valid_to IS NULL OR y.day <= t.valid_to)
    ), demands AS MATERIALIZED (
        SELECT a.place, o.line_id, d.late, d.demand,
               row_number() OVER (PARTITION BY a.place ORDER BY array_position(y.stages, d.stage),
                                  array_position(y.levied, t.levied_by::text), o.place) AS turn
        FROM orders y
        CROSS JOIN LATERAL billing_owed(y.bills, y.day) AS o
        JOIN asked a ON a.bill_id = o.bill_id
        JOIN billing_taxtype t ON t.code = o.tax
        CROSS JOIN LATERAL (VALUES
            (CASE o.tax WHEN 'disposal_costs' THEN 'costs' ELSE 'tax' END, false, greatest(o.amount - o.tax_paid, 0)),
            ('surcharge', true, greatest(o.surcharge - o.surcharge_paid, 0))
        ) AS d(stage, late, demand)
    ), sums AS MATERIALIZED (
        SELECT a.*, coalesce(s.owed, 0)::bigint AS owed, least(coalesce(s.owed, 0), a.amount)::bigint AS applied
        FROM asked a LEFT JOIN (SELECT d.place, sum(d.demand) AS owed FROM demands d GROUP BY d.place) AS s
             ON s.place = a.place
    ), payments AS (
        INSERT INTO billing_billpayment AS p (bill_id, reference, paid_at, paid_on, applied, excess, remaining)
        SELECT s.bill_id, s.reference, s.moment, s.day, s.applied, s.amount - s.applied, s.owed - s.applied FROM sums s
        RETURNING p.id, p.bill_id
    ), taken AS ( -- each demand takes what the ones before it left
        SELECT s.bill_id, s.day, d.line_id, d.late,
               least(d.demand, greatest(s.applied - (sum(d.demand) OVER earlier - d.demand), 0)) AS part
        FROM demands d JOIN sums s ON s.place = d.place
        WINDOW earlier AS (PARTITION BY d.place ORDER BY d.turn)
    )
    INSERT INTO billing_billpaymentpart (payment_id, line_id, paid_on, tax_part, surcharge_part)
    SELECT p.id, t.line_id, t.day, coalesce(sum(t.part) FILTER (WHERE NOT t.late), 0),
           coalesce(sum(t.part) FILTER (WHERE t.late), 0)
    FROM taken t JOIN payments p ON p.bill_id = t.bill_id WHERE t.part > 0 GROUP BY p.id, t.line_id, t.day;

    PERFORM billing_grant_credit(b, days[a.place], a.moment)
    FROM unnest(bill_ids, moments, payment_references) WITH ORDINALITY AS a(bill_id, moment, reference, place)
    JOIN billing_bill b ON b.id = a.bill_id
    JOIN billing_billpayment p ON p.bill_id = a.bill_id AND p.reference = a.reference
    WHERE p.remaining = 0 AND p.applied > 0 AND EXISTS (SELECT FROM billing_billcredit c WHERE c.bill_id = b.id);
    RETURN QUERY
    SELECT a.place::integer, billing_payment_answer(b, p) || '{"repeated": false}'
    FROM unnest(bill_ids, payment_references) WITH ORDINALITY AS a(bill_id, reference, place)
    JOIN billing_bill b ON b.id = a.bill_id
    JOIN billing_billpayment p ON p.bill_id = a.bill_id AND p.reference = a.reference;
END $$;
