-- The entry of a change of a bill: the only one that the office's login can have written. The change must be in the hand of the
-- signed-in officer and the entry must say what it says, so that nobody posts anything else by raw SQL, not even in their own
-- body's books.
CREATE OR REPLACE FUNCTION billing_post_change(
    of_change bigint, kind text, business_date date, at timestamptz, postings jsonb
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF session_user = 'etax_office' AND billing_change_says(of_change, kind, postings) IS NOT TRUE THEN
        RAISE EXCEPTION 'no decided change of this officer posts that' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN ledger_post_entry(kind, 'change:' || of_change, business_date, at, postings);
END $$;

-- Reductions: tax by tax what the change's adjustments take off. Claims that leave the books or come back: as much of a tax
-- from its receivable as from its revenue, and never more than stands on the bill.
CREATE OR REPLACE FUNCTION billing_change_says(of_change bigint, of_kind text, postings jsonb) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    change billing_billchange%ROWTYPE;
    of_body text;
BEGIN
    SELECT h.* INTO change FROM billing_billchange c CROSS JOIN LATERAL billing_in_hand(c.bill_id, ARRAY[c.kind]) h
    WHERE c.id = of_change AND h.id = c.id AND (c.kind, of_kind) IN (
        ('reduce', 'levy_reduced'), ('cancel', 'levy_cancelled'), ('write_off', 'written_off'),
        ('revive', 'written_off_revived'), ('prescribe', 'prescribed'));
    SELECT b.body_id INTO of_body FROM billing_bill b
    WHERE b.id = change.bill_id AND b.body_id = ANY (accounts_session_bodies())
      AND b.taxpayer_id <> ALL (accounts_session_own_files());
    RETURN of_body IS NOT NULL AND NOT EXISTS (
        SELECT FROM (
            SELECT p.tax, bool_and(p.body = of_body AND p.purpose IN ('receivable', 'revenue', 'refund_payable')) AS here,
                   coalesce(sum(p.amount) FILTER (WHERE p.purpose = 'receivable'), 0) AS receivable,
                   coalesce(sum(p.amount) FILTER (WHERE p.purpose = 'revenue'), 0) AS revenue,
                   coalesce(sum(p.amount) FILTER (WHERE p.purpose = 'refund_payable'), 0) AS payable
            FROM jsonb_to_recordset(postings) AS p(body text, tax text, purpose text, amount bigint) GROUP BY p.tax
        ) AS said
        LEFT JOIN LATERAL (
            SELECT sum(a.amount) AS off, sum(a.returned) AS back, sum(a.surcharge_returned) AS surcharge
            FROM billing_billadjustment a JOIN billing_billline l ON l.id = a.line_id
            WHERE a.change_id = of_change AND l.tax_id = said.tax
        ) AS made ON true
        WHERE said.here IS NOT TRUE OR CASE
            WHEN change.kind IN ('reduce', 'cancel') THEN
                (said.receivable, said.revenue, said.payable)
                IS DISTINCT FROM (made.back - made.off, made.off + made.surcharge, -made.back - made.surcharge)
            ELSE said.payable <> 0 OR said.receivable <> -said.revenue OR abs(said.receivable) > (
                SELECT coalesce(sum(l.amount), 0) FROM billing_billline l WHERE l.bill_id = change.bill_id AND l.tax_id = said.tax)
            END);
END $$;
GRANT EXECUTE ON FUNCTION billing_post_change(bigint, text, date, timestamptz, jsonb) TO etax_office, etax_worker;
