-- The next rows of a district's part of a roll become bills, in the caller's transaction: bills, lines, for each bill an
-- opening entry (receivable against revenue, line by line) and an event. One statement a table, however many rows.

-- The next rows of a part, at most `most`: how many, and the id of the last. Locks the part: one chunk of a district at a
-- time, and whoever waited sees what the other made.
CREATE OR REPLACE FUNCTION billing_next_rows(of_part bigint, most integer, OUT many integer, OUT last_row bigint)
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    part billing_rollpart%ROWTYPE;
BEGIN
    SELECT * INTO STRICT part FROM billing_rollpart p WHERE p.id = of_part FOR UPDATE;
    SELECT count(*), max(n.id) INTO many, last_row FROM (
        SELECT r.id FROM billing_rollrow r
        WHERE r.roll_id = part.roll_id AND r.body_id = part.body_id AND r.id > part.done_through AND r.collected
        ORDER BY r.id LIMIT most
    ) AS n;
END $$;

-- Which of these new regular bills are lower when paid in time (세액공제); `credit` is {"one", "both"} in won. The
-- entitlement began by the end of the month before the one in which the bill is nominally due and still holds. The credit
-- is taken from the main tax; taxes that follow from it were computed before it.
CREATE OR REPLACE FUNCTION billing_give_credits(bill_ids bigint[], credit jsonb, article text, today date) RETURNS void
LANGUAGE sql SET search_path = public, pg_temp AS $$
    INSERT INTO billing_billcredit (bill_id, line_id, amount, kinds, article)
    SELECT e.bill_id, l.id,
           least(l.amount, (credit ->> CASE WHEN cardinality(e.kinds) > 1 THEN 'both' ELSE 'one' END)::bigint),
           to_jsonb(e.kinds), article
    FROM (
        SELECT b.id AS bill_id, array_agg(DISTINCT n.kind ORDER BY n.kind) AS kinds
        FROM billing_bill b JOIN billing_entitlement n ON n.taxpayer_id = b.taxpayer_id
        WHERE b.id = ANY (bill_ids) AND n.began_on < date_trunc('month', b.nominal_due_on)::date
          AND (n.ended_on IS NULL OR n.ended_on >= today)
        GROUP BY b.id
    ) AS e
    JOIN billing_billline l ON l.bill_id = e.bill_id AND l.position = 1;
$$;

-- Fines that cost less when they are paid before they are imposed (사전납부 감경: Act on the Regulation of Violations of
-- Public Order, article 18): by so many percent, cut to 10 won, until the day that the notice names (`early_until`) or, if
-- it is a day of rest, the next that is none (Civil Act, article 161). Where that day is over nothing is given. The rule is
-- billing.rules.fines.paid_early.
CREATE OR REPLACE FUNCTION billing_give_early(bill_ids bigint[], percent numeric, article text, today date) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO billing_billcredit (bill_id, line_id, amount, kinds, article, until_on)
    SELECT b.id, l.id, e.less, '["early_payment"]', article, m.until_on
    FROM billing_bill b
    JOIN billing_billline l ON l.bill_id = b.id AND l.position = 1
    JOIN (
        SELECT n.day, (
            SELECT min(d)::date FROM generate_series(n.day, n.day + 30, interval '1 day') AS d
            WHERE extract(isodow FROM d) < 6 AND NOT EXISTS (SELECT FROM billing_holiday h WHERE h.day = d::date)
        ) AS until_on
        FROM (
            SELECT DISTINCT (f.facts ->> 'early_until')::date AS day FROM billing_bill f WHERE f.id = ANY (bill_ids)
        ) AS n
    ) AS m ON m.day = (b.facts ->> 'early_until')::date
    CROSS JOIN LATERAL (SELECT floor(l.amount * percent / 1000)::bigint * 10 AS less) AS e
    WHERE b.id = ANY (bill_ids) AND m.until_on >= today AND e.less > 0;
END $$;

-- Makes the bills of the rows up to `last_row`; as many numbers are handed in as there are rows.
CREATE OR REPLACE FUNCTION billing_issue_rows(
    of_part bigint, last_row bigint, tax_numbers text[], epay_numbers text[], liability date, nominal date, due date,
    issued_at timestamptz, business_date date, credit jsonb, credit_article text
) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_variable
DECLARE
    part billing_rollpart%ROWTYPE;
    roll billing_levyroll%ROWTYPE;
    many integer := cardinality(tax_numbers);
    ids bigint[] := core_next_ids('billing_bill', many);
    made integer;
    demanded bigint;
    places integer[];
    positions smallint[];
    taxes text[];
    amounts bigint[];
BEGIN
    SELECT * INTO STRICT part FROM billing_rollpart p WHERE p.id = of_part FOR UPDATE;
    SELECT * INTO STRICT roll FROM billing_levyroll r WHERE r.id = part.roll_id;
    IF roll.status <> 'issuing' THEN
        RAISE EXCEPTION 'roll % is not being issued', roll.id USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;

    INSERT INTO billing_bill (
        id, taxpayer_id, body_id, tax_id, tax_year, term, status, tax_number, epay_number, roll_ref, object_ref, facts,
        amount, liability_on, nominal_due_on, due_on, issued_at)
    SELECT n.id, r.taxpayer_id, part.body_id, roll.tax_id, roll.tax_year, roll.term, 'issued', n.tax_number, n.epay_number,
           r.roll_ref, r.object_ref, r.facts, r.amount, liability, nominal, due, issued_at
    FROM unnest(ids, tax_numbers, epay_numbers) WITH ORDINALITY AS n(id, tax_number, epay_number, place)
    JOIN (
        SELECT w.*, row_number() OVER (ORDER BY w.id) AS place FROM billing_rollrow w
        WHERE w.roll_id = part.roll_id AND w.body_id = part.body_id AND w.id > part.done_through AND w.id <= last_row
          AND w.collected
    ) AS r ON r.place = n.place;
    GET DIAGNOSTICS made = ROW_COUNT;
    SELECT array_agg(l.place::integer), array_agg(l.position::smallint), array_agg(l.tax), array_agg(l.amount), sum(l.amount)
    INTO places, positions, taxes, amounts, demanded
    FROM (
        SELECT r.place, l.position, l.tax, l.amount
        FROM (
            SELECT w.lines, row_number() OVER (ORDER BY w.id) AS place FROM billing_rollrow w
            WHERE w.roll_id = part.roll_id AND w.body_id = part.body_id AND w.id > part.done_through AND w.id <= last_row
              AND w.collected
        ) AS r
        CROSS JOIN LATERAL ROWS FROM (jsonb_to_recordset(r.lines) AS (tax text, amount bigint))
            WITH ORDINALITY AS l(tax, amount, position)
    ) AS l;
    IF made <> many THEN
        RAISE EXCEPTION '% rows for % numbers', made, many USING ERRCODE = 'data_exception';
    END IF;

    INSERT INTO billing_billline (bill_id, position, tax_id, amount)
    SELECT ids[l.place], l.position, l.tax, l.amount FROM unnest(places, positions, taxes, amounts) AS l(place, position, tax, amount);
    IF credit ? 'percent' THEN
        PERFORM billing_give_early(ids, (credit ->> 'percent')::numeric, credit_article, business_date);
    ELSIF credit IS NOT NULL THEN
        PERFORM billing_give_credits(ids, credit, credit_article, business_date);
    END IF;
    PERFORM billing_extend(NULL, ids); -- an act that moved due dates for everybody moves these too
    PERFORM ledger_post_batch(
        'levy', format('roll:%s:%s:%s', roll.id, part.body_id, part.done_through), business_date, issued_at, part.body_id,
        'receivable', 'revenue', (SELECT array_agg('bill:' || id) FROM unnest(ids) AS id), places, taxes, amounts);
    PERFORM core_publish_each('billing.bill_issued.v1', 'bill_ids', ids);
    UPDATE billing_rollpart p
    SET done_through = last_row, bills = p.bills + made, amount = p.amount + demanded WHERE p.id = of_part;
END $$;

SELECT core_secure('billing_rollpart');
SELECT core_open('billing_rollpart', 'etax_worker', 'SELECT, INSERT, UPDATE');
GRANT SELECT, INSERT ON billing_rollpart TO etax_office; -- whoever asks for the bills writes the parts down, all of them to do
DROP POLICY IF EXISTS office_own ON billing_rollpart;
CREATE POLICY office_own ON billing_rollpart FOR SELECT TO etax_office
    USING (body_id = ANY ((SELECT accounts_session_bodies())::text[]));
DROP POLICY IF EXISTS office_asks ON billing_rollpart;
CREATE POLICY office_asks ON billing_rollpart FOR INSERT TO etax_office WITH CHECK (
    body_id = ANY ((SELECT accounts_session_bodies())::text[]) AND bills = 0 AND amount = 0 AND done_through = 0
);
GRANT EXECUTE ON FUNCTION billing_next_rows(bigint, integer), billing_issue_rows(
    bigint, bigint, text[], text[], date, date, date, timestamptz, date, jsonb, text
), billing_give_credits(bigint[], jsonb, text, date), billing_give_early(bigint[], numeric, text, date) TO etax_worker;
