-- Money of a payment is taken back (수납 취소): the bill owes what it would owe without it, from its own due dates. What
-- remains of that payment, and every payment after it, is applied anew in the order in which they were paid, so what was
-- too much goes first and another payment's overpayment takes the place of money that went.
--
-- Nothing is changed or removed: rows that correct a payment stand beside it, with its own day of payment, below zero for
-- what was taken out and above for what was put in anew.

-- A payment and its corrections never come to less than nothing, nor does any line of it.
CREATE OR REPLACE FUNCTION billing_check_correction() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM billing_billpayment p WHERE p.id = NEW.corrects_id AND p.corrects_id IS NOT NULL)
       OR (SELECT min(s.applied) < 0 OR min(s.excess) < 0
           FROM (SELECT sum(p.applied) AS applied, sum(p.excess) AS excess FROM billing_billpayment p
                 WHERE p.id = NEW.corrects_id OR p.corrects_id = NEW.corrects_id) AS s) THEN
        RAISE EXCEPTION 'more than was paid would be taken out of payment %', NEW.corrects_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'billing_correction_within_payment';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS check_correction ON billing_billpayment;
CREATE TRIGGER check_correction AFTER INSERT ON billing_billpayment
    FOR EACH ROW WHEN (NEW.corrects_id IS NOT NULL) EXECUTE FUNCTION billing_check_correction();

CREATE OR REPLACE FUNCTION billing_check_part() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    first bigint := (SELECT p.corrects_id FROM billing_billpayment p WHERE p.id = NEW.payment_id);
BEGIN
    IF first IS NULL OR EXISTS (
        SELECT FROM billing_billpaymentpart q JOIN billing_billpayment p ON p.id = q.payment_id
        WHERE q.line_id = NEW.line_id AND (p.id = first OR p.corrects_id = first)
        HAVING sum(q.tax_part) < 0 OR sum(q.surcharge_part) < 0
    ) THEN
        RAISE EXCEPTION 'more than was paid would be taken out of line %', NEW.line_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'billing_correction_within_part';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS check_part ON billing_billpaymentpart;
CREATE TRIGGER check_part AFTER INSERT ON billing_billpaymentpart
    FOR EACH ROW WHEN (NEW.tax_part < 0 OR NEW.surcharge_part < 0) EXECUTE FUNCTION billing_check_part();

-- The credit of a line holds once or not at all.
CREATE OR REPLACE FUNCTION billing_check_credit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM billing_billadjustment a WHERE a.line_id = NEW.line_id AND a.credit
               HAVING sum(a.amount) NOT IN (0, max(a.amount)) OR sum(sign(a.amount)) > 1) THEN
        RAISE EXCEPTION 'the credit of line % holds once', NEW.line_id
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'billing_adjustment_credit_once';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS check_credit ON billing_billadjustment;
CREATE TRIGGER check_credit AFTER INSERT ON billing_billadjustment
    FOR EACH ROW WHEN (NEW.credit) EXECUTE FUNCTION billing_check_credit();

-- Of what a change or a moved due date gave back, never more is undone than it gave.
CREATE OR REPLACE FUNCTION billing_check_undone() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM billing_billadjustment a WHERE a.line_id = NEW.line_id
               AND (a.change_id, a.move_id) IS NOT DISTINCT FROM (NEW.change_id, NEW.move_id)
               HAVING sum(a.returned) < 0 OR sum(a.surcharge_returned) < 0) THEN
        RAISE EXCEPTION 'more than was given back on line % would be undone', NEW.line_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'billing_undone_within_given_back';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS check_undone ON billing_billadjustment;
CREATE TRIGGER check_undone AFTER INSERT ON billing_billadjustment
    FOR EACH ROW WHEN (NEW.returned < 0 OR NEW.surcharge_returned < 0) EXECUTE FUNCTION billing_check_undone();

-- A bill and those that were issued in its place, the newest last.
CREATE OR REPLACE FUNCTION billing_chain(of_bill bigint) RETURNS bigint[]
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH RECURSIVE chain (id, place) AS (
        SELECT of_bill, 1
        UNION ALL SELECT r.new_id, c.place + 1 FROM chain c JOIN billing_billreplacement r ON r.old_id = c.id
    )
    SELECT array_agg(c.id ORDER BY c.place) FROM chain c;
$$;

-- What of a payment stands on a bill, or on the one in its place: `applied` and `excess` after all corrections.
CREATE OR REPLACE FUNCTION billing_held(of_bill bigint, payment_reference text)
RETURNS TABLE (applied bigint, excess bigint)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    chain bigint[] := billing_chain(of_bill);
BEGIN
    RETURN QUERY
    SELECT coalesce(sum(q.applied) FILTER (WHERE q.bill_id = chain[cardinality(chain)]), 0)::bigint,
           coalesce(sum(q.excess), 0)::bigint
    FROM billing_billpayment p
    JOIN billing_billpayment q ON q.id = p.id OR q.corrects_id = p.id
    WHERE p.bill_id = ANY (chain) AND p.reference = payment_reference AND p.corrects_id IS NULL;
END $$;

-- Take `amount` of a payment out of a bill. The caller holds the bills' locks and takes no more than `billing_held`.
-- Answer: {"bill_id", "taxpayer_id", "body", "tax", "applied", "excess", "postings", "payments"}: by how much less is
-- applied and too much (either may be below zero, their sum is the amount); `postings` are debits that sum to the
-- amount; `payments` whose lines changed: [{"reference", "bill_id", "body", "tax", "taxpayer_id", "applied", "postings"}].
CREATE OR REPLACE FUNCTION billing_take_back(
    of_bill bigint, payment_reference text, amount bigint, taken_at timestamptz, reversal_reference text
) RETURNS jsonb LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    chain bigint[] := billing_chain(of_bill);
    bill billing_bill%ROWTYPE;
    mine billing_billpayment%ROWTYPE;
    older record;
    payment record;
    due bigint := amount;
    share bigint;
    made bigint[] := '{}';
    filled billing_billpayment%ROWTYPE;
    touched bigint[] := '{}';
BEGIN
    SELECT * INTO STRICT bill FROM billing_bill b WHERE b.id = chain[cardinality(chain)];
    SELECT * INTO STRICT mine FROM billing_billpayment p
    WHERE p.bill_id = bill.id AND p.reference = payment_reference AND p.corrects_id IS NULL;
    FOR older IN -- what was too much stayed with the bill that was replaced
        SELECT p.*, x.excess AS held FROM billing_billpayment p
        CROSS JOIN LATERAL (SELECT sum(q.excess) AS excess FROM billing_billpayment q
                            WHERE q.id = p.id OR q.corrects_id = p.id) AS x
        WHERE p.bill_id = ANY (chain) AND p.bill_id <> bill.id AND p.reference = payment_reference
          AND p.corrects_id IS NULL AND x.excess > 0
    LOOP
        made := made || billing_correct(older.id, older.bill_id, 0, least(older.held, due)::bigint, reversal_reference);
        due := due - least(older.held, due);
    END LOOP;
    IF due > 0 AND bill.status = 'issued' THEN
        -- After what was too much, on the bill or on a line (`billing_undo_share`), goes what reductions gave back, whatever
        -- tax it stands on: else a tax would be owed again while money of another is paid back. Everything is applied anew
        -- then, since that money may stand on another line.
        SELECT least(given.back, greatest(due - more.excess - spare.sum_of_lines, 0)) INTO share
        FROM (SELECT coalesce(sum(a.returned + a.surcharge_returned), 0)::bigint AS back
              FROM billing_billadjustment a WHERE a.bill_id = bill.id) AS given
        CROSS JOIN (SELECT coalesce(sum(q.excess), 0)::bigint AS excess
                    FROM billing_billpayment p JOIN billing_billpayment q ON q.id = p.id OR q.corrects_id = p.id
                    WHERE p.bill_id = bill.id AND p.corrects_id IS NULL
                      AND (p.paid_at, p.id) >= (mine.paid_at, mine.id)) AS more
        CROSS JOIN (SELECT coalesce(sum(greatest(o.tax_paid - o.amount, 0)
                                        + greatest(o.surcharge_paid - o.surcharge, 0)), 0)::bigint AS sum_of_lines
                    FROM billing_owed(ARRAY[bill.id], billing_local_date(taken_at)) o) AS spare;
        PERFORM billing_undo_share(bill.id, share, taken_at, 'share/' || reversal_reference);
        PERFORM billing_lose_credit(bill, taken_at, reversal_reference);
        FOR payment IN
            SELECT p.id, p.paid_at, s.applied, s.excess, '' AS again FROM billing_billpayment p
            CROSS JOIN LATERAL (SELECT sum(q.applied)::bigint AS applied, sum(q.excess)::bigint AS excess
                                FROM billing_billpayment q WHERE q.id = p.id OR q.corrects_id = p.id) AS s
            WHERE p.bill_id = bill.id AND p.corrects_id IS NULL AND s.applied + s.excess > 0
              AND (share > 0 OR (p.paid_at, p.id) >= (mine.paid_at, mine.id))
            ORDER BY p.paid_at, p.id
        LOOP
            made := made || billing_correct(payment.id, bill.id, payment.applied, payment.excess,
                                            reversal_reference || '-' || payment.id);
            touched := touched || payment.id;
        END LOOP;
        FOR payment IN
            SELECT p.id, p.paid_at, sum(-q.applied - q.excess)::bigint - CASE p.id WHEN mine.id THEN due ELSE 0 END AS left
            FROM billing_billpayment p JOIN billing_billpayment q ON q.corrects_id = p.id AND q.id = ANY (made)
            WHERE p.id = ANY (touched) GROUP BY p.id ORDER BY p.paid_at, p.id
        LOOP
            IF payment.left < 0 THEN
                RAISE EXCEPTION 'more than was paid would be taken out of payment %', payment.id
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'billing_correction_within_payment';
            ELSIF payment.left > 0 THEN
                filled := billing_fill(bill, payment.left, payment.paid_at,
                                       reversal_reference || '+' || payment.id, payment.id);
                made := made || filled.id;
                IF filled.remaining = 0 AND filled.applied > 0 THEN
                    PERFORM billing_grant_credit(bill, filled.paid_on, taken_at);
                END IF;
            END IF;
        END LOOP;
        PERFORM billing_undo_giving_back(bill, taken_at, reversal_reference);
    ELSIF due > 0 THEN -- cancelled, written off, prescribed: nothing takes its place
        SELECT sum(q.excess)::bigint AS excess INTO payment FROM billing_billpayment q
        WHERE q.id = mine.id OR q.corrects_id = mine.id;
        made := made || billing_correct(mine.id, bill.id, due - least(due, payment.excess), least(due, payment.excess),
                                        reversal_reference || '-' || mine.id);
        touched := ARRAY[mine.id];
    END IF;
    RETURN billing_taken_answer(bill, made, touched);
END $$;

-- One row that takes `applied` and `excess` out of a payment; of its lines the last that it filled go first.
CREATE OR REPLACE FUNCTION billing_correct(
    of_payment bigint, of_bill bigint, applied bigint, excess bigint, correction_reference text
) RETURNS bigint LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    new_id bigint;
BEGIN
    INSERT INTO billing_billpayment (bill_id, reference, paid_at, paid_on, applied, excess, remaining, corrects_id)
    SELECT of_bill, correction_reference, p.paid_at, p.paid_on, -applied, -excess, 0, p.id
    FROM billing_billpayment p WHERE p.id = of_payment
    RETURNING id INTO new_id;
    WITH held AS (
        SELECT q.line_id, s.late, sum(s.part) AS part,
               row_number() OVER (ORDER BY s.late DESC, l.position DESC) AS turn
        FROM billing_billpayment p
        JOIN billing_billpaymentpart q ON q.payment_id = p.id
        JOIN billing_billline l ON l.id = q.line_id
        CROSS JOIN LATERAL (VALUES (false, q.tax_part), (true, q.surcharge_part)) AS s (late, part)
        WHERE p.id = of_payment OR p.corrects_id = of_payment
        GROUP BY q.line_id, l.position, s.late HAVING sum(s.part) > 0
    ), taken AS (
        SELECT h.line_id, h.late,
               least(h.part, greatest(applied - (sum(h.part) OVER (ORDER BY h.turn) - h.part), 0))::bigint AS part
        FROM held h
    )
    INSERT INTO billing_billpaymentpart (payment_id, line_id, paid_on, tax_part, surcharge_part)
    SELECT new_id, t.line_id, p.paid_on, -coalesce(sum(t.part) FILTER (WHERE NOT t.late), 0),
           -coalesce(sum(t.part) FILTER (WHERE t.late), 0)
    FROM taken t CROSS JOIN billing_billpayment p
    WHERE p.id = of_payment AND t.part > 0 GROUP BY t.line_id, p.paid_on;
    RETURN new_id;
END $$;

-- The credit for paying in time is gone with the money; `billing_grant_credit` gives it again where it still holds.
CREATE OR REPLACE FUNCTION billing_lose_credit(bill billing_bill, taken_at timestamptz, reversal_reference text)
RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    credit record;
BEGIN
    FOR credit IN
        SELECT a.line_id, l.tax_id, sum(a.amount)::bigint AS won
        FROM billing_billadjustment a JOIN billing_billline l ON l.id = a.line_id
        WHERE a.bill_id = (bill).id AND a.credit GROUP BY a.line_id, l.tax_id HAVING sum(a.amount) > 0
    LOOP
        INSERT INTO billing_billadjustment (bill_id, line_id, credit, amount, returned, surcharge_returned)
        VALUES ((bill).id, credit.line_id, true, -credit.won, 0, 0);
        PERFORM ledger_post_entry(
            'levy_credit_lost', left('bill:' || (bill).id || '/' || reversal_reference, 100), billing_local_date(taken_at),
            taken_at, jsonb_build_array(
                jsonb_build_object('body', (bill).body_id, 'tax', credit.tax_id, 'purpose', 'receivable', 'amount', credit.won),
                jsonb_build_object('body', (bill).body_id, 'tax', credit.tax_id, 'purpose', 'revenue', 'amount', -credit.won)));
    END LOOP;
END $$;

-- What reductions gave back of money that is gone is no longer to be paid back: as much of it as a line is still short of,
-- the newest first. It had left already where it was paid out; then the books show what its receiver owes.
CREATE OR REPLACE FUNCTION billing_undo_giving_back(bill billing_bill, taken_at timestamptz, reversal_reference text)
RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    sides jsonb;
BEGIN
    WITH given AS (
        SELECT a.line_id, a.change_id, a.move_id, a.credit, sum(a.returned) AS tax, sum(a.surcharge_returned) AS late,
               row_number() OVER (PARTITION BY a.line_id ORDER BY min(a.id) DESC) AS turn
        FROM billing_billadjustment a WHERE a.bill_id = (bill).id
        GROUP BY a.line_id, a.change_id, a.move_id, a.credit HAVING sum(a.returned) > 0 OR sum(a.surcharge_returned) > 0
    ), short AS (
        SELECT o.line_id, greatest(o.amount - o.tax_paid, 0) AS tax, greatest(o.surcharge - o.surcharge_paid, 0) AS late
        FROM billing_owed(ARRAY[(bill).id], billing_local_date(taken_at)) o
    ), undone AS (
        SELECT g.line_id, g.change_id, g.move_id, g.credit,
               least(g.tax, greatest(s.tax - (sum(g.tax) OVER earlier - g.tax), 0))::bigint AS tax,
               least(g.late, greatest(s.late - (sum(g.late) OVER earlier - g.late), 0))::bigint AS late
        FROM given g JOIN short s ON s.line_id = g.line_id
        WINDOW earlier AS (PARTITION BY g.line_id ORDER BY g.turn)
    ), made AS (
        INSERT INTO billing_billadjustment
            (bill_id, line_id, change_id, move_id, credit, amount, returned, surcharge_returned)
        SELECT (bill).id, u.line_id, u.change_id, u.move_id, u.credit, 0, -u.tax, -u.late
        FROM undone u WHERE u.tax > 0 OR u.late > 0 RETURNING line_id, returned, surcharge_returned
    )
    SELECT jsonb_agg(jsonb_build_object(
        'body', (bill).body_id, 'tax', p.tax_id, 'purpose', p.purpose, 'amount', p.amount)) INTO sides
    FROM (
        SELECT l.tax_id, v.purpose, sum(v.amount)::bigint AS amount
        FROM made m JOIN billing_billline l ON l.id = m.line_id
        CROSS JOIN LATERAL (VALUES
            ('refund_payable', -m.returned - m.surcharge_returned), ('receivable', m.returned), ('revenue', m.surcharge_returned)
        ) AS v (purpose, amount)
        GROUP BY l.tax_id, v.purpose HAVING sum(v.amount) <> 0
    ) AS p;
    IF sides IS NOT NULL THEN
        PERFORM ledger_post_entry('giving_back_undone', left('bill:' || (bill).id || '/' || reversal_reference, 100),
                                  billing_local_date(taken_at), taken_at, sides);
    END IF;
END $$;

-- So much of what reductions gave back is no longer to be paid back as money, the newest first: it goes back otherwise, out of
-- the payment that `undone_reference` is about, which is taken back as far in the same transaction. Nothing of a bill that
-- is not in force: what it gave back stands on refunds payable until that is done.
CREATE OR REPLACE FUNCTION billing_undo_share(of_bill bigint, share bigint, taken_at timestamptz, undone_reference text)
RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    of_body text;
    sides jsonb;
BEGIN
    SELECT b.body_id INTO of_body FROM billing_bill b WHERE b.id = of_bill AND b.status = 'issued';
    IF of_body IS NULL OR share <= 0 THEN
        RETURN;
    END IF;
    WITH given AS (
        SELECT a.line_id, a.change_id, a.move_id, a.credit, sum(a.returned) AS tax, sum(a.surcharge_returned) AS late,
               sum(sum(a.returned + a.surcharge_returned)) OVER (ORDER BY min(a.id) DESC) AS up_to
        FROM billing_billadjustment a WHERE a.bill_id = of_bill
        GROUP BY a.line_id, a.change_id, a.move_id, a.credit HAVING sum(a.returned + a.surcharge_returned) > 0
    ), parts AS (
        SELECT g.*, least(g.tax + g.late, greatest(share - (g.up_to - g.tax - g.late), 0)) AS part FROM given g
    ), made AS (
        INSERT INTO billing_billadjustment
            (bill_id, line_id, change_id, move_id, credit, amount, returned, surcharge_returned)
        SELECT of_bill, p.line_id, p.change_id, p.move_id, p.credit, 0, -least(p.tax, p.part)::bigint,
               -greatest(p.part - p.tax, 0)::bigint
        FROM parts p WHERE p.part > 0 RETURNING line_id, returned, surcharge_returned
    )
    SELECT jsonb_agg(jsonb_build_object('body', of_body, 'tax', p.tax_id, 'purpose', p.purpose, 'amount', p.amount)) INTO sides
    FROM (
        SELECT l.tax_id, v.purpose, sum(v.amount)::bigint AS amount
        FROM made m JOIN billing_billline l ON l.id = m.line_id
        CROSS JOIN LATERAL (VALUES
            ('refund_payable', -m.returned - m.surcharge_returned), ('receivable', m.returned), ('revenue', m.surcharge_returned)
        ) AS v (purpose, amount)
        GROUP BY l.tax_id, v.purpose HAVING sum(v.amount) <> 0
    ) AS p;
    PERFORM ledger_post_entry('giving_back_undone', left('bill:' || of_bill || '/' || undone_reference, 100),
                              billing_local_date(taken_at), taken_at, sides);
END $$;
GRANT EXECUTE ON FUNCTION billing_undo_share(bigint, bigint, timestamptz, text) TO etax_worker;

-- What taking back did, from the rows it made. The money of a cancelled bill was to be paid back; a claim that was given
-- up is not taken up again by this.
CREATE OR REPLACE FUNCTION billing_taken_answer(bill billing_bill, made bigint[], touched bigint[]) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (
        SELECT jsonb_build_object(
            'bill_id', (bill).id, 'taxpayer_id', (bill).taxpayer_id, 'body', (bill).body_id, 'tax', (bill).tax_id,
            'applied', -sum(p.applied), 'excess', -sum(p.excess))
        FROM billing_billpayment p WHERE p.id = ANY (made)
    ) || jsonb_build_object('postings', (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'body', (bill).body_id, 'tax', s.tax, 'purpose', s.purpose, 'amount', s.amount)), '[]')
        FROM (
            SELECT l.tax_id AS tax, v.purpose, -sum(v.part)::bigint AS amount
            FROM billing_billpaymentpart q JOIN billing_billline l ON l.id = q.line_id
            CROSS JOIN LATERAL (VALUES
                (CASE (bill).status WHEN 'issued' THEN 'receivable' WHEN 'cancelled' THEN 'refund_payable' ELSE 'revenue' END,
                 q.tax_part),
                (CASE (bill).status WHEN 'cancelled' THEN 'refund_payable' ELSE 'revenue' END, q.surcharge_part)
            ) AS v (purpose, part)
            WHERE q.payment_id = ANY (made) GROUP BY 1, 2 HAVING sum(v.part) <> 0
            UNION ALL
            SELECT (bill).tax_id, 'overpayment', -sum(p.excess)::bigint FROM billing_billpayment p
            WHERE p.id = ANY (made) HAVING sum(p.excess) <> 0
        ) AS s
    ), 'payments', (
        SELECT coalesce(jsonb_agg(billing_payment_answer(bill, now_of) || jsonb_build_object(
            'reference', now_of.reference, 'applied', held.applied, 'postings', held.postings) ORDER BY now_of.id), '[]')
        FROM billing_billpayment now_of
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(-s.amount), 0) AS applied, coalesce(jsonb_agg(jsonb_build_object(
                'body', (bill).body_id, 'tax', s.tax, 'purpose', s.purpose, 'amount', s.amount)), '[]') AS postings
            FROM (
                SELECT l.tax_id AS tax, v.purpose, -sum(v.part)::bigint AS amount
                FROM billing_billpayment p JOIN billing_billpaymentpart q ON q.payment_id = p.id
                JOIN billing_billline l ON l.id = q.line_id
                CROSS JOIN LATERAL (VALUES ('receivable', q.tax_part), ('revenue', q.surcharge_part)) AS v (purpose, part)
                WHERE p.id = now_of.id OR p.corrects_id = now_of.id
                GROUP BY l.tax_id, v.purpose HAVING sum(v.part) <> 0
            ) AS s
        ) AS held
        WHERE now_of.id = ANY (touched) AND EXISTS ( -- changed by more than its rows
            SELECT FROM billing_billpayment p JOIN billing_billpaymentpart q ON q.payment_id = p.id
            WHERE p.corrects_id = now_of.id AND p.id = ANY (made) GROUP BY q.line_id
            HAVING sum(q.tax_part) <> 0 OR sum(q.surcharge_part) <> 0)
    ));
END $$;

GRANT EXECUTE ON FUNCTION billing_fill(billing_bill, bigint, timestamptz, text, bigint),
    billing_chain(bigint), billing_held(bigint, text), billing_correct(bigint, bigint, bigint, bigint, text),
    billing_lose_credit(billing_bill, timestamptz, text),
    billing_undo_giving_back(billing_bill, timestamptz, text), billing_taken_answer(billing_bill, bigint[], bigint[]),
    billing_take_back(bigint, text, bigint, timestamptz, text) TO etax_worker;
