-- Points that paid a bill which asks for less by now (감액) go back to their holder as points, and not as money: one more
-- taking back of their payment, out of that bill alone. Locks: attempts, bills, each in the order of their keys, the holder.

-- The locks under which it is computed what goes back: of the attempts of payments with points, and of all their bills.
CREATE OR REPLACE FUNCTION payments_hold_points(movements text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    attempts bigint[];
    locked bigint[];
    bills bigint[];
BEGIN
    SELECT array_agg(p.attempt_id ORDER BY p.attempt_id) INTO attempts
    FROM payments_payment p WHERE p.gateway = 'mileage' AND p.movement_id = ANY (movements);
    PERFORM FROM payments_attempt a WHERE a.id = ANY (attempts) ORDER BY a.id FOR NO KEY UPDATE;
    LOOP -- a bill may have been replaced while its lock was waited for
        SELECT array_agg(DISTINCT c.id ORDER BY c.id) INTO bills
        FROM payments_attemptitem i CROSS JOIN LATERAL unnest(billing_chain(i.bill_id)) AS c (id)
        WHERE i.attempt_id = ANY (attempts);
        EXIT WHEN bills IS NOT DISTINCT FROM locked;
        PERFORM FROM billing_bill b WHERE b.id = ANY (bills) ORDER BY b.id FOR UPDATE;
        locked := bills;
    END LOOP;
END $$;

-- Give `part` of a payment with points back, once for a `key`; false: it was before. `share` of it is what reductions gave
-- back, and is no longer to be paid back as money. Whoever calls holds those locks.
CREATE OR REPLACE FUNCTION payments_points_back(
    movement text, of_bill bigint, part bigint, share bigint, key text, currency text, days integer, at timestamptz
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    payment payments_payment%ROWTYPE;
    attempt payments_attempt%ROWTYPE;
    reversal payments_reversal%ROWTYPE;
BEGIN
    SELECT * INTO STRICT payment FROM payments_payment p WHERE p.gateway = 'mileage' AND p.movement_id = movement;
    SELECT * INTO STRICT attempt FROM payments_attempt a WHERE a.id = payment.attempt_id;
    INSERT INTO payments_reversal AS r
        (gateway, movement_id, reference, of_movement, kind, amount, currency, moved_at)
    VALUES ('mileage', movement || '/' || key, payment.reference, movement, 'cancel', part, payments_points_back.currency, at)
    ON CONFLICT (gateway, movement_id) DO NOTHING RETURNING * INTO reversal;
    IF reversal.id IS NULL THEN
        RETURN false;
    END IF;
    PERFORM billing_undo_share(of_bill, share, at, 'reversal:' || reversal.id || '/' || payment.id);
    PERFORM payments_take_from(reversal, payment.id, part, at, of_bill);
    UPDATE payments_reversal r SET posted_at = at WHERE r.id = reversal.id;
    PERFORM payments_after_reversal(attempt, reversal, at);
    PERFORM mileage_give_back(payment.reference, key, part, days, at);
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION payments_hold_points(text[]),
    payments_points_back(text, bigint, bigint, bigint, text, text, integer, timestamptz) TO etax_worker;
