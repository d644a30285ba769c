-- Automatic debit: what falls due, of whom and when, and how much of it is owed. They read as whoever calls them may.

-- What of these taxpayers' bills falls due from a day to a day: a bill on its due date as it was moved, each part of an
-- instalment plan on its own.
CREATE OR REPLACE FUNCTION payments_falling_due(taxpayers bigint[], from_day date, to_day date)
RETURNS TABLE (bill_id bigint, taxpayer_id bigint, due_on date)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT b.id, b.taxpayer_id, b.due_on
    FROM unnest(taxpayers) AS p (id) JOIN billing_bill b ON b.taxpayer_id = p.id
    WHERE b.due_on BETWEEN from_day AND to_day AND b.status = 'issued' AND NOT EXISTS (
        SELECT FROM billing_billfact f WHERE f.bill_id = b.id AND f.kind IN ('deferral', 'instalments'))
    UNION
    SELECT b.id, b.taxpayer_id, m.due_on
    FROM billing_billfact f
    JOIN billing_bill b ON b.id = f.bill_id AND b.status = 'issued' AND b.taxpayer_id = ANY (taxpayers)
    JOIN billing_billline l ON l.bill_id = b.id
    CROSS JOIN LATERAL billing_parts(b.id, l.id, l.amount, b.due_on) AS r
    CROSS JOIN LATERAL (SELECT billing_due_moved(b.id, r.due_on) AS due_on) AS m
    WHERE f.kind IN ('deferral', 'instalments') AND m.due_on BETWEEN from_day AND to_day;
END $$;

-- What is owed on a day of what had fallen due of each bill by its day in `days`; no row where nothing falls due on that day
-- any more (the date was moved, the bill is no longer in force).
CREATE OR REPLACE FUNCTION payments_due_by(bill_ids bigint[], days date[], on_date date)
RETURNS TABLE (bill_id bigint, due_on date, amount bigint)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT w.bill, w.day, sum(greatest(least(o.amount, coalesce(r.fallen, 0)) - o.tax_paid, 0)
                              + greatest(o.surcharge - o.surcharge_paid, 0))::bigint
    FROM unnest(bill_ids, days) AS w (bill, day)
    JOIN billing_bill b ON b.id = w.bill AND b.status = 'issued'
    JOIN billing_owed(bill_ids, on_date) AS o ON o.bill_id = w.bill
    CROSS JOIN LATERAL (
        SELECT sum(p.part) FILTER (WHERE billing_due_moved(w.bill, p.due_on) <= w.day)::bigint AS fallen,
               bool_or(billing_due_moved(w.bill, p.due_on) = w.day) AS falls
        FROM billing_parts(w.bill, o.line_id, o.amount, b.due_on) AS p
    ) AS r
    GROUP BY w.bill, w.day HAVING bool_or(r.falls);
END $$;
GRANT EXECUTE ON FUNCTION payments_falling_due(bigint[], date, date), payments_due_by(bigint[], date[], date)
    TO etax_public, etax_worker;

-- Whatever falls due from the first of `days` to the last, of those whose mandate held by then, is to be debited, first at the
-- moment in `firsts`. Run as often as one likes: each bill and day is there once. How many were new.
CREATE OR REPLACE FUNCTION payments_make_debits(days date[], firsts timestamptz[]) RETURNS integer
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    made integer;
BEGIN
    INSERT INTO payments_debit (mandate_id, bill_id, due_on, status, tries_made, next_at)
    SELECT m.id, f.bill_id, f.due_on, 'due', 0, d.first
    FROM payments_falling_due(
        ARRAY(SELECT x.taxpayer_id FROM payments_mandate x WHERE x.status = 'active'),
        (SELECT min(x) FROM unnest(days) AS x), (SELECT max(x) FROM unnest(days) AS x)) AS f
    JOIN payments_mandate m ON m.taxpayer_id = f.taxpayer_id AND m.status = 'active' AND m.began_on <= f.due_on
    JOIN unnest(days, firsts) AS d (day, first) ON d.day = f.due_on
    ON CONFLICT (bill_id, due_on) DO NOTHING;
    GET DIAGNOSTICS made = ROW_COUNT;
    RETURN made;
END $$;
GRANT EXECUTE ON FUNCTION payments_make_debits(date[], timestamptz[]) TO etax_worker;
