-- The points ledger refuses what does not balance, what overdraws a lot, and every change. The same discipline as the city's
-- books (ledger/sql/ledger.sql); each entry that moves what the city owes is booked there too, in the same transaction.
SELECT core_secure(name) FROM unnest(ARRAY[
    'mileage_holder', 'mileage_lot', 'mileage_entry', 'mileage_posting', 'mileage_use', 'mileage_earnedbill'
]) AS name;
SELECT core_append_only(name) FROM unnest(ARRAY['mileage_lot', 'mileage_entry', 'mileage_posting', 'mileage_holder']) AS name;

-- All postings of an entry come by one statement, sum to zero, and none is added later. A lot belongs to the entry's holder,
-- and is not taken from beyond what it holds, except by taking back points that were spent (a debt). Whoever writes: the
-- holder is locked here, so two at the same moment can't both find the same points.
CREATE OR REPLACE FUNCTION mileage_check_postings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    bad record;
BEGIN
    SELECT s.entry_id, s.difference INTO bad FROM (
        SELECT a.entry_id, sum(a.amount) AS difference, count(*) AS postings FROM added a GROUP BY a.entry_id
    ) AS s
    WHERE s.difference <> 0 OR s.postings <> (SELECT count(*) FROM mileage_posting p WHERE p.entry_id = s.entry_id)
    LIMIT 1;
    IF FOUND THEN
        IF bad.difference <> 0 THEN
            RAISE EXCEPTION 'points entry % is out of balance by %', bad.entry_id, bad.difference
                USING ERRCODE = 'check_violation', CONSTRAINT = 'mileage_entry_balances';
        END IF;
        RAISE EXCEPTION 'points entry % is closed', bad.entry_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'mileage_entry_closed';
    END IF;
    IF EXISTS (SELECT FROM added a JOIN mileage_entry e ON e.id = a.entry_id JOIN mileage_lot l ON l.id = a.lot_id
               WHERE l.holder_id <> e.holder_id) THEN
        RAISE EXCEPTION 'a posting names somebody else''s lot'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'mileage_lot_of_holder';
    END IF;
    PERFORM FROM mileage_holder h
    WHERE h.taxpayer_id IN (SELECT e.holder_id FROM added a JOIN mileage_entry e ON e.id = a.entry_id)
    ORDER BY h.taxpayer_id FOR UPDATE;
    SELECT t.lot_id, t.account INTO bad
    FROM (SELECT a.lot_id, a.account, bool_and(e.kind = 'taken_back') AS may_owe
          FROM added a JOIN mileage_entry e ON e.id = a.entry_id
          WHERE a.lot_id IS NOT NULL AND a.amount < 0 GROUP BY a.lot_id, a.account) AS t
    WHERE NOT (t.may_owe AND t.account = 'held')
      AND (SELECT sum(p.amount) FROM mileage_posting p WHERE p.lot_id = t.lot_id AND p.account = t.account) < 0
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'lot % holds less', bad.lot_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'mileage_lot_not_overdrawn';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS check_postings ON mileage_posting;
CREATE TRIGGER check_postings AFTER INSERT ON mileage_posting
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION mileage_check_postings();

CREATE OR REPLACE FUNCTION mileage_check_entries() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM added a WHERE NOT EXISTS (SELECT FROM mileage_posting p WHERE p.entry_id = a.id)) THEN
        RAISE EXCEPTION 'a points entry has no postings'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'mileage_entry_has_postings';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS check_entries ON mileage_entry;
CREATE TRIGGER check_entries AFTER INSERT ON mileage_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION mileage_check_entries();

-- A use keeps what it is; it ends once, and what came back of it only grows.
CREATE OR REPLACE FUNCTION mileage_keep_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.reference, OLD.holder_id, OLD.way, OLD.points, OLD.target, OLD.asked_at)
           IS DISTINCT FROM (NEW.reference, NEW.holder_id, NEW.way, NEW.points, NEW.target, NEW.asked_at)
       OR OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (('reserved', 'spent'), ('reserved', 'released'))
       OR NEW.given_back < OLD.given_back THEN
        RAISE EXCEPTION 'use % stays as it is', OLD.reference USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS keep_use ON mileage_use;
CREATE TRIGGER keep_use BEFORE UPDATE OR DELETE ON mileage_use FOR EACH ROW EXECUTE FUNCTION mileage_keep_use();

-- The city's day on which a moment falls.
CREATE OR REPLACE FUNCTION mileage_day(at timestamptz) RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT (at AT TIME ZONE accounts_time_zone())::date;
$$;

-- The holder's lock, taken first by everything that moves their points.
CREATE OR REPLACE FUNCTION mileage_hold(of_holder bigint) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO mileage_holder (taxpayer_id) VALUES (of_holder) ON CONFLICT DO NOTHING;
    PERFORM FROM mileage_holder h WHERE h.taxpayer_id = of_holder FOR UPDATE;
END $$;

-- One balanced entry; `postings` is [{"account", "lot", "amount"}, …].
CREATE OR REPLACE FUNCTION mileage_post(
    of_kind text, of_reference text, of_holder bigint, at timestamptz, facts jsonb, postings jsonb
) RETURNS bigint LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    made bigint;
BEGIN
    WITH entry AS (
        INSERT INTO mileage_entry (holder_id, kind, reference, business_date, occurred_at, facts)
        VALUES (of_holder, of_kind, of_reference, mileage_day(at), at, mileage_post.facts)
        RETURNING id
    ), posted AS (
        INSERT INTO mileage_posting (entry_id, account, lot_id, amount)
        SELECT e.id, p.account, p.lot, sum(p.amount)
        FROM entry e CROSS JOIN jsonb_to_recordset(postings) AS p(account text, lot bigint, amount bigint)
        GROUP BY e.id, p.account, p.lot HAVING sum(p.amount) <> 0
    ) SELECT e.id INTO made FROM entry e;
    RETURN made;
END $$;

-- What an entry does to the city's books, in won: a point is one. `sides`: {purpose: won}. Cash on its way (clearing) is the
-- city's unassigned, as all money is that did not come from a taxpayer.
CREATE OR REPLACE FUNCTION mileage_book(of_kind text, of_reference text, at timestamptz, sides jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    city text;
BEGIN
    SELECT y.code INTO STRICT city FROM accounts_levyingbody y WHERE y.kind = 'city' ORDER BY y.code LIMIT 1;
    PERFORM ledger_post_entry('mileage_' || of_kind, of_reference, mileage_day(at), at, (
        SELECT jsonb_agg(jsonb_build_object(
            'body', city, 'tax', CASE s.key WHEN 'clearing' THEN 'unassigned' ELSE 'mileage' END, 'purpose', s.key,
            'amount', s.value::bigint) ORDER BY s.key)
        FROM jsonb_each_text(sides) s WHERE s.value::bigint <> 0));
END $$;

-- The lots of a holder that hold anything on a day, or owe.
CREATE OR REPLACE FUNCTION mileage_lots(of_holder bigint, on_date date)
RETURNS TABLE (lot bigint, expires_on date, held bigint)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT l.id, l.expires_on, sum(p.amount)::bigint
    FROM mileage_lot l JOIN mileage_posting p ON p.lot_id = l.id AND p.account = 'held'
    WHERE l.holder_id = of_holder
    GROUP BY l.id HAVING sum(p.amount) < 0 OR sum(p.amount) > 0 AND l.expires_on >= on_date;
$$;

-- Points that can be used on a day; what is owed lessens them, and nothing is below zero.
CREATE OR REPLACE FUNCTION mileage_available(of_holder bigint, on_date date) RETURNS bigint
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT greatest(coalesce(sum(l.held), 0), 0)::bigint FROM mileage_lots(of_holder, on_date) l;
$$;

-- Which lots so many points come from: those named first, then what expires first. Fewer where there are no more.
CREATE OR REPLACE FUNCTION mileage_first(of_holder bigint, points bigint, on_date date, named bigint[])
RETURNS TABLE (lot bigint, part bigint)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT o.lot, least(o.held, points - o.before)::bigint
    FROM (
        SELECT l.lot, l.held,
               sum(l.held) OVER (ORDER BY l.lot = ANY (named) DESC, l.expires_on, l.lot) - l.held AS before
        FROM mileage_lots(of_holder, on_date) l WHERE l.held > 0
    ) AS o
    WHERE o.before < points;
$$;

-- Points that are owed are set off at once against what is held: the two never stand beside each other.
CREATE OR REPLACE FUNCTION mileage_set_off(of_holder bigint, cause text, at timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    today date := mileage_day(at);
    owed bigint;
    points bigint;
BEGIN
    SELECT coalesce(-sum(l.held) FILTER (WHERE l.held < 0), 0),
           least(coalesce(-sum(l.held) FILTER (WHERE l.held < 0), 0), coalesce(sum(l.held) FILTER (WHERE l.held > 0), 0))
    INTO owed, points FROM mileage_lots(of_holder, today) l;
    IF points = 0 THEN
        RETURN;
    END IF;
    PERFORM mileage_post('set_off', cause, of_holder, at, jsonb_build_object('owed', owed), (
        SELECT jsonb_agg(jsonb_build_object('account', 'held', 'lot', s.lot, 'amount', s.amount)) FROM (
            SELECT f.lot, -f.part AS amount FROM mileage_first(of_holder, points, today, '{}') f
            UNION ALL
            SELECT o.lot, least(-o.held, points - o.before) FROM (
                SELECT l.lot, l.held, sum(-l.held) OVER (ORDER BY l.lot) + l.held AS before
                FROM mileage_lots(of_holder, today) l WHERE l.held < 0
            ) AS o WHERE o.before < points
        ) AS s));
END $$;

-- Credit points as a lot of their own: an expense of the city, and owed to the holder.
CREATE OR REPLACE FUNCTION mileage_credit(
    of_holder bigint, of_source text, of_reference text, points bigint, earned date, until date, facts jsonb, at timestamptz
) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    made bigint;
BEGIN
    PERFORM mileage_hold(of_holder);
    INSERT INTO mileage_lot (holder_id, source, earned_on, expires_on) VALUES (of_holder, of_source, earned, until)
    RETURNING id INTO made;
    PERFORM mileage_post('credited', of_reference, of_holder, at, mileage_credit.facts, jsonb_build_array(
        jsonb_build_object('account', 'held', 'lot', made, 'amount', points),
        jsonb_build_object('account', 'granted', 'amount', -points)));
    PERFORM mileage_book('credited', of_reference, at, jsonb_build_object('mileage_expense', points, 'mileage', -points));
    PERFORM mileage_set_off(of_holder, of_reference, at);
END $$;

-- Take back points that were credited for something: out of its own lots, then out of what expires first; what was spent
-- meanwhile is owed by its last lot, below zero. What of it expired came back to the city then, and is not taken again.
CREATE OR REPLACE FUNCTION mileage_take_back(
    of_holder bigint, of_source text, of_reference text, points bigint, facts jsonb, at timestamptz
) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    today date := mileage_day(at);
    lots bigint[];
    gone bigint;
    found jsonb;
    got bigint;
BEGIN
    PERFORM mileage_expire(of_holder, at); -- what is over is gone before anything is asked of it
    SELECT array_agg(l.id ORDER BY l.id) INTO STRICT lots FROM mileage_lot l
    WHERE l.holder_id = of_holder AND l.source = of_source;
    SELECT least(points, coalesce(-sum(p.amount), 0) - coalesce((
               SELECT -sum(q.amount) FROM mileage_posting q JOIN mileage_entry f ON f.id = q.entry_id
               WHERE f.holder_id = of_holder AND f.kind = 'taken_back' AND q.account = 'expired'
                 AND f.reference LIKE of_source || '/%'), 0))
    INTO gone FROM mileage_posting p JOIN mileage_entry e ON e.id = p.entry_id
    WHERE p.lot_id = ANY (lots) AND p.account = 'held' AND e.kind = 'expired';
    gone := greatest(gone, 0);
    SELECT coalesce(jsonb_agg(jsonb_build_object('account', 'held', 'lot', f.lot, 'amount', -f.part)), '[]'),
           coalesce(sum(f.part), 0)
    INTO found, got FROM mileage_first(of_holder, points - gone, today, lots) f;
    PERFORM mileage_post('taken_back', of_reference, of_holder, at, mileage_take_back.facts, found || jsonb_build_array(
        jsonb_build_object('account', 'held', 'lot', lots[cardinality(lots)], 'amount', -(points - gone - got)),
        jsonb_build_object('account', 'expired', 'amount', -gone),
        jsonb_build_object('account', 'granted', 'amount', points)));
    IF points > gone THEN
        PERFORM mileage_book('taken_back', of_reference, at, jsonb_build_object(
            'mileage', points - gone, 'mileage_expense', -(points - gone)));
    END IF;
END $$;
