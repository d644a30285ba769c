-- Takes the next bills of a roll out of force, in the caller's transaction: at most `most` of one district, each with an
-- entry that undoes its opening. Bills on which something was paid or changed stay as they are. Returns how many; 0 when
-- none is left.
CREATE OR REPLACE FUNCTION billing_cancel_rows(of_roll bigint, most integer, at timestamptz, business_date date)
RETURNS integer LANGUAGE plpgsql SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    body text;
    locked bigint[];
    ids bigint[];
    places integer[];
    taxes text[];
    amounts bigint[];
BEGIN
    LOOP -- until something is found, or nothing is left: what was locked may have been paid while we waited for it
        SELECT r.body_id INTO body
        FROM billing_rollrow r JOIN billing_bill b ON b.roll_ref = r.roll_ref AND b.status = 'issued'
        WHERE r.roll_id = of_roll AND billing_is_untouched(b.id) LIMIT 1;
        SELECT array_agg(l.id) INTO locked FROM (
            SELECT b.id FROM billing_bill b WHERE b.id IN (
                SELECT c.id FROM billing_rollrow r JOIN billing_bill c ON c.roll_ref = r.roll_ref AND c.status = 'issued'
                WHERE r.roll_id = of_roll AND r.body_id = body AND billing_is_untouched(c.id) ORDER BY r.id LIMIT most
            ) ORDER BY b.id FOR UPDATE
        ) AS l;
        -- Looked at again afterwards, those that are locked and no others: a payment that came in between is seen.
        SELECT array_agg(b.id ORDER BY b.id) INTO ids FROM billing_bill b
        WHERE b.id = ANY (locked) AND b.status = 'issued' AND billing_is_untouched(b.id);
        EXIT WHEN locked IS NULL OR ids IS NOT NULL;
    END LOOP;
    IF ids IS NOT NULL THEN
        UPDATE billing_bill b SET status = 'cancelled' WHERE b.id = ANY (ids);
        SELECT array_agg(i.place::integer), array_agg(l.tax_id), array_agg(l.amount) INTO places, taxes, amounts
        FROM unnest(ids) WITH ORDINALITY AS i(id, place) JOIN billing_billline l ON l.bill_id = i.id;
        PERFORM ledger_post_batch(
            'levy_cancelled', format('roll:%s:%s:%s', of_roll, body, ids[1]), business_date, at, body, 'revenue', 'receivable',
            (SELECT array_agg('bill:' || id) FROM unnest(ids) AS id), places, taxes, amounts);
    END IF;
    -- A row whose bill is no longer in force may be billed by another roll.
    DELETE FROM billing_rollrow r WHERE r.roll_id = of_roll
        AND NOT EXISTS (SELECT FROM billing_bill b WHERE b.roll_ref = r.roll_ref AND b.status IN ('draft', 'issued'));
    RETURN coalesce(cardinality(ids), 0);
END $$;

-- Whether nothing was paid on a bill and nothing of it changed.
CREATE OR REPLACE FUNCTION billing_is_untouched(of_bill bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT NOT EXISTS (SELECT FROM billing_billpayment p WHERE p.bill_id = of_bill)
       AND NOT EXISTS (SELECT FROM billing_billadjustment a WHERE a.bill_id = of_bill)
$$;

GRANT EXECUTE ON FUNCTION billing_cancel_rows(bigint, integer, timestamptz, date), billing_is_untouched(bigint) TO etax_worker;
