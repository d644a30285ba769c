-- The end of a business day (일마감): three ways to the same money are compared, the gateway's settlement, the bank's
-- statement and our books; fees and the bank's movements are posted, once. Running it again changes nothing, and what was
-- missing closes its difference when it comes. A business day holds the movements from one cut-off to the next, `starts` to
-- `ends`, and of what is told by the day (sales, pay-outs, statements) the days after `after` up to the day itself.

-- In about the order of their coming, so a few block ranges hold a day; it costs a payment nearly nothing.
CREATE INDEX IF NOT EXISTS payments_payment_moment ON payments_payment USING brin (approved_at)
    WITH (pages_per_range = 16, autosummarize = on);

SELECT core_secure(name) FROM unnest(ARRAY[
    'payments_settlementline', 'payments_payout', 'payments_difference', 'payments_businessday', 'payments_distribution'
]) AS name;
SELECT core_append_only(name) FROM unnest(ARRAY[
    'payments_settlementline', 'payments_payout', 'payments_distribution']) AS name;
SELECT core_open(name, 'etax_worker', 'SELECT, INSERT')
FROM unnest(ARRAY['payments_settlementline', 'payments_payout', 'payments_distribution']) AS name;
SELECT core_open(name, 'etax_worker', 'SELECT, INSERT, UPDATE')
FROM unnest(ARRAY['payments_difference', 'payments_businessday']) AS name;
GRANT SELECT ON payments_settlementline, payments_payout, payments_difference, payments_businessday, payments_distribution
    TO etax_office;
DROP POLICY IF EXISTS office_of_the_city ON payments_settlementline;
CREATE POLICY office_of_the_city ON payments_settlementline FOR SELECT TO etax_office
    USING ((SELECT accounts_session_of_the_city()));
DROP POLICY IF EXISTS office_of_the_city ON payments_payout;
CREATE POLICY office_of_the_city ON payments_payout FOR SELECT TO etax_office
    USING ((SELECT accounts_session_of_the_city()));
DROP POLICY IF EXISTS office_of_the_city ON payments_difference;
CREATE POLICY office_of_the_city ON payments_difference FOR SELECT TO etax_office
    USING ((SELECT accounts_session_of_the_city()));
DROP POLICY IF EXISTS office_reads ON payments_businessday;
CREATE POLICY office_reads ON payments_businessday FOR SELECT TO etax_office
    USING ((SELECT accounts_session_account()) IS NOT NULL);
DROP POLICY IF EXISTS office_own ON payments_distribution;
CREATE POLICY office_own ON payments_distribution FOR SELECT TO etax_office
    USING ((SELECT accounts_session_of_the_city())
           OR collector_id = ANY ((SELECT accounts_session_bodies())::text[])
           OR beneficiary_id = ANY ((SELECT accounts_session_bodies())::text[]));

-- The lines of banks' statements that moved money, each movement once, however many statements tell it.
CREATE OR REPLACE FUNCTION payments_statement_lines(after date, upto date) RETURNS SETOF payments_bankline
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT l.* FROM payments_bankline l JOIN payments_bankfile f ON f.id = l.file_id AND f.status = 'posted'
    WHERE l.of_statement AND l.booked AND l.amount <> 0 AND l.booked_on > after AND l.booked_on <= upto
      AND NOT EXISTS (SELECT FROM payments_bankline e
                      WHERE e.gateway = l.gateway AND e.movement_id = l.movement_id AND e.of_statement AND e.booked
                        AND e.id < l.id);
$$;

-- Every movement of the window that stands in the books; money out is negative.
CREATE OR REPLACE FUNCTION payments_movements(starts timestamptz, ends timestamptz)
RETURNS TABLE (gateway text, movement_id text, amount bigint)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT p.gateway, p.movement_id, p.amount FROM payments_payment p
    WHERE p.approved_at >= starts AND p.approved_at < ends
    UNION ALL
    SELECT r.gateway, r.movement_id, -r.amount FROM payments_reversal r
    WHERE r.moved_at >= starts AND r.moved_at < ends AND r.posted_at IS NOT NULL;
$$;

-- What each gateway owes the city's account for a day: of one that settles (`settling`) the lines that it pays out on it; of
-- any other (machines) all that it took on that business day. Money told by banks is on the account already, and what officers
-- assigned out of suspense came before. A counter brings what the drawers that were counted on that day hold, however long they
-- had been open, too much and too little with it; a cheque that bounced leaves the account by itself. Points and refunds that pay bills are no cash:
-- the books turned what was owed for them into it.
CREATE OR REPLACE FUNCTION payments_payouts_due(
    after date, upto date, starts timestamptz, ends timestamptz, settling text[]
) RETURNS TABLE (gateway text, paid_out_on date, amount bigint)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT l.gateway::text, l.paid_out_on, sum(l.paid_out)::bigint FROM payments_settlementline l
    WHERE l.paid_out_on > after AND l.paid_out_on <= upto GROUP BY l.gateway, l.paid_out_on
    UNION ALL
    SELECT m.gateway, upto, sum(m.amount)::bigint FROM (
        SELECT CASE WHEN t.movement_id LIKE 'BNC-%' AND t.gateway LIKE 'counter:%'
                    THEN left(t.gateway || '/' || t.movement_id, 40) ELSE t.gateway END AS gateway, t.amount
        FROM payments_movements(starts, ends) t
        WHERE t.gateway NOT LIKE 'counter:%' OR t.movement_id NOT LIKE 'CTR-%'
        UNION ALL
        SELECT 'counter:' || d.body_id, d.difference + (
            SELECT coalesce(sum(c.amount), 0)::bigint FROM payments_counterpayment c WHERE c.drawer_id = d.id)
        FROM payments_drawer d WHERE d.status = 'closed' AND d.counted_at >= starts AND d.counted_at < ends
    ) m
    WHERE m.gateway <> ALL (settling) AND m.gateway NOT IN ('suspense', 'mileage', 'set_off') AND m.gateway NOT LIKE 'statement:%'
    GROUP BY m.gateway;
END $$;

-- Fees of gateways and the tax on them, out of what they owe us: an entry for each line, at its first sight.
CREATE OR REPLACE FUNCTION payments_post_fees(city text, day date, after date, upto date, at timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    labels text[];
    fees bigint[];
    fee_taxes bigint[];
BEGIN
    SELECT array_agg(l.label ORDER BY l.id), array_agg(l.fee ORDER BY l.id), array_agg(l.fee_tax ORDER BY l.id)
    INTO labels, fees, fee_taxes
    FROM (SELECT n.*, n.gateway || ':' || n.movement_id AS label FROM payments_settlementline n
          WHERE n.sold_on > after AND n.sold_on <= upto AND (n.fee <> 0 OR n.fee_tax <> 0)) AS l
    WHERE NOT EXISTS (SELECT FROM ledger_journalentry e WHERE e.kind = 'gateway_fee' AND e.reference = l.label);
    IF labels IS NOT NULL THEN
        PERFORM ledger_post_entries('gateway_fee', labels, array_fill(day, ARRAY[cardinality(labels)]),
                                    array_fill(at, ARRAY[cardinality(labels)]), array_agg(s.place::integer),
                                    array_agg(city), array_agg(s.tax), array_agg(s.purpose), array_agg(s.amount))
        FROM (
            SELECT l.place, v.* FROM unnest(fees, fee_taxes) WITH ORDINALITY AS l(fee, fee_tax, place)
            CROSS JOIN LATERAL (VALUES ('gateway_fee', 'fee', l.fee), ('gateway_fee_tax', 'fee', l.fee_tax),
                                       ('unassigned', 'clearing', -l.fee - l.fee_tax)) AS v(tax, purpose, amount)
            WHERE v.amount <> 0
        ) AS s;
    END IF;
END $$;

-- What the bank's statements prove: the money is on the account. One entry for each statement and day.
CREATE OR REPLACE FUNCTION payments_post_statements(city text, after date, upto date, at timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    booked record;
BEGIN
    FOR booked IN
        SELECT s.file_id || '/' || s.account || '/' || s.booked_on AS label, f.bank, s.booked_on, sum(s.amount) AS amount
        FROM payments_statement_lines(after, upto) s JOIN payments_bankfile f ON f.id = s.file_id
        GROUP BY s.file_id, s.account, s.booked_on, f.bank HAVING sum(s.amount) <> 0
        ORDER BY s.file_id, s.account, s.booked_on
    LOOP
        IF NOT EXISTS (SELECT FROM ledger_journalentry e WHERE e.kind = 'banked' AND e.reference = booked.label) THEN
            PERFORM ledger_post_entry('banked', booked.label, booked.booked_on, at, jsonb_build_array(
                jsonb_build_object('body', city, 'tax', 'bank_' || booked.bank, 'purpose', 'treasury',
                                   'amount', booked.amount),
                jsonb_build_object('body', city, 'tax', 'unassigned', 'purpose', 'clearing', 'amount', -booked.amount)));
        END IF;
    END LOOP;
END $$;

-- Finds what is due from gateways on the statements: the same sum, from its day on up to a week later, and rather a line that
-- names the gateway. A deposit of which nobody knew waits in suspense; it is taken out of there, since it is not a taxpayer's.
CREATE OR REPLACE FUNCTION payments_bind_payouts(
    city text, after date, upto date, starts timestamptz, ends timestamptz, settling text[], at timestamptz
) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    due record;
    line record;
BEGIN
    FOR due IN
        SELECT d.* FROM payments_payouts_due(after, upto, starts, ends, settling) d
        WHERE d.amount <> 0 AND NOT EXISTS (
            SELECT FROM payments_payout o WHERE o.gateway = d.gateway AND o.paid_out_on = d.paid_out_on)
        ORDER BY d.paid_out_on, d.gateway
    LOOP
        SELECT s.id, s.booked_on, s.gateway, s.movement_id, p.id AS payment_id INTO line
        FROM payments_statement_lines(due.paid_out_on - 1, due.paid_out_on + 7) s
        LEFT JOIN payments_payment p ON p.gateway = s.gateway AND p.movement_id = s.movement_id AND payments_in_suspense(p.id) = p.amount
        WHERE s.amount = due.amount AND (p.id IS NOT NULL OR s.amount < 0 AND s.fate IN ('out', 'unmatched'))
          AND NOT EXISTS (SELECT FROM payments_payout o WHERE o.bank_line_id = s.id)
        ORDER BY s.text || ' ' || s.payer ILIKE '%' || split_part(due.gateway, '_', 1) || '%' DESC, s.booked_on,
                 s.movement_id
        LIMIT 1;
        CONTINUE WHEN line.id IS NULL;
        PERFORM FROM payments_payment p WHERE p.id = line.payment_id FOR UPDATE;
        CONTINUE WHEN payments_in_suspense(line.payment_id) <> due.amount; -- two officers just decided about it
        INSERT INTO payments_payout (gateway, paid_out_on, amount, bank_line_id, payment_id, bound_at)
        VALUES (due.gateway, due.paid_out_on, due.amount, line.id, line.payment_id, at);
        IF line.payment_id IS NOT NULL THEN
            PERFORM ledger_post_entry('payout', due.gateway || '/' || due.paid_out_on, line.booked_on, at,
                jsonb_build_array(
                    jsonb_build_object('body', city, 'tax', 'unassigned', 'purpose', 'suspense', 'amount', due.amount),
                    jsonb_build_object('body', city, 'tax', 'unassigned', 'purpose', 'clearing', 'amount', -due.amount)));
        END IF;
    END LOOP;
END $$;

-- Notices (camt.054) beside statements (camt.053) of the same bank: entry by entry, or movement by movement, or as many of
-- the same sum to the same number where no reference names them.
CREATE OR REPLACE FUNCTION payments_found_at_banks(after date, upto date)
RETURNS TABLE (kind text, gateway text, subject text, ours bigint, theirs bigint)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH lines AS (
        SELECT l.gateway, l.movement_id, l.amount, l.of_statement, CASE
            WHEN l.entry_ref <> '' THEN l.entry_ref WHEN l.own_ref <> '' THEN l.own_ref
            ELSE concat_ws('/', l.account, l.booked_on, l.number, l.amount) END AS subject
        FROM payments_bankline l JOIN payments_bankfile f ON f.id = l.file_id AND f.status = 'posted'
        WHERE l.booked AND l.amount <> 0 AND l.booked_on > after AND l.booked_on <= upto
          AND NOT EXISTS (SELECT FROM payments_bankline e
                          WHERE e.gateway = l.gateway AND e.movement_id = l.movement_id AND e.booked
                            AND e.of_statement = l.of_statement AND e.id < l.id)
    ), sums AS (
        SELECT l.gateway, l.subject, coalesce(sum(l.amount) FILTER (WHERE NOT l.of_statement), 0)::bigint AS told,
               coalesce(sum(l.amount) FILTER (WHERE l.of_statement), 0)::bigint AS stated,
               bool_or(NOT l.of_statement) AS noticed, bool_or(l.of_statement) AS proved,
               bool_and(EXISTS (SELECT FROM lines o WHERE o.gateway = l.gateway AND o.movement_id = l.movement_id
                                AND o.amount = l.amount AND o.of_statement)) AS same
        FROM lines l GROUP BY l.gateway, l.subject
    ), banks AS (
        SELECT s.gateway, sum(s.told)::bigint AS told, bool_or(s.proved) AS proved FROM sums s GROUP BY s.gateway
    )
    SELECT 'no_statement', b.gateway, upto::text, b.told, 0::bigint FROM banks b WHERE NOT b.proved
    UNION ALL
    SELECT CASE WHEN s.proved THEN 'statement_amount' ELSE 'not_in_statement' END, s.gateway, s.subject, s.told, s.stated
    FROM sums s JOIN banks b ON b.gateway = s.gateway AND b.proved
    WHERE s.noticed AND s.told <> s.stated AND NOT s.same;
$$;

-- Everything that differs about a business day, as it stands now.
CREATE OR REPLACE FUNCTION payments_found_differences(
    after date, upto date, starts timestamptz, ends timestamptz, settling text[]
) RETURNS TABLE (kind text, gateway text, subject text, ours bigint, theirs bigint)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT CASE WHEN l.id IS NULL THEN 'not_settled' ELSE 'amount' END, m.gateway, m.movement_id, m.amount,
           coalesce(l.amount, 0)
    FROM payments_movements(starts, ends) m
    LEFT JOIN payments_settlementline l ON l.gateway = m.gateway AND l.movement_id = m.movement_id
    WHERE m.gateway = ANY (settling) AND l.amount IS DISTINCT FROM m.amount
    UNION ALL
    SELECT 'not_posted', l.gateway, l.movement_id, 0, l.amount FROM payments_settlementline l
    WHERE l.sold_on > after AND l.sold_on <= upto
      AND NOT EXISTS (SELECT FROM payments_payment p WHERE p.gateway = l.gateway AND p.movement_id = l.movement_id)
      AND NOT EXISTS (SELECT FROM payments_reversal r
                      WHERE r.gateway = l.gateway AND r.movement_id = l.movement_id AND r.posted_at IS NOT NULL)
    UNION ALL
    SELECT 'line_sum', l.gateway, l.movement_id, l.amount - l.fee - l.fee_tax, l.paid_out FROM payments_settlementline l
    WHERE l.sold_on > after AND l.sold_on <= upto AND l.paid_out <> l.amount - l.fee - l.fee_tax
    UNION ALL
    SELECT CASE WHEN o.id IS NULL THEN 'not_paid_out' ELSE 'payout_amount' END, d.gateway, d.paid_out_on::text, d.amount,
           coalesce(o.amount, 0)
    FROM payments_payouts_due(after, upto, starts, ends, settling) d
    LEFT JOIN payments_payout o ON o.gateway = d.gateway AND o.paid_out_on = d.paid_out_on
    WHERE d.amount <> 0 AND o.amount IS DISTINCT FROM d.amount
    UNION ALL
    SELECT b.* FROM payments_found_at_banks(after, upto) b
    UNION ALL
    SELECT 'money_out', s.gateway, s.movement_id, 0, s.amount FROM payments_statement_lines(after, upto) s
    WHERE s.fate IN ('out', 'unmatched') AND s.amount < 0
      AND NOT EXISTS (SELECT FROM payments_payout o WHERE o.bank_line_id = s.id)
    UNION ALL
    SELECT 'not_booked', 'statement:' || t.from_bank, t.reference, -t.amount, 0::bigint
    FROM payments_transferbatch b JOIN payments_transfer t ON t.batch_id = b.id
    WHERE b.status = 'sent' AND b.execute_on > after AND b.execute_on <= upto AND t.line_id IS NULL
      AND t.status IN ('sent', 'accepted')
    UNION ALL
    SELECT 'drawer_open', 'counter:' || d.body_id, 'drawer:' || d.id,
           (SELECT coalesce(sum(c.amount), 0)::bigint FROM payments_counterpayment c WHERE c.drawer_id = d.id), 0::bigint
    FROM payments_drawer d WHERE d.status <> 'closed' AND d.opened_at >= starts AND d.opened_at < ends;
END $$;

-- Compares a business day and keeps what differs. What an officer resolved stays so while its sums do; what is no longer found
-- is closed. Answers how many are open.
CREATE OR REPLACE FUNCTION payments_reconcile(
    of_day date, after date, starts timestamptz, ends timestamptz, settling text[], unanswered jsonb, at timestamptz
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    city text;
BEGIN
    PERFORM core_take_turn('payments.reconcile');
    SELECT y.code INTO STRICT city FROM accounts_levyingbody y WHERE y.kind = 'city' ORDER BY y.code LIMIT 1;
    PERFORM payments_post_fees(city, of_day, after, of_day, at);
    PERFORM payments_post_statements(city, after, of_day, at);
    PERFORM payments_bind_payouts(city, after, of_day, starts, ends, settling, at);
    WITH found AS MATERIALIZED (
        SELECT * FROM payments_found_differences(after, of_day, starts, ends, settling)
    ), closed AS (
        UPDATE payments_difference d SET status = 'closed', ended_at = at
        WHERE d.day = of_day AND d.status = 'open' AND NOT EXISTS (
            SELECT FROM found f WHERE f.kind = d.kind AND f.gateway = d.gateway AND f.subject = d.subject)
    )
    INSERT INTO payments_difference AS d (day, kind, gateway, subject, ours, theirs, status, found_at, note)
    SELECT of_day, f.kind, f.gateway, f.subject, f.ours, f.theirs, 'open', at, '' FROM found f
    ON CONFLICT (kind, gateway, subject) DO UPDATE
    SET ours = excluded.ours, theirs = excluded.theirs, status = 'open', ended_at = NULL, note = '', day = excluded.day
    WHERE d.status = 'closed' OR (d.ours, d.theirs) <> (excluded.ours, excluded.theirs);
    INSERT INTO payments_businessday (day, compared_at, unanswered) VALUES (of_day, at, payments_reconcile.unanswered)
    ON CONFLICT (day) DO UPDATE SET compared_at = excluded.compared_at, unanswered = excluded.unanswered;
    RETURN (SELECT count(*) FROM payments_difference d WHERE d.day = of_day AND d.status = 'open');
END $$;
GRANT EXECUTE ON FUNCTION payments_statement_lines(date, date),
    payments_reconcile(date, date, timestamptz, timestamptz, text[], jsonb, timestamptz) TO etax_worker;

-- The treasurer of the city takes a difference; false if somebody has it, or it is not theirs to take.
CREATE OR REPLACE FUNCTION payments_take_difference(of_difference bigint, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT (accounts_session_has_role('treasurer') AND accounts_session_of_the_city()) THEN
        RETURN false;
    END IF;
    UPDATE payments_difference d SET owner_id = accounts_session_account(), taken_at = payments_take_difference.at
    WHERE d.id = of_difference AND d.status = 'open' AND d.owner_id IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM core_audit('difference.taken', 'difference:' || of_difference, accounts_session_account(), NULL, '', '{}', '', '');
    RETURN true;
END $$;

-- Resolved with a note, by the officer who took it.
CREATE OR REPLACE FUNCTION payments_resolve_difference(of_difference bigint, words text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT (accounts_session_has_role('treasurer') AND accounts_session_of_the_city()) OR trim(words) = '' THEN
        RETURN false;
    END IF;
    UPDATE payments_difference d SET status = 'resolved', note = words, ended_at = payments_resolve_difference.at
    WHERE d.id = of_difference AND d.status = 'open' AND d.owner_id = accounts_session_account();
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM core_audit('difference.resolved', 'difference:' || of_difference, accounts_session_account(), NULL, words, '{}',
                       '', '');
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION payments_take_difference(bigint, timestamptz),
    payments_resolve_difference(bigint, text, timestamptz) TO etax_office;
