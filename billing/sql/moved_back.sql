-- What went back because of an act, by bill and tax: `off` of what was asked, `back` of what was paid, in won.
CREATE OR REPLACE FUNCTION billing_given_back(of_extension bigint, of_bills bigint[])
RETURNS TABLE (move_id bigint, bill_id bigint, tax text, body text, taxpayer_id bigint, off bigint, back bigint)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT m.id, m.bill_id, l.tax_id, b.body_id, b.taxpayer_id, sum(a.amount)::bigint,
           sum(a.returned + a.surcharge_returned)::bigint
    FROM billing_duemove m
    JOIN billing_billadjustment a ON a.bill_id = m.bill_id AND a.move_id = m.id
    JOIN billing_billline l ON l.id = a.line_id
    JOIN billing_bill b ON b.id = m.bill_id
    WHERE m.extension_id = of_extension AND m.bill_id = ANY (of_bills) GROUP BY m.id, l.tax_id, b.id
$$;

-- Whether something was paid on a bill after a day, and not taken back.
CREATE OR REPLACE FUNCTION billing_paid_after(of_bill bigint, day date) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT FROM billing_billpayment p WHERE p.bill_id = of_bill AND p.paid_on > day
                   GROUP BY coalesce(p.corrects_id, p.id) HAVING sum(p.applied) > 0);
END $$;

-- A due date that is moved for everybody after somebody paid late: what was paid for lateness that is none any more, and a
-- credit that was lost by it, are the payer's. Runs in the transaction that moved the due dates, whose bills are locked.
-- Answers of how many bills something goes back; each is announced like a reduction, and the move explains it.
CREATE OR REPLACE FUNCTION billing_give_back_moved(of_extension bigint, moment timestamptz) RETURNS integer
LANGUAGE plpgsql SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    day date := billing_local_date(moment);
    paid_late bigint[] := array(
        SELECT m.bill_id FROM billing_duemove m
        WHERE m.extension_id = of_extension AND billing_paid_after(m.bill_id, m.old_due_on));
    part record;
    given integer;
BEGIN
    -- Paid in full by the new due date, and without the credit: it is made good.
    INSERT INTO billing_billadjustment (bill_id, line_id, move_id, credit, amount, returned, surcharge_returned)
    SELECT m.bill_id, c.line_id, m.id, true, c.amount, c.amount, 0
    FROM billing_duemove m JOIN billing_billcredit c ON c.bill_id = m.bill_id
    WHERE m.extension_id = of_extension AND m.bill_id = ANY (paid_late) AND c.until_on IS NULL
      AND 0 = (SELECT coalesce(sum(a.amount), 0) FROM billing_billadjustment a WHERE a.line_id = c.line_id AND a.credit)
      AND NOT billing_paid_after(m.bill_id, billing_due_moved(m.bill_id, m.new_due_on))
      AND NOT EXISTS ( -- asked after the last day of credits, when a bill owes all of it
          SELECT FROM billing_owed(ARRAY[m.bill_id], greatest(day, billing_due_moved(m.bill_id, m.new_due_on) + 1)) o
          WHERE o.tax_paid < o.amount OR o.line_id = c.line_id AND o.amount < c.amount);
    INSERT INTO billing_billadjustment (bill_id, line_id, move_id, credit, amount, returned, surcharge_returned)
    SELECT o.bill_id, o.line_id, m.id, false, 0, 0, o.surcharge_paid - o.surcharge
    FROM billing_owed(paid_late, day) o
    JOIN billing_duemove m ON m.extension_id = of_extension AND m.bill_id = o.bill_id
    WHERE o.surcharge_paid > o.surcharge;

    FOR part IN
        SELECT b.body, array_agg(format('move:%s:%s', b.move_id, b.tax)) AS labels, array_agg(b.tax) AS taxes,
               array_agg(b.back) AS sums, array_agg(b.turn::integer) AS places
        FROM (
            SELECT g.*, row_number() OVER (PARTITION BY g.body ORDER BY g.move_id, g.tax) AS turn
            FROM billing_given_back(of_extension, paid_late) g ORDER BY g.body, turn
        ) AS b GROUP BY b.body
    LOOP
        PERFORM ledger_post_batch(
            'late_payment_returned', format('extension:%s:%s', of_extension, part.body), day, moment, part.body, 'revenue',
            'refund_payable', part.labels, part.places, part.taxes, part.sums);
    END LOOP;
    PERFORM core_publish('billing.reduced.v1', jsonb_build_object(
        'bill_id', g.bill_id, 'change_id', NULL, 'taxpayer_id', g.taxpayer_id, 'amount', sum(g.off), 'excess', sum(g.back)))
    FROM billing_given_back(of_extension, paid_late) g GROUP BY g.bill_id, g.taxpayer_id;
    GET DIAGNOSTICS given = ROW_COUNT;
    RETURN given;
END $$;

GRANT EXECUTE ON FUNCTION billing_give_back_moved(bigint, timestamptz), billing_given_back(bigint, bigint[]),
    billing_paid_after(bigint, date) TO etax_worker;
