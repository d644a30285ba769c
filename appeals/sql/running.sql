-- A hearing as it runs: the clerk of who hears it writes down who came, who spoke, when it began and ended; the minutes are
-- signed off by the chair. All of it is kept: rows are added, never changed.
SELECT core_secure(name) FROM unnest(ARRAY['appeals_moment', 'appeals_minutes', 'appeals_minutessigned']) AS name;
SELECT core_append_only(name) FROM unnest(ARRAY['appeals_moment', 'appeals_minutes', 'appeals_minutessigned']) AS name;
GRANT SELECT ON appeals_moment, appeals_minutes, appeals_minutessigned TO etax_office;
SELECT core_open(name, 'etax_worker', 'SELECT') FROM unnest(ARRAY['appeals_minutes', 'appeals_minutessigned']) AS name;

-- Whether the session hears the case of a slot; who levied reads nothing of this.
CREATE OR REPLACE FUNCTION appeals_session_sits(of_slot bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM appeals_slot s JOIN appeals_case c ON c.id = s.case_id
                   WHERE s.id = of_slot AND c.authority_id = ANY (appeals_session_hears()));
$$;
GRANT EXECUTE ON FUNCTION appeals_session_sits(bigint) TO etax_office;
DROP POLICY IF EXISTS office_own ON appeals_moment;
CREATE POLICY office_own ON appeals_moment FOR SELECT TO etax_office USING (appeals_session_sits(slot_id));
DROP POLICY IF EXISTS office_own ON appeals_minutes;
CREATE POLICY office_own ON appeals_minutes FOR SELECT TO etax_office USING (appeals_session_sits(slot_id));
DROP POLICY IF EXISTS office_own ON appeals_minutessigned;
CREATE POLICY office_own ON appeals_minutessigned FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM appeals_minutes m WHERE m.id = minutes_id));

-- The slot and its case, if the session may do `of_role`'s work in it; locked, the case first.
CREATE OR REPLACE FUNCTION appeals_slot_for(of_slot bigint, of_role text) RETURNS appeals_slot
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_case%ROWTYPE;
    found appeals_slot%ROWTYPE;
BEGIN
    SELECT c.* INTO here FROM appeals_case c WHERE c.id = (SELECT s.case_id FROM appeals_slot s WHERE s.id = of_slot) FOR UPDATE;
    IF here.id IS NULL OR NOT appeals_hears(here, of_role) THEN
        RETURN NULL;
    END IF;
    SELECT s.* INTO found FROM appeals_slot s WHERE s.id = of_slot FOR UPDATE;
    RETURN found;
END $$;

-- What happens, written down by the clerk on the day of the sitting or after. 'early': that day is still to come; 'attendance':
-- it begins once it is noted who of petitioner and levying office came; 'busy': another case is being heard in the room;
-- 'quorum': of its panel, where one was called, no more than half of the seats are at the table (제147조); NULL: not theirs, or it is over.
CREATE OR REPLACE FUNCTION appeals_note(
    of_slot bigint, what text, by_side text, way text, said text, at timestamptz
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_slot := appeals_slot_for(of_slot, 'court_clerk');
BEGIN
    IF here.id IS NULL OR here.status NOT IN ('set', 'begun') THEN
        RETURN NULL;
    ELSIF billing_local_date(at) < (SELECT s.day FROM appeals_session s WHERE s.id = here.session_id) THEN
        RETURN 'early';
    ELSIF what IN ('said', 'ended') AND here.status <> 'begun' OR what = 'begun' AND here.status <> 'set' THEN
        RETURN NULL;
    ELSIF what = 'begun' AND (SELECT count(DISTINCT m.side) FROM appeals_moment m
                              WHERE m.slot_id = here.id AND m.kind = 'attends' AND m.side IN ('petitioner', 'office')) < 2 THEN
        RETURN 'attendance';
    ELSIF what = 'begun' AND EXISTS (SELECT FROM appeals_slot s WHERE s.session_id = here.session_id AND s.status = 'begun') THEN
        RETURN 'busy';
    ELSIF what = 'begun' AND EXISTS (SELECT FROM appeals_standing(here.case_id) t WHERE t.present * 2 <= t.seats) THEN
        RETURN 'quorum';
    END IF;
    INSERT INTO appeals_moment (slot_id, kind, side, presence, text, account_id, at)
    VALUES (here.id, what, by_side, way, left(said, 10000), accounts_session_account(), at);
    IF what = 'begun' THEN
        UPDATE appeals_slot s SET status = 'begun', began_at = at WHERE s.id = here.id;
    ELSIF what = 'ended' THEN
        UPDATE appeals_slot s SET status = 'heard', ended_at = greatest(at, s.began_at), link = '' WHERE s.id = here.id;
        PERFORM appeals_enter(here.case_id, 'heard', 'clerk', '', at);
    ELSIF what = 'adjourned' THEN
        UPDATE appeals_slot s SET status = 'adjourned', ended_at = at, link = '' WHERE s.id = here.id;
        DELETE FROM appeals_slotperson p WHERE p.slot_id = here.id;
        PERFORM appeals_enter(here.case_id, 'adjourned', 'clerk', said, at, 'site');
    END IF;
    RETURN 'done';
END $$;

-- Where the parties attend from afar. False: not theirs, over, or no room for it.
CREATE OR REPLACE FUNCTION appeals_set_link(of_slot bigint, address text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_slot := appeals_slot_for(of_slot, 'court_clerk');
BEGIN
    IF here.id IS NULL OR here.status NOT IN ('set', 'begun')
       OR NOT (SELECT s.remote FROM appeals_session s WHERE s.id = here.session_id) THEN
        RETURN false;
    ELSIF here.link <> address THEN
        UPDATE appeals_slot s SET link = left(address, 300) WHERE s.id = here.id;
        PERFORM appeals_enter(here.case_id, 'hearing_link', 'clerk', '', at, 'site');
    END IF;
    RETURN true;
END $$;

-- A further version of the minutes; `believed` is the one that was read. 'stale': somebody wrote another meanwhile; NULL: not
-- theirs, or nothing was heard.
CREATE OR REPLACE FUNCTION appeals_write_minutes(of_slot bigint, said text, believed integer, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_slot := appeals_slot_for(of_slot, 'court_clerk');
BEGIN
    IF here.id IS NULL OR here.status NOT IN ('begun', 'heard', 'adjourned') THEN
        RETURN NULL;
    ELSIF believed <> (SELECT coalesce(max(m.version), 0) FROM appeals_minutes m WHERE m.slot_id = here.id) THEN
        RETURN 'stale';
    END IF;
    INSERT INTO appeals_minutes (slot_id, version, text, written_by_id, written_at)
    VALUES (here.id, believed + 1, left(said, 50000), accounts_session_account(), at);
    RETURN 'done';
END $$;

-- The chair signs the newest version off, which somebody else wrote. 'stale': there is a newer one; NULL: not theirs, signed
-- already, or the hearing is not over. It stands in the log.
CREATE OR REPLACE FUNCTION appeals_sign_minutes(of_minutes bigint, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    said appeals_minutes%ROWTYPE;
    here appeals_slot%ROWTYPE;
BEGIN
    SELECT * INTO said FROM appeals_minutes m WHERE m.id = of_minutes;
    here := appeals_slot_for(said.slot_id, 'chair');
    IF here.id IS NULL OR here.status NOT IN ('heard', 'adjourned') OR said.written_by_id = accounts_session_account()
       OR EXISTS (SELECT FROM appeals_minutessigned g WHERE g.minutes_id = said.id) THEN
        RETURN NULL;
    ELSIF EXISTS (SELECT FROM appeals_minutes m WHERE m.slot_id = said.slot_id AND m.version > said.version) THEN
        RETURN 'stale';
    END IF;
    INSERT INTO appeals_minutessigned (minutes_id, signed_by_id, signed_at) VALUES (said.id, accounts_session_account(), at);
    PERFORM core_append_leaf('minutes', said.id::text, appeals_minutes_leaf(said.id));
    RETURN 'done';
END $$;

-- What of signed minutes is sealed.
CREATE OR REPLACE FUNCTION appeals_minutes_leaf(of_minutes bigint) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_object('case', c.number, 'slot', s.id, 'version', m.version, 'signed_by', g.signed_by_id,
                              'sha256', encode(sha256(convert_to(m.text, 'UTF8')), 'hex'))
    FROM appeals_minutes m JOIN appeals_slot s ON s.id = m.slot_id JOIN appeals_case c ON c.id = s.case_id
    JOIN appeals_minutessigned g ON g.minutes_id = m.id WHERE m.id = of_minutes;
$$;

GRANT EXECUTE ON FUNCTION appeals_note(bigint, text, text, text, text, timestamptz), appeals_set_link(bigint, text, timestamptz),
    appeals_write_minutes(bigint, text, integer, timestamptz), appeals_sign_minutes(bigint, timestamptz) TO etax_office;
GRANT EXECUTE ON FUNCTION appeals_minutes_leaf(bigint) TO etax_worker;
