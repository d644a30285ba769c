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

-- What bills demand on a day, in the order in which money fills it (`turn`): costs, tax and surcharge (`late`) as the city
-- pack's order of appropriation puts them (table `appropriation`: Collection Act, article 4). For bills without a plan of
-- instalments.
CREATE OR REPLACE FUNCTION billing_demands(bill_ids bigint[], day date)
RETURNS TABLE (bill_id bigint, line_id bigint, place smallint, tax text, late boolean, demand bigint, turn bigint)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    stages text[];
    levied text[];
BEGIN
    SELECT array(SELECT jsonb_array_elements_text(t.body -> 'stages')),
           array(SELECT jsonb_array_elements_text(t.body -> 'levied_by')) INTO STRICT stages, levied
    FROM billing_datedtable t
    WHERE t.name = 'appropriation' AND t.valid_from <= day AND (t.valid_to IS NULL OR day <= t.valid_to);
    RETURN QUERY
    SELECT o.bill_id, o.line_id, o.place, o.tax, d.late, d.demand,
           row_number() OVER (PARTITION BY o.bill_id ORDER BY array_position(stages, d.stage),
                              array_position(levied, t.levied_by::text), o.place)
    FROM billing_owed(bill_ids, day) AS o
    JOIN billing_taxtype t ON t.code = o.tax
    CROSS JOIN LATERAL (VALUES
        (CASE o.tax WHEN 'disposal_costs' THEN 'costs' ELSE 'tax' END, false, greatest(o.amount - o.tax_paid, 0)),
        ('surcharge', true, greatest(o.surcharge - o.surcharge_paid, 0))
    ) AS d(stage, late, demand);
END $$;

-- One row for each payment, `place` is its place in the arrays: what billing_apply_payment answers, with the credits as arrays:
-- `sums[n]` won of `taxes[n]` off the receivable, or to the revenue (`purposes[n]`). The bills are locked, plain and different
-- from each other, and none of the references was used before.
DROP FUNCTION IF EXISTS billing_apply_payments(bigint[], bigint[], timestamptz[], text[]);
CREATE FUNCTION billing_apply_payments(
    bill_ids bigint[], amounts bigint[], moments timestamptz[], payment_references text[]
) RETURNS TABLE (
    place integer, taxpayer_id bigint, body text, tax text, day date, applied bigint, excess bigint, remaining bigint,
    taxes text[], purposes text[], sums bigint[]
)
LANGUAGE plpgsql SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    zone text := billing_time_zone();
    ids bigint[] := core_next_ids('billing_billpayment', cardinality(bill_ids));
BEGIN
    RETURN QUERY
    WITH asked AS MATERIALIZED (
        SELECT a.*, (a.moment AT TIME ZONE zone)::date AS day
        FROM unnest(ids, bill_ids, amounts, moments, payment_references) WITH ORDINALITY
             AS a(id, bill_id, amount, moment, reference, place)
    ), demands AS MATERIALIZED (
        SELECT d.* FROM (SELECT a.day, array_agg(a.bill_id) AS bills FROM asked a GROUP BY a.day) AS y
        CROSS JOIN LATERAL billing_demands(y.bills, y.day) AS d
    ), owing AS MATERIALIZED (
        SELECT a.*, coalesce(s.owed, 0)::bigint AS owed, least(coalesce(s.owed, 0), a.amount)::bigint AS applied
        FROM asked a
        LEFT JOIN (SELECT d.bill_id, sum(d.demand) AS owed FROM demands d GROUP BY d.bill_id) AS s USING (bill_id)
    ), payments AS (
        INSERT INTO billing_billpayment (id, bill_id, reference, paid_at, paid_on, applied, excess, remaining)
        SELECT o.id, o.bill_id, o.reference, o.moment, o.day, o.applied, o.amount - o.applied, o.owed - o.applied
        FROM owing o
    ), taken AS MATERIALIZED ( -- each demand takes what the ones before it left
        SELECT o.id, o.day, d.line_id, d.place, d.tax, d.late,
               least(d.demand, greatest(o.applied - (sum(d.demand) OVER earlier - d.demand), 0))::bigint AS part
        FROM demands d JOIN owing o USING (bill_id)
        WHERE d.demand > 0 WINDOW earlier AS (PARTITION BY d.bill_id ORDER BY d.turn)
    ), parts AS (
        INSERT INTO billing_billpaymentpart (payment_id, line_id, paid_on, tax_part, surcharge_part)
        SELECT t.id, t.line_id, t.day, coalesce(sum(t.part) FILTER (WHERE NOT t.late), 0),
               coalesce(sum(t.part) FILTER (WHERE t.late), 0)
        FROM taken t WHERE t.part > 0 GROUP BY t.id, t.line_id, t.day ORDER BY t.id, t.line_id
    ), credits AS (
        SELECT t.id, array_agg(t.tax ORDER BY t.late, t.place) AS taxes,
               array_agg(CASE WHEN t.late THEN 'revenue' ELSE 'receivable' END ORDER BY t.late, t.place) AS purposes,
               array_agg(t.part ORDER BY t.late, t.place) AS sums
        FROM taken t WHERE t.part > 0 GROUP BY t.id
    )
    SELECT o.place::integer, b.taxpayer_id, b.body_id::text, b.tax_id::text, o.day, o.applied, o.amount - o.applied,
           o.owed - o.applied, coalesce(c.taxes, '{}'), coalesce(c.purposes, '{}'), coalesce(c.sums, '{}')
    FROM owing o JOIN billing_bill b ON b.id = o.bill_id LEFT JOIN credits c ON c.id = o.id;

    PERFORM billing_grant_credit(b, p.paid_on, p.paid_at)
    FROM unnest(ids) AS made(id)
    JOIN billing_billpayment p ON p.id = made.id
    JOIN billing_bill b ON b.id = p.bill_id
    WHERE p.remaining = 0 AND p.applied > 0 AND EXISTS (SELECT FROM billing_billcredit c WHERE c.bill_id = p.bill_id);
END $$;
