-- Why money goes back, where not an officer but the law says so. A ruling or a claim by right that was granted is told by who
-- decided about it (`told_by`), and nobody assesses the refund as something else. What the office corrects because somebody asked
-- for it is a correction on a complaint (고충민원), which bears no interest, if and only if the bill could no longer be
-- contested when they asked (Framework Act on Local Taxes, article 62 paragraph 3).

-- The last day on which a bill that arrived on a day could be objected to (article 90, moved off a day of rest, article 24), or a
-- return be claimed about (article 50 paragraph 1). NULL: the terms of that day are not in the pack.
CREATE OR REPLACE FUNCTION refunds_contestable_until(of_bill bigint, arrived date) RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN t.assessed = 'filed' OR b.facts ? 'filed_on' THEN greatest(o.until_on, refunds_months_after(b.nominal_due_on, (
               SELECT 12 * (c.body ->> 'years')::integer FROM billing_datedtable c
               WHERE c.name = 'correction_claim' AND c.valid_from <= billing_local_date(now())
                 AND (c.valid_to IS NULL OR billing_local_date(now()) <= c.valid_to)))) ELSE o.until_on END
    FROM billing_bill b JOIN billing_taxtype t ON t.code = b.tax_id
    CROSS JOIN (
        SELECT min(d)::date AS until_on
        FROM billing_datedtable a
        CROSS JOIN LATERAL (SELECT arrived + (a.body #>> '{file_within_days,objection}')::integer AS day) AS n
        CROSS JOIN LATERAL generate_series(n.day, n.day + 30, interval '1 day') AS d
        WHERE a.name = 'appeal_terms' AND a.valid_from <= arrived AND (a.valid_to IS NULL OR arrived <= a.valid_to)
          AND extract(isodow FROM d) < 6 AND NOT EXISTS (SELECT FROM billing_holiday h WHERE h.day = d::date)
    ) AS o
    WHERE b.id = of_bill;
$$;
GRANT EXECUTE ON FUNCTION refunds_contestable_until(bigint, date) TO etax_office, etax_worker;

-- Whether the law lets a refund be what an officer says. `event` of a complaint is the day on which it was made; `arrived` is the
-- day on which the bill's notice arrived, where that was so late that the payer still asked in time.
CREATE OR REPLACE FUNCTION refunds_law_allows(refund refunds_refund, cause text, event date, final date, arrived date)
RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE
        WHEN (refund).told_by IN ('appeal', 'claim') THEN
            (cause, event, final) IS NOT DISTINCT FROM ((refund).cause, (refund).event_on, (refund).final_on)
            AND arrived IS NULL
        WHEN cause = 'grievance' THEN
            (asked IS NULL OR event = asked) AND arrived IS NULL
            AND coalesce(event > refunds_contestable_until((refund).bill_id, issued.day), true)
        WHEN asked IS NULL THEN arrived IS NULL
        WHEN cause IN ('corrected', 'cancelled') THEN
            final IS NULL AND (arrived IS NULL OR arrived BETWEEN issued.day AND asked)
            AND coalesce(asked <= refunds_contestable_until((refund).bill_id, coalesce(arrived, issued.day)), false)
        ELSE cause <> 'amended' AND final IS NULL AND arrived IS NULL
    END
    FROM (SELECT (refund).requested_on) AS r (asked)
    LEFT JOIN LATERAL (SELECT billing_local_date(b.issued_at) AS day FROM billing_bill b WHERE b.id = (refund).bill_id) AS issued
        ON true;
$$;
