-- What bills owe on a day. The rule is billing.rules.late_payment; tests hold both to the same answers. It stands here
-- too because a payment is applied in one round trip and lists ask for thousands of bills at once.

-- The city's day on which a moment falls; load_city writes the time zone.
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

-- Tax of a line that was paid until a day.
CREATE OR REPLACE FUNCTION billing_tax_paid(of_line bigint, until date) RETURNS bigint
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce(sum(p.tax_part), 0)::bigint FROM billing_billpaymentpart p
    WHERE p.line_id = of_line AND p.paid_on <= until;
$$;

-- What a late line owes beside itself: once, then by each full month; both cut to 10 won. The dated table is the one that
-- the line's tax names (billing_taxtype.late): taxes by the Framework Act, article 55, fines and charges by their own acts.
CREATE OR REPLACE FUNCTION billing_surcharge(of_line bigint, amount bigint, liability date, due date, on_date date)
RETURNS bigint LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    rule jsonb;
    once bigint;
    unpaid_months numeric := 0;
BEGIN
    IF on_date <= due THEN
        RETURN 0;
    END IF;
    SELECT t.body INTO STRICT rule
    FROM billing_billline l
    JOIN billing_taxtype x ON x.code = l.tax_id
    JOIN billing_datedtable t ON t.name = x.late
    WHERE l.id = of_line AND t.valid_from <= liability AND (t.valid_to IS NULL OR liability <= t.valid_to);
    once := floor(greatest(amount - billing_tax_paid(of_line, due), 0) * (rule ->> 'once_percent')::numeric / 1000) * 10;
    IF amount >= (rule ->> 'month_part_from')::bigint THEN
        SELECT coalesce(sum(greatest(amount - billing_tax_paid(of_line, ends), 0)), 0) INTO unpaid_months
        FROM generate_series(1, (rule ->> 'months_at_most')::integer) AS n
             CROSS JOIN LATERAL billing_month_end(due, n) AS ends
        WHERE on_date > ends;
    END IF;
    RETURN once + floor(unpaid_months * (rule ->> 'month_percent')::numeric / 1000) * 10;
END $$;

-- One row a line of the bills that are in force, as the caller may see them.
CREATE OR REPLACE FUNCTION billing_owed(bill_ids bigint[], on_date date)
RETURNS TABLE (
    bill_id bigint, line_id bigint, place smallint, tax text, amount bigint, tax_paid bigint, surcharge bigint,
    surcharge_paid bigint
) LANGUAGE plpgsql STABLE SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN -- plpgsql with one plan kept from call to call: planning took three times as long as answering
    RETURN QUERY
    SELECT b.id, l.id, l.position, l.tax_id::text, l.amount, coalesce(p.tax_part, 0)::bigint,
           CASE WHEN b.status <> 'issued' OR on_date <= b.due_on THEN 0
                ELSE billing_surcharge(l.id, l.amount, b.liability_on, b.due_on, on_date) END,
           coalesce(p.surcharge_part, 0)::bigint
    FROM billing_bill b
    JOIN billing_billline l ON l.bill_id = b.id
    LEFT JOIN LATERAL (
        SELECT sum(q.tax_part) AS tax_part, sum(q.surcharge_part) AS surcharge_part
        FROM billing_billpaymentpart q WHERE q.line_id = l.id
    ) AS p ON true
    WHERE b.id = ANY (bill_ids);
END $$;
