-- Using points: they are kept for a use first, then spent, or free again. Locks: the holder, then the use; whoever pays a bill
-- with points holds the attempt and its bills before.

-- Keep points for a use; false: there are fewer. The same reference again changes nothing.
CREATE OR REPLACE FUNCTION mileage_reserve(
    of_holder bigint, of_reference text, of_way text, of_points bigint, of_target jsonb, at timestamptz
) RETURNS boolean LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    today date := mileage_day(at);
BEGIN
    PERFORM mileage_hold(of_holder);
    IF EXISTS (SELECT FROM mileage_use u WHERE u.reference = of_reference) THEN
        RETURN EXISTS (SELECT FROM mileage_use u WHERE u.reference = of_reference AND u.holder_id = of_holder
                       AND u.way = of_way AND u.points = of_points);
    END IF;
    IF of_points <= 0 OR mileage_available(of_holder, today) < of_points THEN
        RETURN false;
    END IF;
    INSERT INTO mileage_use (reference, holder_id, way, points, target, status, given_back, because, asked_at)
    VALUES (of_reference, of_holder, of_way, of_points, of_target, 'reserved', 0, '', at);
    PERFORM mileage_post('reserved', of_reference, of_holder, at, jsonb_build_object('way', of_way), (
        SELECT jsonb_agg(jsonb_build_object('account', s.account, 'lot', f.lot, 'amount', s.sign * f.part))
        FROM mileage_first(of_holder, of_points, today, '{}') f
        CROSS JOIN (VALUES ('held', -1), ('reserved', 1)) AS s (account, sign)));
    RETURN true;
END $$;

-- The same for whoever is signed in, out of their own points and no others'; what the public face may do, whatever it has
-- become: the moment is near the database's own, money goes to nobody but the holder, and what stands in a partner's file
-- breaks no line and is no formula.
CREATE OR REPLACE FUNCTION mileage_ask(of_reference text, of_way text, of_points bigint, of_target jsonb, at timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    own accounts_taxpayer%ROWTYPE;
BEGIN
    SELECT t.* INTO own FROM accounts_account a JOIN accounts_taxpayer t ON t.id = a.taxpayer_id
    WHERE a.id = accounts_session_account() AND a.kind = 'citizen' AND a.assurance = 2;
    IF own.id IS NULL OR at NOT BETWEEN now() - interval '1 day' AND now() + interval '1 day'
       OR of_reference !~ '^[A-Za-z0-9-]{1,40}$' OR jsonb_typeof(of_target) <> 'object' OR length(of_target::text) > 2000
       OR coalesce(of_target ->> 'number', '') ~ '[[:cntrl:][:space:]",;]|^[=+@-]'
       OR of_way = 'cash' AND (coalesce(of_target ->> 'bank', '') !~ '^[0-9]{3}$'
                               OR coalesce(of_target ->> 'account', '') !~ '^[0-9]{6,34}$') THEN
        RETURN false;
    END IF;
    RETURN mileage_reserve(
        own.id, of_reference, of_way, of_points,
        of_target || CASE of_way WHEN 'cash' THEN jsonb_build_object('holder', own.name) ELSE '{}' END, at);
END $$;

-- The use of a reference, its holder locked.
CREATE OR REPLACE FUNCTION mileage_lock_use(of_reference text) RETURNS mileage_use
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    found mileage_use%ROWTYPE;
BEGIN
    SELECT * INTO found FROM mileage_use u WHERE u.reference = of_reference;
    IF found.id IS NOT NULL THEN
        PERFORM mileage_hold(found.holder_id);
        SELECT * INTO found FROM mileage_use u WHERE u.id = found.id FOR UPDATE;
    END IF;
    RETURN found;
END $$;

-- Points kept for a use are spent: the city no longer owes them to the holder, but to whom `purpose` says (clearing: a bill
-- is paid with them; refund_payable: somebody is to be paid). False: they were spent before. Anything else is refused.
CREATE OR REPLACE FUNCTION mileage_spend(of_reference text, of_points bigint, purpose text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    used mileage_use%ROWTYPE := mileage_lock_use(of_reference);
BEGIN
    IF used.status = 'spent' AND used.points = of_points THEN
        RETURN false;
    ELSIF used.id IS NULL OR used.status <> 'reserved' OR used.points <> of_points
          OR (used.way = 'bill') <> (purpose = 'clearing') OR purpose NOT IN ('clearing', 'refund_payable') THEN
        RAISE EXCEPTION 'no % points are kept for %', of_points, of_reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'mileage_spent_as_reserved';
    END IF;
    PERFORM mileage_post('spent', of_reference, used.holder_id, at, jsonb_build_object('way', used.way), (
        SELECT jsonb_agg(jsonb_build_object('account', 'reserved', 'lot', r.lot_id, 'amount', -r.amount))
        FROM mileage_kept(of_reference) r) || jsonb_build_array(
            jsonb_build_object('account', 'spent', 'amount', used.points)));
    PERFORM mileage_book('spent', of_reference, at, jsonb_build_object('mileage', used.points, purpose, -used.points));
    UPDATE mileage_use u SET status = 'spent', ended_at = at WHERE u.id = used.id;
    PERFORM core_publish('mileage.spent.v1', jsonb_build_object('reference', of_reference, 'way', used.way));
    RETURN true;
END $$;

-- What is kept of which lot for a use.
CREATE OR REPLACE FUNCTION mileage_kept(of_reference text) RETURNS TABLE (lot_id bigint, amount bigint)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT p.lot_id, p.amount FROM mileage_entry e JOIN mileage_posting p ON p.entry_id = e.id
    WHERE e.kind = 'reserved' AND e.reference = of_reference AND p.account = 'reserved';
$$;

-- Where points that come back go: home, into the lot that they were taken from. One whose last day is over gets a lot of
-- the same source beside it that lives `days` more; NULL: it gets none, and what comes home expires.
CREATE OR REPLACE FUNCTION mileage_homes(of_lots bigint[], days integer, today date)
RETURNS TABLE (lot bigint, home bigint) LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    one mileage_lot%ROWTYPE;
BEGIN
    FOR one IN SELECT * FROM mileage_lot l WHERE l.id = ANY (of_lots) ORDER BY l.id LOOP
        lot := one.id;
        home := one.id;
        IF one.expires_on < today AND days IS NOT NULL THEN
            INSERT INTO mileage_lot (holder_id, source, earned_on, expires_on)
            VALUES (one.holder_id, one.source, today, today + days) RETURNING mileage_lot.id INTO home;
        END IF;
        RETURN NEXT;
    END LOOP;
END $$;

-- Points kept for a use are free again (`days`: see `mileage_homes`). False: it had ended.
CREATE OR REPLACE FUNCTION mileage_release(of_reference text, reason text, days integer, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    used mileage_use%ROWTYPE := mileage_lock_use(of_reference);
BEGIN
    IF used.id IS NULL OR used.status <> 'reserved' THEN
        RETURN false;
    END IF;
    PERFORM mileage_post('released', of_reference, used.holder_id, at, jsonb_build_object('because', reason), (
        WITH homes AS MATERIALIZED (
            SELECT h.* FROM mileage_homes(ARRAY(SELECT r.lot_id FROM mileage_kept(of_reference) r), days, mileage_day(at)) h
        )
        SELECT jsonb_agg(jsonb_build_object(
            'account', s.account, 'amount', s.sign * r.amount, 'lot', CASE s.account WHEN 'held' THEN h.home ELSE h.lot END))
        FROM mileage_kept(of_reference) r JOIN homes h ON h.lot = r.lot_id
        CROSS JOIN (VALUES ('reserved', -1), ('held', 1)) AS s (account, sign)));
    UPDATE mileage_use u SET status = 'released', ended_at = at, because = left(reason, 200) WHERE u.id = used.id;
    PERFORM mileage_set_off(used.holder_id, of_reference, at);
    RETURN true;
END $$;

-- Which lots so many spent points come back to, after those that came back before: what was used last, which lives longest,
-- comes back first.
CREATE OR REPLACE FUNCTION mileage_coming_back(of_reference text, before bigint, points bigint)
RETURNS TABLE (lot bigint, part bigint) LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT k.lot_id, (least(k.up_to, before + points) - greatest(k.up_to - k.amount, before))::bigint
    FROM (SELECT r.lot_id, r.amount, sum(r.amount) OVER (ORDER BY l.expires_on DESC, l.id DESC) AS up_to
          FROM mileage_kept(of_reference) r JOIN mileage_lot l ON l.id = r.lot_id) AS k
    WHERE k.up_to > before AND k.up_to - k.amount < before + points;
$$;

-- Points that were spent on a bill, or as money, come back, because that payment is given back or refused. `key` makes it
-- count once; false: it did before. `days`: see `mileage_homes`.
CREATE OR REPLACE FUNCTION mileage_give_back(of_reference text, key text, of_points bigint, days integer, at timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    used mileage_use%ROWTYPE := mileage_lock_use(of_reference);
    label text := of_reference || '/' || key;
BEGIN
    IF EXISTS (SELECT FROM mileage_entry e WHERE e.kind = 'given_back' AND e.reference = label) THEN
        RETURN false;
    ELSIF used.id IS NULL OR used.way NOT IN ('bill', 'cash') OR used.status <> 'spent' OR of_points <= 0
          OR used.given_back + of_points > used.points THEN
        RAISE EXCEPTION 'so many points were not spent by %', of_reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'mileage_use_given_back';
    END IF;
    PERFORM mileage_post('given_back', label, used.holder_id, at, '{}', (
        WITH parts AS MATERIALIZED (
            SELECT c.* FROM mileage_coming_back(of_reference, used.given_back, of_points) c
        ), homes AS MATERIALIZED (
            SELECT h.* FROM mileage_homes(ARRAY(SELECT p.lot FROM parts p), days, mileage_day(at)) h
        )
        SELECT jsonb_agg(jsonb_build_object('account', 'held', 'lot', h.home, 'amount', p.part))
        FROM parts p JOIN homes h ON h.lot = p.lot
    ) || jsonb_build_array(jsonb_build_object('account', 'spent', 'amount', -of_points)));
    PERFORM mileage_book('given_back', label, at, jsonb_build_object(
        CASE used.way WHEN 'bill' THEN 'clearing' ELSE 'refund_payable' END, of_points, 'mileage', -of_points));
    UPDATE mileage_use u SET given_back = u.given_back + of_points WHERE u.id = used.id;
    PERFORM mileage_set_off(used.holder_id, label, at);
    RETURN true;
END $$;

-- What a holder's lots still hold after their last day is gone: the city no longer owes it. How many points.
CREATE OR REPLACE FUNCTION mileage_expire(of_holder bigint, at timestamptz) RETURNS bigint
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    today date := mileage_day(at);
    label text;
    gone bigint;
    sides jsonb;
BEGIN
    PERFORM mileage_hold(of_holder);
    SELECT jsonb_agg(jsonb_build_object('account', 'held', 'lot', x.id, 'amount', -x.held)), sum(x.held),
           of_holder || '/' || today || '/' || (SELECT count(*) FROM mileage_entry e
                                                WHERE e.holder_id = of_holder AND e.kind = 'expired') INTO sides, gone, label
    FROM (SELECT l.id, sum(p.amount)::bigint AS held
          FROM mileage_lot l JOIN mileage_posting p ON p.lot_id = l.id AND p.account = 'held'
          WHERE l.holder_id = of_holder AND l.expires_on < today GROUP BY l.id HAVING sum(p.amount) > 0) AS x;
    IF gone IS NULL THEN
        RETURN 0;
    END IF;
    PERFORM mileage_post('expired', label, of_holder, at, '{}', sides || jsonb_build_array(
        jsonb_build_object('account', 'expired', 'amount', gone)));
    PERFORM mileage_book('expired', label, at, jsonb_build_object('mileage', gone, 'mileage_expense', -gone));
    RETURN gone;
END $$;
