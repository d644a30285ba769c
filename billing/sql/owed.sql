-- What bills owe on a day. The rule is billing.rules.late_payment; tests hold both to the same answers. It stands here
-- too because a payment is applied in one round trip and lists ask for thousands of bills at once.

-- The city's time zone, which load_city writes, and its day on which a moment falls.
CREATE OR REPLACE FUNCTION billing_time_zone() RETURNS text
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (SELECT t.body ->> 'time_zone' FROM billing_datedtable t WHERE t.name = 'city');
END $$;

CREATE OR REPLACE FUNCTION billing_local_date(moment timestamptz) RETURNS date
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (moment AT TIME ZONE (SELECT t.body ->> 'time_zone' FROM billing_datedtable t WHERE t.name = 'city'))::date;
END $$;

-- The last day of the n-th month after a due date (Civil Act, article 160).
CREATE OR REPLACE FUNCTION billing_month_end(due date, months integer) RETURNS date
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN extract(day FROM passed) = extract(day FROM due + 1) THEN passed - 1 ELSE passed END
    FROM (SELECT (due + 1 + make_interval(months => months))::date AS passed) AS p;
$$;

-- The day on which something that was due becomes overdue at last: a deferral that began in time (징수유예, Collection Act,
-- article 28) carries it to its end.
CREATE OR REPLACE FUNCTION billing_due_moved(of_bill bigint, due date) RETURNS date
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    deferral record;
    moved date := due;
BEGIN
    FOR deferral IN
        SELECT f.from_on, least(f.until_on, f.ended_on) AS until_on FROM billing_billfact f
        WHERE f.bill_id = of_bill AND f.kind = 'deferral' ORDER BY f.from_on
    LOOP
        IF deferral.from_on <= moved + 1 AND deferral.until_on > moved THEN
            moved := deferral.until_on;
        END IF;
    END LOOP;
    RETURN moved;
END $$;

-- A day counted without the days after `due` on which collection was deferred: meanwhile lateness stands still.
CREATE OR REPLACE FUNCTION billing_running(of_bill bigint, due date, day date) RETURNS date
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN day - (
        SELECT coalesce(sum(greatest(least(f.until_on, f.ended_on, day) - greatest(f.from_on, due + 1) + 1, 0)), 0)::integer
        FROM billing_billfact f WHERE f.bill_id = of_bill AND f.kind = 'deferral');
END $$;

-- What of a line is due when: the parts of an instalment plan that was made in time, else all at once. `before` is what
-- the earlier parts come to; a reduced line loses its last parts first. A plan that was ended makes the rest due.
CREATE OR REPLACE FUNCTION billing_parts(of_bill bigint, of_line bigint, amount bigint, due date)
RETURNS TABLE (number smallint, due_on date, part bigint, before bigint)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    plan record;
BEGIN
    SELECT f.id, f.ended_on INTO plan FROM billing_billfact f
    WHERE f.bill_id = of_bill AND f.kind = 'instalments' AND f.from_on <= due ORDER BY f.id DESC LIMIT 1;
    IF plan.id IS NULL OR NOT EXISTS (SELECT FROM billing_instalment i WHERE i.fact_id = plan.id AND i.line_id = of_line)
    THEN
        RETURN QUERY SELECT 1::smallint, due, amount, 0::bigint;
        RETURN;
    END IF;
    RETURN QUERY
    SELECT i.number, greatest(due, least(i.due_on, plan.ended_on)), -- a due date moved for everybody moves the parts before it
           least(i.amount, greatest(billing_parts.amount - (sum(i.amount) OVER earlier - i.amount), 0))::bigint,
           (sum(i.amount) OVER earlier - i.amount)::bigint
    FROM billing_instalment i WHERE i.fact_id = plan.id AND i.line_id = of_line
    WINDOW earlier AS (ORDER BY i.number) ORDER BY i.number;
END $$;

-- Late payment surcharge on one part of a line: once, then by each full month; both cut to 10 won. What was paid on the
-- line (`days`, `sums`) fills the parts one after the other.
CREATE OR REPLACE FUNCTION billing_surcharge_of_part(
    rule jsonb, part bigint, before bigint, due date, on_date date, days date[], sums bigint[]
) RETURNS bigint LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    once bigint;
    unpaid_months numeric := 0;
BEGIN
    IF on_date <= due OR part <= 0 THEN
        RETURN 0;
    END IF;
    once := floor(billing_unpaid(part, before, due, days, sums) * (rule ->> 'once_percent')::numeric / 1000) * 10;
    IF part >= (rule ->> 'month_part_from')::bigint THEN
        SELECT coalesce(sum(billing_unpaid(part, before, ends, days, sums)), 0) INTO unpaid_months
        FROM generate_series(1, (rule ->> 'months_at_most')::integer) AS n
             CROSS JOIN LATERAL billing_month_end(due, n) AS ends
        WHERE on_date > ends;
    END IF;
    RETURN once + floor(unpaid_months * (rule ->> 'month_percent')::numeric / 1000) * 10;
END $$;

-- Surcharge on one part of a tax that its payer filed (신고납부), before a notice: by the day, the day of paying included, at
-- each day's own rate (Framework Act, article 55 paragraph 1 no. 1). The rule is billing.rules.late_payment.late_filing.
CREATE OR REPLACE FUNCTION billing_late_by_day(
    part bigint, before bigint, due date, on_date date, days date[], sums bigint[]
) RETURNS bigint LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    summed numeric;
    limited numeric;
BEGIN
    IF on_date <= due OR part <= 0 THEN
        RETURN 0;
    END IF;
    SELECT sum(billing_unpaid(part, before, d::date - 1, days, sums) * (t.body ->> 'day_percent')::numeric),
           max((t.body ->> 'at_most_percent')::numeric) FILTER (WHERE d::date = on_date)
    INTO summed, limited
    FROM generate_series(due + 1, on_date, interval '1 day') AS d
    JOIN billing_datedtable t ON t.name = 'late_filing' AND t.valid_from <= d::date
         AND (t.valid_to IS NULL OR d::date <= t.valid_to);
    RETURN least(floor(summed / 1000) * 10, floor(part * limited / 1000) * 10);
END $$;

CREATE OR REPLACE FUNCTION billing_unpaid(part bigint, before bigint, until date, days date[], sums bigint[]) RETURNS bigint
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT least(part, greatest(before + part - coalesce(sum(p.paid), 0), 0))::bigint
    FROM unnest(days, sums) AS p (paid_on, paid) WHERE p.paid_on <= until;
$$;

-- What a late line owes beside itself, with what stands beside the bill. The dated table is the one that the line's tax
-- names (billing_taxtype.late): taxes by the Framework Act, article 55, fines and charges by their own acts. The sum from
-- which months count is one of the bill and the tax (paragraph 4): lines of one tax, which share the first three digits
-- of their item as property tax and its urban-area part do, reach it together. What a payer filed himself is late by the
-- day, on the tax without its penalties; a year paid ahead (연납) is never late: unpaid it lapses.
CREATE OR REPLACE FUNCTION billing_surcharge(of_line bigint, amount bigint, liability date, due date, on_date date)
RETURNS bigint LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    rule jsonb;
    bill bigint;
    others bigint;
    piece record;
    moved date;
    days date[];
    sums bigint[];
    total bigint := 0;
    filed bigint;
    prepaid boolean;
BEGIN
    IF on_date <= due THEN
        RETURN 0;
    END IF;
    SELECT l.bill_id, b.facts ? 'prepaid_in', CASE WHEN b.facts ? 'filed_on' THEN
        trunc(coalesce((b.facts -> 'taxes' ->> l.tax_id)::numeric, 0) * billing_surcharge.amount / l.amount)::bigint END
    INTO STRICT bill, prepaid, filed
    FROM billing_billline l JOIN billing_bill b ON b.id = l.bill_id WHERE l.id = of_line;
    IF prepaid THEN
        RETURN 0;
    ELSIF filed IS NOT NULL THEN
        FOR piece IN SELECT * FROM billing_parts(bill, of_line, filed, due) LOOP
            moved := billing_due_moved(bill, piece.due_on);
            SELECT array_agg(billing_running(bill, moved, p.paid_on)), array_agg(p.tax_part) INTO days, sums
            FROM billing_billpaymentpart p WHERE p.line_id = of_line;
            total := total + billing_late_by_day(
                piece.part, piece.before, moved, billing_running(bill, moved, on_date), days, sums);
        END LOOP;
        RETURN total;
    END IF;
    SELECT t.body, (
        SELECT coalesce(sum(o.amount - (
            SELECT coalesce(sum(r.amount), 0) FROM billing_billadjustment r WHERE r.line_id = o.id)), 0)
        FROM billing_billline o JOIN billing_taxtype y ON y.code = o.tax_id
        WHERE o.bill_id = l.bill_id AND o.id <> l.id AND left(y.item, 3) = left(x.item, 3)
    ) INTO STRICT rule, others
    FROM billing_billline l
    JOIN billing_taxtype x ON x.code = l.tax_id
    JOIN billing_datedtable t ON t.name = x.late
    WHERE l.id = of_line AND t.valid_from <= liability AND (t.valid_to IS NULL OR liability <= t.valid_to);
    IF others > 0 THEN
        rule := rule || jsonb_build_object('month_part_from', (rule ->> 'month_part_from')::bigint - others);
    END IF;
    IF NOT EXISTS (SELECT FROM billing_billfact f WHERE f.bill_id = bill AND f.kind IN ('deferral', 'instalments')) THEN
        SELECT array_agg(p.paid_on), array_agg(p.tax_part) INTO days, sums
        FROM billing_billpaymentpart p WHERE p.line_id = of_line;
        RETURN billing_surcharge_of_part(rule, amount, 0, due, on_date, days, sums);
    END IF;
    FOR piece IN SELECT * FROM billing_parts(bill, of_line, amount, due) LOOP
        moved := billing_due_moved(bill, piece.due_on);
        SELECT array_agg(billing_running(bill, moved, p.paid_on)), array_agg(p.tax_part) INTO days, sums
        FROM billing_billpaymentpart p WHERE p.line_id = of_line;
        total := total + billing_surcharge_of_part(
            rule, piece.part, piece.before, moved, billing_running(bill, moved, on_date), days, sums);
    END LOOP;
    RETURN total;
END $$;

-- One row a line of the bills that are in force, as the caller may see them. `amount` is what is left of the tax after
-- reductions and, as long as it is in time, after the credit for electronic notice, automatic or early payment; what is to
-- be paid back no longer counts as paid.
CREATE OR REPLACE FUNCTION billing_owed(bill_ids bigint[], on_date date)
RETURNS TABLE (
    bill_id bigint, line_id bigint, place smallint, tax text, amount bigint, tax_paid bigint, surcharge bigint,
    surcharge_paid bigint
) LANGUAGE plpgsql STABLE SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN -- plpgsql with one plan kept from call to call: planning took three times as long as answering
    RETURN QUERY
    SELECT b.id, l.id, l.position, l.tax_id::text,
           t.left_of_line - CASE
               WHEN c.amount IS NULL OR a.credited OR on_date > coalesce(c.until_on, b.due_on)
                    AND (c.until_on IS NOT NULL OR on_date > billing_due_moved(b.id, b.due_on))
               THEN 0 ELSE least(c.amount, t.left_of_line) END,
           (coalesce(p.tax_part, 0) - coalesce(a.returned, 0))::bigint,
           CASE WHEN b.status <> 'issued' OR on_date <= b.due_on THEN 0
                ELSE billing_surcharge(l.id, t.left_of_line, b.liability_on, b.due_on, on_date) END,
           (coalesce(p.surcharge_part, 0) - coalesce(a.surcharge_returned, 0))::bigint
    FROM billing_bill b
    JOIN billing_billline l ON l.bill_id = b.id
    LEFT JOIN billing_billcredit c ON c.line_id = l.id
    LEFT JOIN LATERAL (
        SELECT sum(q.tax_part) AS tax_part, sum(q.surcharge_part) AS surcharge_part
        FROM billing_billpaymentpart q WHERE q.line_id = l.id
    ) AS p ON true
    LEFT JOIN LATERAL (
        SELECT sum(r.amount) AS amount, sum(r.returned) AS returned, sum(r.surcharge_returned) AS surcharge_returned,
               sum(r.amount) FILTER (WHERE r.credit) > 0 AS credited
        FROM billing_billadjustment r WHERE r.line_id = l.id
    ) AS a ON true
    CROSS JOIN LATERAL (SELECT (l.amount - coalesce(a.amount, 0))::bigint AS left_of_line) AS t
    WHERE b.id = ANY (bill_ids);
END $$;
