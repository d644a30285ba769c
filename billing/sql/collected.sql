-- What was collected, whose bill it was and for which tax: the base of the distribution among city and districts. What is taken
-- back counts against the moment at which the money had come.
-- Payments come in about the order of their moments, so a few block ranges hold a day.
CREATE INDEX IF NOT EXISTS billing_payment_moment ON billing_billpayment USING brin (paid_at)
    WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX IF NOT EXISTS billing_payment_recorded ON billing_billpayment USING brin (recorded_at)
    WITH (pages_per_range = 16, autosummarize = on);

-- By body and main tax of the bill, and tax of the line, with its surcharge; `starts` is included, `ends` is not.
CREATE OR REPLACE FUNCTION billing_collected(starts timestamptz, ends timestamptz)
RETURNS TABLE (body text, main_tax text, tax text, amount bigint)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT b.body_id, b.tax_id, l.tax_id, sum(q.tax_part + q.surcharge_part)::bigint
    FROM billing_billpayment p
    JOIN billing_billpaymentpart q ON q.payment_id = p.id
    JOIN billing_billline l ON l.id = q.line_id
    JOIN billing_bill b ON b.id = p.bill_id
    WHERE p.paid_at >= starts AND p.paid_at < ends
    GROUP BY b.body_id, b.tax_id, l.tax_id
    ORDER BY b.body_id, b.tax_id, l.tax_id;
$$;

-- The moments of payment, one for each day of the city, of everything that was written down since: days whose sums may have
-- changed.
CREATE OR REPLACE FUNCTION billing_moments_recorded(since timestamptz) RETURNS SETOF timestamptz
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT DISTINCT date_trunc('hour', p.paid_at) FROM billing_billpayment p WHERE p.recorded_at >= since ORDER BY 1;
$$;
GRANT EXECUTE ON FUNCTION billing_collected(timestamptz, timestamptz), billing_moments_recorded(timestamptz) TO etax_worker;
