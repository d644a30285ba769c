-- Deposits of a bank's file that found whom they are for (deposits.sql) are written down, all of a chunk by one statement a
-- table.

-- A deposit on its way into the books, the `place`-th of its chunk. `received`: what its attempt had before. `label`: its name in bills, books and log.
-- What the bill took of it, and where the money stands: billing_apply_payments.
DROP TYPE IF EXISTS payments_deposit CASCADE;
CREATE TYPE payments_deposit AS (
    place integer, payment_id bigint, line_id bigint, label text, gateway text, movement_id text, amount bigint, at timestamptz,
    attempt_id bigint, reference text, channel text, payer text, token_hash bytea, received bigint,
    bill_id bigint, taxpayer_id bigint, body text, tax text, day date, applied bigint, excess bigint,
    taxes text[], purposes text[], sums bigint[]
);

-- Each of these lines to the one bill of its attempt. The bills are locked and different from each other.
CREATE FUNCTION payments_apply_deposits(lines bigint[], attempts bigint[], bills bigint[]) RETURNS payments_deposit[]
LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_seqscan = off
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    ids bigint[] := core_next_ids('payments_payment', cardinality(lines));
    amounts bigint[];
    moments timestamptz[];
    labels text[];
BEGIN
    SELECT array_agg(l.amount ORDER BY n.place), array_agg(l.at ORDER BY n.place),
           array_agg(l.gateway || ':' || l.movement_id ORDER BY n.place)
    INTO amounts, moments, labels
    FROM unnest(lines) WITH ORDINALITY AS n(line_id, place) JOIN payments_bankline l ON l.id = n.line_id;
    RETURN array(
        SELECT ROW(n.place, n.id, l.id, n.label, l.gateway, l.movement_id, l.amount, l.at,
                   a.id, a.reference, a.channel, a.payer, a.token_hash, coalesce(k.received, 0),
                   n.bill_id, p.taxpayer_id, p.body, p.tax, p.day, p.applied, p.excess,
                   p.taxes, p.purposes, p.sums)::payments_deposit
        FROM unnest(ids, lines, attempts, bills, labels) WITH ORDINALITY
             AS n(id, line_id, attempt_id, bill_id, label, place)
        JOIN billing_apply_payments(bills, amounts, moments, labels) AS p ON p.place = n.place
        JOIN payments_bankline l ON l.id = n.line_id
        JOIN payments_attempt a ON a.id = n.attempt_id
        LEFT JOIN payments_received(attempts) AS k ON k.attempt_id = a.id
        ORDER BY n.place);
END $$;

-- What is left of the money of attempts that had some: payments_kept of many.
CREATE OR REPLACE FUNCTION payments_received(attempts bigint[]) RETURNS TABLE (attempt_id bigint, received bigint)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp SET enable_seqscan = off
SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT p.attempt_id, sum(p.amount - (
        SELECT coalesce(sum(r.amount), 0) FROM payments_reversalpart r WHERE r.payment_id = p.id))::bigint
    FROM payments_payment p WHERE p.attempt_id = ANY (attempts) GROUP BY p.attempt_id;
END $$;

-- Every deposit of these lines that found its bill: the payments, the books, receipts, and whom it is told.
CREATE OR REPLACE FUNCTION payments_settle_lines(
    lines bigint[], attempts bigint[], bills bigint[], at timestamptz, currency text
) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_seqscan = off
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    deposits payments_deposit[] := payments_apply_deposits(lines, attempts, bills);
BEGIN
    INSERT INTO payments_payment (id, gateway, movement_id, reference, attempt_id, kind, amount, applied, excess,
                                  suspense, approved_at)
    SELECT d.payment_id, d.gateway, d.movement_id, d.reference, d.attempt_id, 'deposit', d.amount, d.applied, d.excess,
           0, d.at
    FROM unnest(deposits) AS d;
    PERFORM payments_enter_deposits(deposits);
    PERFORM payments_request_receipts(deposits, at, currency);
    PERFORM payments_tell_of_deposits(deposits);
    UPDATE payments_attempt a SET status = 'paid', paid_at = d.at,
           ask_at = CASE WHEN a.channel = 'virtual_account' THEN a.ask_at END
    FROM unnest(deposits) AS d
    WHERE a.id = d.attempt_id AND a.status <> 'paid' AND a.amount <= d.received + d.amount;
    UPDATE payments_bankline l SET fate = 'settled', attempt_id = d.attempt_id, payment_id = d.payment_id
    FROM unnest(deposits) AS d WHERE l.id = d.line_id;
END $$;

-- Into the books: what each bill took, what came in, what was too much.
CREATE FUNCTION payments_enter_deposits(deposits payments_deposit[]) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    labels text[];
    days date[];
    moments timestamptz[];
BEGIN
    SELECT array_agg(d.label ORDER BY d.place), array_agg(d.day ORDER BY d.place), array_agg(d.at ORDER BY d.place)
    INTO labels, days, moments FROM unnest(deposits) AS d;
    PERFORM ledger_post_entries('payment', labels, days, moments, array_agg(s.place), array_agg(s.body),
                                array_agg(s.tax), array_agg(s.purpose), array_agg(s.amount))
    FROM (
        SELECT d.place, d.body, side.* FROM unnest(deposits) AS d
        CROSS JOIN LATERAL (
            SELECT c.tax, c.purpose, -c.amount AS amount FROM unnest(d.taxes, d.purposes, d.sums) AS c(tax, purpose, amount)
            UNION ALL SELECT d.tax, 'clearing', d.amount
            UNION ALL SELECT d.tax, 'overpayment', -d.excess WHERE d.excess > 0
        ) AS side
    ) AS s;
END $$;

-- The first money of an attempt opens its payer's link. Two names of taxes are looked up by their keys; a hash of all taxes for
-- each receipt takes half of the time.
CREATE FUNCTION payments_request_receipts(deposits payments_deposit[], at timestamptz, currency text) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_seqscan = off SET enable_hashjoin = off
SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    PERFORM receipts_request_documents('payment', array_agg(r.taxpayer_id), array_agg(r.label), array_agg(r.facts), at,
                                       array_agg(r.token))
    FROM (
        SELECT d.taxpayer_id, d.label || '/' || d.bill_id AS label,
               payments_receipt(p, y, d.applied, currency, d.at, d.movement_id, d.channel, (
                   SELECT jsonb_agg(payments_receipt_line(b, t, s.purpose, s.amount) ORDER BY s.purpose, t.position)
                   FROM unnest(d.taxes, d.purposes, d.sums) AS s(tax, purpose, amount)
                   JOIN billing_taxtype t ON t.code = s.tax
               )) || payments_payer_fact(d.payer) AS facts,
               CASE WHEN d.received = 0 THEN d.token_hash END AS token
        FROM unnest(deposits) AS d
        JOIN billing_bill b ON b.id = d.bill_id
        JOIN accounts_taxpayer p ON p.id = d.taxpayer_id
        JOIN accounts_levyingbody y ON y.code = d.body
        WHERE d.applied > 0
    ) AS r HAVING count(*) > 0;
END $$;

CREATE FUNCTION payments_tell_of_deposits(deposits payments_deposit[]) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    PERFORM core_publish_many('payments.overpaid.v1', array(
        SELECT jsonb_build_object('payment_id', d.payment_id, 'bill_id', d.bill_id, 'taxpayer_id', d.taxpayer_id,
                                  'amount', d.excess)
        FROM unnest(deposits) AS d WHERE d.excess > 0));
    PERFORM core_publish_many('payments.settled.v1', array(
        SELECT jsonb_build_object('payment_id', d.payment_id, 'attempt_id', d.attempt_id, 'reference', d.reference,
                                  'amount', d.amount, 'bill_ids', jsonb_build_array(d.bill_id))
        FROM unnest(deposits) AS d));
    PERFORM core_audit_many('payment.settled', array_agg('payment:' || d.payment_id), array_agg(d.taxpayer_id), array_agg(
                jsonb_build_object('attempt', d.reference, 'applied', d.applied, 'excess', d.excess)))
    FROM unnest(deposits) AS d;
    PERFORM core_append_leaves('payment', array_agg(d.label), array_agg(jsonb_build_object(
                'payment', d.payment_id, 'attempt', d.reference, 'amount', d.amount, 'paid_at', d.at,
                'applied', d.applied, 'excess', d.excess)))
    FROM unnest(deposits) AS d;
END $$;

-- Money in that fits nothing (가수금), into the city's suspense.
CREATE OR REPLACE FUNCTION payments_suspend_lines(line_ids bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_seqscan = off
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    lines bigint[] := array(SELECT l.id FROM payments_bankline l
                            WHERE l.id = ANY (line_ids) AND l.fate = 'waiting' ORDER BY l.id);
    zone text := billing_time_zone();
    ids bigint[];
    amounts bigint[];
    city text;
    labels text[];
    days date[];
    moments timestamptz[];
    leaves jsonb[];
    told jsonb[];
    details jsonb[];
BEGIN
    IF cardinality(lines) = 0 THEN
        RETURN;
    END IF;
    SELECT y.code INTO STRICT city FROM accounts_levyingbody y WHERE y.kind = 'city' ORDER BY y.code LIMIT 1;
    ids := core_next_ids('payments_payment', cardinality(lines));
    INSERT INTO payments_payment (id, gateway, movement_id, reference, kind, amount, applied, excess, suspense, approved_at)
    SELECT n.id, l.gateway, l.movement_id, l.number, 'deposit', l.amount, 0, 0, l.amount, l.at
    FROM unnest(ids, lines) AS n(id, line_id) JOIN payments_bankline l ON l.id = n.line_id;
    SELECT array_agg(l.amount), array_agg(l.gateway || ':' || l.movement_id), array_agg((l.at AT TIME ZONE zone)::date),
           array_agg(l.at), array_agg(jsonb_build_object('payment_id', l.payment_id, 'amount', l.amount)),
           array_agg(jsonb_build_object('reference', l.number)), array_agg(jsonb_build_object(
               'payment', l.payment_id, 'amount', l.amount, 'paid_at', l.at, 'suspense', l.amount))
    INTO amounts, labels, days, moments, told, details, leaves
    FROM (
        SELECT n.id AS payment_id, l.gateway, l.movement_id, l.number, l.amount, l.at
        FROM unnest(ids, lines) WITH ORDINALITY AS n(id, line_id, place)
        JOIN payments_bankline l ON l.id = n.line_id ORDER BY n.place
    ) AS l;
    PERFORM ledger_post_entries('payment', labels, days, moments, array_agg(s.place::integer), array_agg(city),
                                array_agg('unassigned'::text), array_agg(s.purpose), array_agg(s.amount))
    FROM (
        SELECT a.place, v.purpose, v.amount FROM unnest(amounts) WITH ORDINALITY AS a(amount, place)
        CROSS JOIN LATERAL (VALUES ('clearing', a.amount), ('suspense', -a.amount)) AS v(purpose, amount)
    ) AS s;
    PERFORM core_publish_many('payments.suspended.v1', told),
            core_audit_many('payment.suspended', array(SELECT 'payment:' || id FROM unnest(ids) AS id), NULL, details),
            core_append_leaves('payment', labels, leaves);
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
    lines bigint[];
    attempts bigint[];
    bills bigint[];
BEGIN
    SELECT * INTO STRICT file FROM payments_bankfile f WHERE f.id = of_file;
    PERFORM core_take_turn(file.gateway);
    ids := array(SELECT l.id FROM payments_bankline l WHERE l.file_id = of_file AND l.fate = 'waiting'
                 ORDER BY l.id LIMIT most);
    PERFORM payments_sort_lines(ids);
    SELECT array_agg(m.line_id), array_agg(m.attempt_id), array_agg(m.bill_id) INTO lines, attempts, bills
    FROM payments_match_lines(file.bank, ids, at) AS m;
    IF lines IS NOT NULL THEN
        attempts := payments_open_for_lines(lines, attempts, bills, at, language);
        PERFORM payments_settle_lines(lines, attempts, bills, at, currency);
    END IF;
    PERFORM payments_suspend_lines(ids);
    RETURN cardinality(ids);
END $$;
GRANT EXECUTE ON FUNCTION payments_post_deposits(bigint, integer, timestamptz, text, text) TO etax_worker;
