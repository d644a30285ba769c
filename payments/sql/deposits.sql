-- A bank's file of deposits, posted a chunk at a time by one statement a table: the same rows as payments_settle,
-- payments_suspend and payments_pay_directly would write one after the other. What is out of the ordinary is left to them
-- (fate `apart`). Here lines find whom they are for; deposits_post.sql writes them down. Everything goes through the indexes,
-- however small the tables were when they were counted last.

-- Who held the number that each line was paid to, at the moment of the deposit; no row where nobody did or it can't be told.
-- Numbers are given out again: a deposit goes to whom the number belonged then. Where the bank told the day only and the
-- number changed hands on it, and where the sum is the former holder's and not the present one's, an officer decides. Five
-- minutes are left to clocks that differ, if nobody held the number before.
CREATE OR REPLACE FUNCTION payments_holders(of_bank text, line_ids bigint[])
RETURNS TABLE (line_id bigint, attempt_id bigint)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp SET enable_seqscan = off
SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    zone text := billing_time_zone();
BEGIN
    RETURN QUERY
    SELECT l.id, h.attempt_id
    FROM payments_bankline l
    CROSS JOIN LATERAL (
        SELECT v.attempt_id, v.issued_at, a.amount
        FROM payments_virtualaccount v JOIN payments_attempt a ON a.id = v.attempt_id
        WHERE v.number = l.number AND v.bank = of_bank
          AND CASE WHEN l.exact THEN v.issued_at <= l.at + interval '5 minutes'
                   ELSE (v.issued_at AT TIME ZONE zone)::date <= l.booked_on END
        ORDER BY v.issued_at DESC LIMIT 1
    ) AS h
    LEFT JOIN LATERAL (
        SELECT a.amount
        FROM payments_virtualaccount v JOIN payments_attempt a ON a.id = v.attempt_id
        WHERE v.number = l.number AND v.bank = of_bank AND v.issued_at < h.issued_at
        ORDER BY v.issued_at DESC LIMIT 1
    ) AS former ON true
    WHERE l.id = ANY (line_ids) AND l.fate = 'waiting' AND l.number <> '' AND NOT l.taken_back
      AND (former.amount IS NULL OR NOT (
               former.amount = l.amount AND h.amount <> l.amount
               OR l.exact AND l.at < date_trunc('second', h.issued_at)
               OR NOT l.exact AND (h.issued_at AT TIME ZONE zone)::date = l.booked_on));
END $$;

-- Which lines without a number of their own were told by the bank's other kind of file already: a statement gives a batch
-- in one sum that a notice gave singly; and of lines that no reference names at all, as many as the other kind told
-- (same account, day, sum and number) are the same.
CREATE OR REPLACE FUNCTION payments_told_before(line_ids bigint[]) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp SET enable_seqscan = off
SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    RETURN QUERY
    SELECT l.id FROM payments_bankline l
    WHERE l.id = ANY (line_ids) AND l.entry_ref <> '' AND EXISTS (
        SELECT FROM payments_bankline e -- `<> ''` for the index
        WHERE e.gateway = l.gateway AND e.entry_ref = l.entry_ref AND e.entry_ref <> '' AND e.booked AND e.id <> l.id
          AND e.of_statement <> l.of_statement AND sign(e.amount) = sign(l.amount)
          AND e.fate NOT IN ('waiting', 'told', 'repeated')
          AND (l.own_ref IN ('', l.entry_ref) OR e.own_ref IN ('', e.entry_ref)));
    RETURN QUERY
    WITH nameless AS (
        SELECT DISTINCT l.gateway, l.account, l.booked_on, l.amount, l.number, l.taken_back, l.of_statement
        FROM payments_bankline l WHERE l.id = ANY (line_ids) AND l.entry_ref = '' AND l.own_ref = '' AND l.booked
    )
    SELECT s.id FROM (
        SELECT e.id, e.of_statement = n.of_statement AS ours,
               row_number() OVER (PARTITION BY n, e.of_statement ORDER BY e.id) AS turn,
               count(*) FILTER (WHERE e.of_statement <> n.of_statement AND e.fate NOT IN ('waiting', 'told'))
                   OVER (PARTITION BY n) AS told
        FROM nameless n JOIN payments_bankline e
             ON e.gateway = n.gateway AND e.account = n.account AND e.booked_on = n.booked_on AND e.amount = n.amount
             AND e.number = n.number AND e.taken_back = n.taken_back
        WHERE e.entry_ref = '' AND e.own_ref = '' AND e.booked AND e.fate <> 'repeated'
    ) AS s WHERE s.ours AND s.turn <= s.told AND s.id = ANY (line_ids);
END $$;

-- The fate of lines that bring no money, and of money that stands in the books.
CREATE OR REPLACE FUNCTION payments_sort_lines(line_ids bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_seqscan = off
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    told bigint[] := array(SELECT payments_told_before(line_ids));
BEGIN
    UPDATE payments_bankline l SET fate = s.fate FROM (
        SELECT l.id, CASE
            WHEN NOT l.booked OR l.amount = 0 THEN 'informational'
            WHEN EXISTS (SELECT FROM payments_payment p WHERE p.gateway = l.gateway AND p.movement_id = l.movement_id)
                 OR EXISTS (SELECT FROM payments_bankline e WHERE e.gateway = l.gateway
                            AND e.movement_id = l.movement_id AND e.booked AND e.id < l.id) THEN 'repeated'
            WHEN l.id = ANY (told) THEN 'told'
            WHEN l.end_to_end LIKE 'TRF-%' -- of our own numbering: money that we sent, or that comes back
                 AND EXISTS (SELECT FROM payments_transfer t WHERE t.reference = l.end_to_end) THEN 'apart'
            WHEN l.amount < 0 THEN CASE WHEN l.taken_back THEN 'apart' ELSE 'out' END
        END AS fate
        FROM payments_bankline l WHERE l.id = ANY (line_ids)
    ) AS s WHERE l.id = s.id AND s.fate IS NOT NULL;
END $$;

-- Deposits find the attempt of the number's holder, or the bill that their text names (`attempt_id` is NULL); answers those
-- that can be posted together, in the order of their bills. What is out of the ordinary is set `apart`; what fits nothing
-- keeps `waiting`. Locks the attempts, then the bills, each in the order of their keys. A bill takes one deposit a chunk: the
-- second sees the first. What is taken back of a deposit may have come first and waits: both are posted by themselves.
CREATE OR REPLACE FUNCTION payments_match_lines(of_bank text, line_ids bigint[], at timestamptz)
RETURNS TABLE (line_id bigint, attempt_id bigint, bill_id bigint)
LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_seqscan = off
SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    held bigint[];
    holders bigint[];
    plain bigint[];
BEGIN
    SELECT array_agg(h.line_id), array_agg(h.attempt_id) INTO held, holders FROM payments_holders(of_bank, line_ids) AS h;
    PERFORM FROM payments_attempt a WHERE a.id = ANY (holders) ORDER BY a.id FOR NO KEY UPDATE;
    plain := billing_lock_plain(array(
        SELECT i.bill_id FROM payments_attemptitem i WHERE i.attempt_id = ANY (holders)
        UNION
        SELECT b.id FROM payments_bankline l JOIN billing_bill b ON b.epay_number = l.bill_number
        WHERE l.id = ANY (line_ids) AND l.fate = 'waiting' AND l.bill_number <> ''));
    RETURN QUERY
    WITH found AS MATERIALIZED (
        SELECT l.id, a.id AS attempt_id, coalesce(i.bill_id, b.id) AS bill_id,
               row_number() OVER (PARTITION BY coalesce(i.bill_id, b.id) ORDER BY l.id) = 1
               AND coalesce(i.bill_id, b.id) = ANY (plain)
               AND CASE WHEN a.id IS NULL
                   THEN l.at BETWEEN payments_match_lines.at - interval '10 years'
                                 AND payments_match_lines.at + interval '1 day'
                   ELSE a.gateway = l.gateway AND l.at BETWEEN a.created_at - interval '1 day'
                                                           AND payments_match_lines.at + interval '60 days'
                        AND 1 = count(*) OVER (PARTITION BY l.id) -- the attempt has one bill
               END AS fits,
               EXISTS (SELECT FROM payments_reversal r WHERE r.gateway = l.gateway AND r.posted_at IS NULL
                       AND (r.of_movement = l.movement_id OR r.of_movement = ''
                            AND r.reference = coalesce(a.reference, nullif(l.number, '')))) AS awaited
        FROM payments_bankline l
        LEFT JOIN unnest(held, holders) AS h(line_id, attempt_id) ON h.line_id = l.id
        LEFT JOIN payments_attempt a ON a.id = h.attempt_id
        LEFT JOIN payments_attemptitem i ON i.attempt_id = a.id
        LEFT JOIN billing_bill b ON a.id IS NULL AND NOT l.taken_back AND l.bill_number <> ''
                                    AND b.epay_number = l.bill_number
        WHERE l.id = ANY (line_ids) AND l.fate = 'waiting'
    ), apart AS (
        UPDATE payments_bankline l SET fate = 'apart', attempt_id = f.attempt_id
        FROM found f WHERE l.id = f.id AND (f.awaited OR f.bill_id IS NOT NULL AND NOT f.fits)
    )
    SELECT f.id, f.attempt_id, f.bill_id FROM found f
    WHERE f.fits AND f.bill_id IS NOT NULL AND NOT f.awaited ORDER BY f.bill_id;
END $$;

-- The attempts of transfers that name a bill: written as paid, as payments_pay_directly writes them. Answers all attempts.
CREATE OR REPLACE FUNCTION payments_open_for_lines(
    lines bigint[], attempts bigint[], bills bigint[], at timestamptz, language text
) RETURNS bigint[] LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_seqscan = off
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    named integer[] := array(SELECT n.place FROM unnest(attempts) WITH ORDINALITY AS n(id, place) WHERE n.id IS NULL);
    ids bigint[];
BEGIN
    IF cardinality(named) = 0 THEN
        RETURN attempts;
    END IF;
    ids := core_next_ids('payments_attempt', cardinality(named));
    INSERT INTO payments_attempt (id, reference, channel, gateway, amount, status, session_mark, idempotency_key,
        language, token_hash, bank, gateway_key, page_url, failure, expires_at, created_at, paid_at, asks)
    SELECT n.id, l.order_reference, l.channel, l.gateway, l.amount, 'paid', l.gateway, l.movement_id,
           payments_open_for_lines.language, l.link_mark, '', '', '', '', l.at,
           least(payments_open_for_lines.at, l.at), l.at, 0
    FROM unnest(ids, named) AS n(id, place) JOIN payments_bankline l ON l.id = lines[n.place];
    INSERT INTO payments_attemptitem (attempt_id, bill_id, channel, amount, live)
    SELECT n.id, bills[n.place], l.channel, l.amount, false
    FROM unnest(ids, named) AS n(id, place) JOIN payments_bankline l ON l.id = lines[n.place];
    RETURN array(SELECT coalesce(a.id, n.id) FROM unnest(attempts) WITH ORDINALITY AS a(id, place)
                 LEFT JOIN unnest(ids, named) AS n(id, place) ON n.place = a.place ORDER BY a.place);
END $$;
