-- A bank's file of deposits, posted a chunk at a time in a few statements: the same rows as payments_settle, payments_suspend
-- and payments_pay_directly would write one after the other. What is out of the ordinary is left to them (fate `apart`).

-- Who held a virtual account's number at the moment of a deposit; NULL where nobody did or it can't be told. Numbers are given
-- out again: a deposit goes to whom the number belonged then. Where the bank told the day only and the number changed
-- hands on it, and where the sum is the former holder's and not the present one's, an officer decides. Five minutes are left
-- to clocks that differ, if nobody held the number before. Through the indexes, however small the tables were when it was
-- planned first.
CREATE OR REPLACE FUNCTION payments_holder(
    of_bank text, of_number text, at timestamptz, exact boolean, day date, amount bigint
) RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    holder record;
    former record;
BEGIN
    SELECT v.attempt_id, v.issued_at, a.amount INTO holder
    FROM payments_virtualaccount v JOIN payments_attempt a ON a.id = v.attempt_id
    WHERE v.number = of_number AND v.bank = of_bank
      AND CASE WHEN payments_holder.exact THEN v.issued_at <= payments_holder.at + interval '5 minutes'
               ELSE billing_local_date(v.issued_at) <= payments_holder.day END
    ORDER BY v.issued_at DESC LIMIT 1;
    IF holder.attempt_id IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT a.amount INTO former
    FROM payments_virtualaccount v JOIN payments_attempt a ON a.id = v.attempt_id
    WHERE v.number = of_number AND v.bank = of_bank AND v.issued_at < holder.issued_at
    ORDER BY v.issued_at DESC LIMIT 1;
    IF former.amount IS NOT NULL AND (
           former.amount = payments_holder.amount AND holder.amount <> payments_holder.amount
           OR payments_holder.exact AND payments_holder.at < date_trunc('second', holder.issued_at)
           OR NOT payments_holder.exact AND billing_local_date(holder.issued_at) = payments_holder.day) THEN
        RETURN NULL;
    END IF;
    RETURN holder.attempt_id;
END $$;

-- Whether a line without a number of its own was told by the bank's other kind of file already: a statement gives a batch
-- in one sum that a notice gave singly; and of lines that no reference names at all, as many as the other kind told
-- (same account, day, sum and number) are the same.
CREATE OR REPLACE FUNCTION payments_told_before(line payments_bankline) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    IF line.entry_ref <> '' THEN
        RETURN EXISTS (
            SELECT FROM payments_bankline e
            WHERE e.gateway = line.gateway AND e.entry_ref = line.entry_ref AND e.booked AND e.id <> line.id
              AND e.of_statement <> line.of_statement AND sign(e.amount) = sign(line.amount)
              AND e.fate NOT IN ('waiting', 'told', 'repeated')
              AND (line.own_ref IN ('', line.entry_ref) OR e.own_ref IN ('', e.entry_ref)));
    ELSIF line.own_ref <> '' THEN
        RETURN false;
    END IF;
    RETURN (
        SELECT count(*) FILTER (WHERE e.of_statement <> line.of_statement AND e.fate NOT IN ('waiting', 'told'))
               > count(*) FILTER (WHERE e.of_statement = line.of_statement AND e.id < line.id)
        FROM payments_bankline e
        WHERE e.gateway = line.gateway AND e.account = line.account AND e.booked_on = line.booked_on
          AND e.amount = line.amount AND e.number = line.number AND e.entry_ref = '' AND e.own_ref = ''
          AND e.booked AND e.taken_back = line.taken_back AND e.fate <> 'repeated');
END $$;

-- The fate of lines that bring no money, and of money that stands in the books.
CREATE OR REPLACE FUNCTION payments_sort_lines(line_ids bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off
SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    UPDATE payments_bankline l SET fate = s.fate FROM (
        SELECT l.id, CASE
            WHEN NOT l.booked OR l.amount = 0 THEN 'informational'
            WHEN EXISTS (SELECT FROM payments_payment p WHERE p.gateway = l.gateway AND p.movement_id = l.movement_id)
                 OR EXISTS (SELECT FROM payments_bankline e WHERE e.gateway = l.gateway
                            AND e.movement_id = l.movement_id AND e.booked AND e.id < l.id) THEN 'repeated'
            WHEN payments_told_before(l) THEN 'told'
            WHEN l.end_to_end LIKE 'TRF-%' -- of our own numbering: money that we sent, or that comes back
                 AND EXISTS (SELECT FROM payments_transfer t WHERE t.reference = l.end_to_end) THEN 'apart'
            WHEN l.amount < 0 THEN CASE WHEN l.taken_back THEN 'apart' ELSE 'out' END
        END AS fate
        FROM payments_bankline l WHERE l.id = ANY (line_ids)
    ) AS s WHERE l.id = s.id AND s.fate IS NOT NULL;
END $$;

-- Deposits find whom they are for; what can be posted with the others keeps `waiting`, the rest is set `apart`. Locks the
-- attempts, then the bills, each in the order of their keys. A bill takes one deposit a chunk: the second sees the first.
CREATE OR REPLACE FUNCTION payments_match_lines(of_bank text, line_ids bigint[], at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    plain bigint[];
BEGIN
    UPDATE payments_bankline l
    SET attempt_id = payments_holder(of_bank, l.number, l.at, l.exact, l.booked_on, l.amount)
    WHERE l.id = ANY (line_ids) AND l.fate = 'waiting' AND l.number <> '' AND NOT l.taken_back;
    -- What is taken back of it came first and waits: both are posted by themselves.
    UPDATE payments_bankline l SET fate = 'apart'
    WHERE l.id = ANY (line_ids) AND l.fate = 'waiting' AND EXISTS (
        SELECT FROM payments_reversal r WHERE r.gateway = l.gateway AND r.posted_at IS NULL
        AND (r.of_movement = l.movement_id OR r.of_movement = '' AND r.reference = coalesce(
            (SELECT a.reference FROM payments_attempt a WHERE a.id = l.attempt_id), nullif(l.number, ''))));
    PERFORM FROM payments_attempt a
    WHERE a.id IN (SELECT l.attempt_id FROM payments_bankline l WHERE l.id = ANY (line_ids) AND l.fate = 'waiting')
    ORDER BY a.id FOR NO KEY UPDATE;
    plain := billing_lock_plain(array(
        SELECT i.bill_id FROM payments_bankline l JOIN payments_attemptitem i ON i.attempt_id = l.attempt_id
        WHERE l.id = ANY (line_ids) AND l.fate = 'waiting'
        UNION
        SELECT b.id FROM payments_bankline l JOIN billing_bill b ON b.epay_number = l.bill_number
        WHERE l.id = ANY (line_ids) AND l.fate = 'waiting' AND l.attempt_id IS NULL AND l.bill_number <> ''));
    UPDATE payments_bankline l SET fate = 'apart'
    FROM (
        SELECT l.id, row_number() OVER (PARTITION BY coalesce(i.bill_id, b.id) ORDER BY l.id) AS turn,
               coalesce(i.bill_id, b.id) = ANY (plain) AND CASE WHEN a.id IS NULL
                   THEN l.at BETWEEN payments_match_lines.at - interval '10 years'
                                 AND payments_match_lines.at + interval '1 day'
                   ELSE a.gateway = l.gateway AND l.at BETWEEN a.created_at - interval '1 day'
                                                           AND payments_match_lines.at + interval '60 days'
                        AND (SELECT count(*) = 1 FROM payments_attemptitem o WHERE o.attempt_id = a.id)
               END AS fits
        FROM payments_bankline l
        LEFT JOIN payments_attempt a ON a.id = l.attempt_id
        LEFT JOIN payments_attemptitem i ON i.attempt_id = a.id
        LEFT JOIN billing_bill b ON a.id IS NULL AND l.bill_number <> '' AND b.epay_number = l.bill_number
        WHERE l.id = ANY (line_ids) AND l.fate = 'waiting' AND NOT l.taken_back AND coalesce(i.bill_id, b.id) IS NOT NULL
    ) AS s
    WHERE l.id = s.id AND NOT (s.fits AND s.turn = 1);
END $$;

-- The attempts of transfers that name a bill: written as paid, as payments_pay_directly writes them.
CREATE OR REPLACE FUNCTION payments_open_for_lines(line_ids bigint[], at timestamptz, language text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    WITH named AS MATERIALIZED (
        SELECT l.*, b.id AS bill_id FROM payments_bankline l JOIN billing_bill b ON b.epay_number = l.bill_number
        WHERE l.id = ANY (line_ids) AND l.fate = 'waiting' AND l.attempt_id IS NULL AND l.bill_number <> ''
          AND NOT l.taken_back
    ), made AS (
        INSERT INTO payments_attempt AS a (reference, channel, gateway, amount, status, session_mark, idempotency_key,
            language, token_hash, bank, gateway_key, page_url, failure, expires_at, created_at, paid_at, asks)
        SELECT n.order_reference, n.channel, n.gateway, n.amount, 'paid', n.gateway, n.movement_id,
               payments_open_for_lines.language, n.link_mark, '', '', '', '', n.at,
               least(payments_open_for_lines.at, n.at), n.at, 0
        FROM named n RETURNING a.id, a.idempotency_key
    ), items AS (
        INSERT INTO payments_attemptitem (attempt_id, bill_id, channel, amount, live)
        SELECT m.id, n.bill_id, n.channel, n.amount, false
        FROM made m JOIN named n ON n.movement_id = m.idempotency_key
    )
    UPDATE payments_bankline l SET attempt_id = m.id
    FROM made m JOIN named n ON n.movement_id = m.idempotency_key WHERE l.id = n.id;
END $$;

-- Every deposit of these lines that found its attempt, each to the one bill of it.
CREATE OR REPLACE FUNCTION payments_settle_lines(line_ids bigint[], at timestamptz, currency text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    lines bigint[];
    bills bigint[];
    amounts bigint[];
    moments timestamptz[];
    labels text[];
    answers jsonb[];
    ids bigint[];
BEGIN
    SELECT array_agg(l.id ORDER BY i.bill_id), array_agg(i.bill_id ORDER BY i.bill_id),
           array_agg(l.amount ORDER BY i.bill_id), array_agg(l.at ORDER BY i.bill_id),
           array_agg(l.gateway || ':' || l.movement_id ORDER BY i.bill_id)
    INTO lines, bills, amounts, moments, labels
    FROM payments_bankline l JOIN payments_attemptitem i ON i.attempt_id = l.attempt_id
    WHERE l.id = ANY (line_ids) AND l.fate = 'waiting';
    IF lines IS NULL THEN
        RETURN;
    END IF;
    SELECT array_agg(p.answer ORDER BY p.place) INTO answers
    FROM billing_apply_payments(bills, amounts, moments, labels) AS p;
    PERFORM payments_request_receipts(lines, answers, labels, at, currency);
    ids := core_next_ids('payments_payment', cardinality(lines));
    INSERT INTO payments_payment (id, gateway, movement_id, reference, attempt_id, kind, amount, applied, excess,
                                  suspense, approved_at)
    SELECT n.id, l.gateway, l.movement_id, a.reference, a.id, 'deposit', l.amount, (n.answer ->> 'applied')::bigint,
           (n.answer ->> 'excess')::bigint, 0, l.at
    FROM unnest(ids, lines, answers) AS n(id, line_id, answer)
    JOIN payments_bankline l ON l.id = n.line_id JOIN payments_attempt a ON a.id = l.attempt_id;
    PERFORM ledger_post_entries('payment', labels, array(SELECT billing_local_date(m) FROM unnest(moments) AS m), moments,
                                array(SELECT payments_sides(n.answer, n.amount)
                                      FROM unnest(answers, amounts) AS n(answer, amount)));
    PERFORM payments_tell_of_lines(ids, lines, answers, labels);
    UPDATE payments_bankline l SET fate = 'settled', payment_id = n.id
    FROM unnest(ids, lines) AS n(id, line_id) WHERE l.id = n.line_id;
    UPDATE payments_attempt a SET status = 'paid', paid_at = n.moment,
           ask_at = CASE WHEN a.channel = 'virtual_account' THEN a.ask_at END
    FROM unnest(lines, moments) AS n(line_id, moment) JOIN payments_bankline l ON l.id = n.line_id
    WHERE a.id = l.attempt_id AND a.status <> 'paid'
      AND a.amount <= payments_kept(a.id);
END $$;

-- Where the money of one bill stands in the books: the answer's credits, what came in, what was too much.
CREATE OR REPLACE FUNCTION payments_sides(answer jsonb, money bigint) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT (answer -> 'postings') || jsonb_build_array(jsonb_build_object(
               'body', answer -> 'body', 'tax', answer -> 'tax', 'purpose', 'clearing', 'amount', money))
        || CASE WHEN (answer ->> 'excess')::bigint > 0 THEN jsonb_build_array(jsonb_build_object(
               'body', answer -> 'body', 'tax', answer -> 'tax', 'purpose', 'overpayment',
               'amount', -(answer ->> 'excess')::bigint)) ELSE '[]' END;
$$;

-- Before the payments are written: the first money of an attempt opens its payer's link.
CREATE OR REPLACE FUNCTION payments_request_receipts(
    lines bigint[], answers jsonb[], labels text[], at timestamptz, currency text
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM receipts_request_documents('payment', array_agg(d.taxpayer), array_agg(d.label), array_agg(d.facts), at,
                                       array_agg(d.token))
    FROM (
        SELECT (n.answer ->> 'taxpayer_id')::bigint AS taxpayer, n.label || '/' || (n.answer ->> 'bill_id') AS label,
               payments_receipt_facts(n.answer, a.channel, l.at,
                                      jsonb_build_object('id', l.movement_id, 'currency', currency))
               || payments_payer_fact(a.payer) AS facts,
               CASE WHEN payments_kept(a.id) = 0 THEN a.token_hash END AS token
        FROM unnest(lines, answers, labels) AS n(line_id, answer, label)
        JOIN payments_bankline l ON l.id = n.line_id JOIN payments_attempt a ON a.id = l.attempt_id
        WHERE (n.answer ->> 'applied')::bigint > 0
    ) AS d HAVING count(*) > 0;
END $$;

CREATE OR REPLACE FUNCTION payments_tell_of_lines(ids bigint[], lines bigint[], answers jsonb[], labels text[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    too_much jsonb[];
    settled jsonb[];
    subjects text[];
    payers bigint[];
    details jsonb[];
    leaves jsonb[];
BEGIN
    SELECT array_agg(jsonb_build_object('payment_id', n.id, 'attempt_id', a.id, 'reference', a.reference,
                         'amount', l.amount, 'bill_ids', jsonb_build_array(n.answer -> 'bill_id')) ORDER BY n.place),
           array_agg('payment:' || n.id ORDER BY n.place), array_agg((n.answer ->> 'taxpayer_id')::bigint ORDER BY n.place),
           array_agg(jsonb_build_object('attempt', a.reference, 'applied', n.answer -> 'applied',
                                        'excess', n.answer -> 'excess') ORDER BY n.place),
           array_agg(jsonb_build_object('payment', n.id, 'attempt', a.reference, 'amount', l.amount, 'paid_at', l.at,
                         'applied', n.answer -> 'applied', 'excess', n.answer -> 'excess') ORDER BY n.place),
           array_agg(jsonb_build_object('payment_id', n.id, 'bill_id', n.answer -> 'bill_id', 'taxpayer_id',
                         n.answer -> 'taxpayer_id', 'amount', n.answer -> 'excess') ORDER BY n.place)
               FILTER (WHERE (n.answer ->> 'excess')::bigint > 0)
    INTO settled, subjects, payers, details, leaves, too_much
    FROM unnest(ids, lines, answers) WITH ORDINALITY AS n(id, line_id, answer, place)
    JOIN payments_bankline l ON l.id = n.line_id JOIN payments_attempt a ON a.id = l.attempt_id;
    PERFORM core_publish_many('payments.overpaid.v1', too_much);
    PERFORM core_publish_many('payments.settled.v1', settled);
    PERFORM core_audit_many('payment.settled', subjects, payers, details);
    PERFORM core_append_leaves('payment', labels, leaves);
END $$;

-- Money in that fits nothing (가수금), into the city's suspense.
CREATE OR REPLACE FUNCTION payments_suspend_lines(line_ids bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    lines bigint[] := array(SELECT l.id FROM payments_bankline l
                            WHERE l.id = ANY (line_ids) AND l.fate = 'waiting' ORDER BY l.id);
    ids bigint[];
    city text;
    labels text[];
    days date[];
    moments timestamptz[];
    sides jsonb[];
    leaves jsonb[];
BEGIN
    IF cardinality(lines) = 0 THEN
        RETURN;
    END IF;
    SELECT y.code INTO STRICT city FROM accounts_levyingbody y WHERE y.kind = 'city' ORDER BY y.code LIMIT 1;
    ids := core_next_ids('payments_payment', cardinality(lines));
    INSERT INTO payments_payment (id, gateway, movement_id, reference, kind, amount, applied, excess, suspense, approved_at)
    SELECT n.id, l.gateway, l.movement_id, l.number, 'deposit', l.amount, 0, 0, l.amount, l.at
    FROM unnest(ids, lines) AS n(id, line_id) JOIN payments_bankline l ON l.id = n.line_id;
    SELECT array_agg(l.gateway || ':' || l.movement_id ORDER BY n.place),
           array_agg(billing_local_date(l.at) ORDER BY n.place), array_agg(l.at ORDER BY n.place),
           array_agg(jsonb_build_array(
               jsonb_build_object('body', city, 'tax', 'unassigned', 'purpose', 'clearing', 'amount', l.amount),
               jsonb_build_object('body', city, 'tax', 'unassigned', 'purpose', 'suspense', 'amount', -l.amount)
           ) ORDER BY n.place),
           array_agg(jsonb_build_object('payment', n.id, 'amount', l.amount, 'paid_at', l.at, 'suspense', l.amount)
                     ORDER BY n.place)
    INTO labels, days, moments, sides, leaves
    FROM unnest(ids, lines) WITH ORDINALITY AS n(id, line_id, place) JOIN payments_bankline l ON l.id = n.line_id;
    PERFORM ledger_post_entries('payment', labels, days, moments, sides);
    PERFORM core_publish_many('payments.suspended.v1', array(
        SELECT jsonb_build_object('payment_id', n.id, 'amount', l.amount)
        FROM unnest(ids, lines) AS n(id, line_id) JOIN payments_bankline l ON l.id = n.line_id));
    PERFORM core_audit_many('payment.suspended', array(SELECT 'payment:' || id FROM unnest(ids) AS id), NULL, array(
        SELECT jsonb_build_object('reference', l.number) FROM unnest(lines) WITH ORDINALITY AS n(line_id, place)
        JOIN payments_bankline l ON l.id = n.line_id ORDER BY n.place));
    PERFORM core_append_leaves('payment', labels, leaves);
    UPDATE payments_bankline l SET fate = 'suspended', payment_id = n.id
    FROM unnest(ids, lines) AS n(id, line_id) WHERE l.id = n.line_id;
END $$;

-- The next lines of a file, at most `most`; answers how many it looked at, 0 when none waits. One file of a bank at a time.
CREATE OR REPLACE FUNCTION payments_post_deposits(
    of_file bigint, most integer, at timestamptz, currency text, language text
) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    file payments_bankfile%ROWTYPE;
    ids bigint[];
BEGIN
    SELECT * INTO STRICT file FROM payments_bankfile f WHERE f.id = of_file;
    PERFORM core_take_turn(file.gateway);
    ids := array(SELECT l.id FROM payments_bankline l WHERE l.file_id = of_file AND l.fate = 'waiting'
                 ORDER BY l.id LIMIT most);
    PERFORM payments_sort_lines(ids);
    PERFORM payments_match_lines(file.bank, ids, at);
    PERFORM payments_open_for_lines(ids, at, language);
    PERFORM payments_settle_lines(ids, at, currency);
    PERFORM payments_suspend_lines(ids);
    RETURN cardinality(ids);
END $$;
GRANT EXECUTE ON FUNCTION payments_post_deposits(bigint, integer, timestamptz, text, text),
    payments_holder(text, text, timestamptz, boolean, date, bigint) TO etax_worker;
