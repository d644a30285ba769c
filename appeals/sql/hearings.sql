-- Hearings: a clerk opens sittings, has the solver propose places, and fixes them. No room is booked twice and nobody is in two
-- places, neither at first nor when a case moves; nobody is told too late without their consent.
SELECT core_secure(name) FROM unnest(ARRAY[
    'appeals_session', 'appeals_slot', 'appeals_slotperson', 'appeals_calendar', 'appeals_calendarplan'
]) AS name;
SELECT core_append_only('appeals_session');
GRANT SELECT ON appeals_session, appeals_slot, appeals_calendarplan TO etax_office;
DROP POLICY IF EXISTS office_own ON appeals_slot;
CREATE POLICY office_own ON appeals_slot FOR SELECT TO etax_office USING (EXISTS (SELECT FROM appeals_case c WHERE c.id = case_id));
DROP POLICY IF EXISTS office_own ON appeals_session;
CREATE POLICY office_own ON appeals_session FOR SELECT TO etax_office
    USING (authority_id = ANY ((SELECT appeals_session_hears())::text[])
           OR EXISTS (SELECT FROM appeals_slot s WHERE s.session_id = appeals_session.id));
DROP POLICY IF EXISTS office_own ON appeals_calendarplan;
CREATE POLICY office_own ON appeals_calendarplan FOR SELECT TO etax_office
    USING (authority_id = ANY ((SELECT appeals_session_hears())::text[]));

-- A citizen reads when and where their own case is heard, and the link.
GRANT SELECT (id, case_id, session_id, minute, lasts, status, moves, link, began_at, ended_at) ON appeals_slot TO etax_public;
GRANT SELECT (id, day, room_ko, room_en, way_ko, way_en, begins, step_free, remote) ON appeals_session TO etax_public;
DROP POLICY IF EXISTS public_own ON appeals_slot;
CREATE POLICY public_own ON appeals_slot FOR SELECT TO etax_public USING (EXISTS (SELECT FROM appeals_case c WHERE c.id = case_id));
DROP POLICY IF EXISTS public_own ON appeals_session;
CREATE POLICY public_own ON appeals_session FOR SELECT TO etax_public
    USING (EXISTS (SELECT FROM appeals_slot s WHERE s.session_id = appeals_session.id));

SELECT core_open(name, 'etax_worker', 'SELECT') FROM unnest(ARRAY[
    'appeals_session', 'appeals_slot', 'appeals_slotperson', 'appeals_calendar', 'appeals_calendarplan']) AS name;
GRANT UPDATE (status, step, attempts, begun_at, done_at, revision, places, "left", cost, bound, proven) ON appeals_calendarplan
    TO etax_worker;

-- The last day on which those who may speak hear of a hearing: so many days before, and never on a day of rest (제92조, 제24조).
CREATE OR REPLACE FUNCTION appeals_tell_by(on_day date) RETURNS date
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    last date := on_day - (SELECT (t.body ->> 'days_before')::integer FROM billing_datedtable t
                           WHERE t.name = 'appeal_hearing_notice' AND t.valid_from <= on_day
                             AND (t.valid_to IS NULL OR on_day <= t.valid_to));
BEGIN
    WHILE extract(isodow FROM last) > 5 OR EXISTS (SELECT FROM billing_holiday h WHERE h.day = last) LOOP
        last := last - 1;
    END LOOP;
    RETURN last;
END $$;

-- Which interpreter's language a petitioner asked for, by the city's list of words; NULL: none asked for.
CREATE OR REPLACE FUNCTION appeals_interpreter(asked text, at timestamptz) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN btrim(asked) <> '' THEN coalesce((
        SELECT l.code FROM jsonb_each(appeals_rule('hearing_languages', at)) AS l (code, words)
        WHERE EXISTS (SELECT FROM jsonb_array_elements_text(l.words) AS w WHERE strpos(lower(asked), lower(w)) > 0)
        ORDER BY l.code LIMIT 1), 'other') END;
$$;

-- Who has to be there, and in how many rooms each can be at once. (plpgsql, so that who is whose advocate may come later.)
CREATE OR REPLACE FUNCTION appeals_people(of_case bigint, at timestamptz) RETURNS TABLE (mark text, heads integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT 'taxpayer:' || c.taxpayer_id, 1 FROM appeals_case c WHERE c.id = of_case
    UNION ALL
    SELECT 'account:' || c.begun_by_id, 1 FROM appeals_case c WHERE c.id = of_case AND NOT c.at_counter
    UNION ALL
    SELECT 'advocate:' || a.advocate_id, 1 FROM appeals_advocacy a WHERE a.case_id = of_case AND a.ended_at IS NULL
    UNION ALL
    SELECT 'interpreter:' || l.code,
           coalesce((appeals_rule('hearing_lengths', at) -> 'interpreters' ->> l.code)::integer, 1)
    FROM appeals_case c, appeals_interpreter(c.interpreter, at) AS l (code) WHERE c.id = of_case AND l.code IS NOT NULL;
END $$;
GRANT EXECUTE ON FUNCTION appeals_people(bigint, timestamptz), appeals_tell_by(date), appeals_interpreter(text, timestamptz)
    TO etax_worker;
GRANT EXECUTE ON FUNCTION appeals_tell_by(date) TO etax_office, etax_public;

ALTER TABLE appeals_slot DROP CONSTRAINT IF EXISTS appeals_slot_not_overbooked;
ALTER TABLE appeals_slot ADD CONSTRAINT appeals_slot_not_overbooked EXCLUDE USING gist (
    int8range(session_id, session_id, '[]') WITH &&, int4range(minute::integer, minute::integer + lasts::integer) WITH &&)
    WHERE (status <> 'released') DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE appeals_slotperson DROP CONSTRAINT IF EXISTS appeals_slotperson_in_one_place;
ALTER TABLE appeals_slotperson ADD CONSTRAINT appeals_slotperson_in_one_place EXCLUDE USING gist (
    int8range(key, key, '[]') WITH &&, int4range(head::integer, head::integer, '[]') WITH &&, tstzrange(starts, ends) WITH &&)
    DEFERRABLE INITIALLY IMMEDIATE;

-- A slot ends when its session does, is heard by whom the case belongs to, and is told of in time.
CREATE OR REPLACE FUNCTION appeals_keep_slot() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    there appeals_session%ROWTYPE;
    had record;
BEGIN
    SELECT s.* INTO there FROM appeals_session s JOIN appeals_case c ON c.id = NEW.case_id AND c.authority_id = s.authority_id
    WHERE s.id = NEW.session_id AND NEW.minute + NEW.lasts <= s.minutes;
    IF there.id IS NULL THEN
        RAISE EXCEPTION 'the minutes of case % do not fit into session %', NEW.case_id, NEW.session_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'appeals_slot_fits';
    ELSIF there.begins <= NEW.booked_at
          OR billing_local_date(NEW.booked_at) > appeals_tell_by(there.day) AND NEW.consent = '' THEN
        RAISE EXCEPTION 'of the hearing of case % on % nobody would hear in time (지방세기본법 제92조)', NEW.case_id, there.day
            USING ERRCODE = 'check_violation', CONSTRAINT = 'appeals_slot_told_in_time';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS keep_slot ON appeals_slot;
CREATE TRIGGER keep_slot BEFORE INSERT OR UPDATE OF session_id, minute, lasts, case_id ON appeals_slot FOR EACH ROW
    EXECUTE FUNCTION appeals_keep_slot();

CREATE OR REPLACE FUNCTION appeals_move_slot() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (('set', 'begun'), ('set', 'adjourned'), ('set', 'released'),
            ('begun', 'heard'), ('begun', 'adjourned'))
       OR (OLD.session_id, OLD.minute, OLD.lasts) IS DISTINCT FROM (NEW.session_id, NEW.minute, NEW.lasts) AND OLD.status <> 'set'
       OR OLD.case_id <> NEW.case_id THEN
        RAISE EXCEPTION 'a hearing that is % does not become %', OLD.status, NEW.status USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS move_slot ON appeals_slot;
CREATE TRIGGER move_slot BEFORE UPDATE ON appeals_slot FOR EACH ROW EXECUTE FUNCTION appeals_move_slot();

-- Whether the session is a clerk's of an authority that hears.
CREATE OR REPLACE FUNCTION appeals_clerk_of(of_authority text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(accounts_session_has_role('court_clerk') AND of_authority = ANY (accounts_session_bodies()), false);
$$;

-- Open sessions that are not there yet; how many. NULL: not a clerk of the city, whose rooms they are.
CREATE OR REPLACE FUNCTION appeals_open_sessions(facts jsonb, at timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    made integer;
    city text := (SELECT l.code FROM accounts_levyingbody l WHERE l.kind = 'city' ORDER BY l.code LIMIT 1);
BEGIN
    IF city IS NULL OR NOT appeals_clerk_of(city) THEN
        RETURN NULL;
    END IF;
    INSERT INTO appeals_session (authority_id, day, part, room, room_ko, room_en, way_ko, way_en, begins, minutes, seats,
                                 step_free, remote, opened_by_id, opened_at)
    SELECT city, f.day, f.part, f.room, f.room_ko, f.room_en, f.way_ko, f.way_en, f.begins, f.minutes, f.seats, f.step_free,
           f.remote, accounts_session_account(), at
    FROM jsonb_to_recordset(facts) AS f (day date, part text, room text, room_ko text, room_en text, way_ko text, way_en text,
                                         begins timestamptz, minutes smallint, seats smallint, step_free boolean, remote boolean)
    WHERE f.begins > at
    ON CONFLICT (day, part, room) DO NOTHING;
    GET DIAGNOSTICS made = ROW_COUNT;
    RETURN made;
END $$;

-- Hold an authority's calendar until the end of the transaction; its revision.
CREATE OR REPLACE FUNCTION appeals_hold_calendar(of_authority text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    found bigint;
BEGIN
    INSERT INTO appeals_calendar (authority_id, revision) VALUES (of_authority, 0) ON CONFLICT DO NOTHING;
    SELECT k.revision INTO found FROM appeals_calendar k WHERE k.authority_id = of_authority FOR UPDATE;
    RETURN found;
END $$;

-- Have the solver make a plan; the one that nobody fixed is dropped. NULL: not theirs, or not a case that is heard. -1: the
-- solver is at one already.
CREATE OR REPLACE FUNCTION appeals_ask_plan(
    of_authority text, of_kind text, of_case bigint, days jsonb, said text, agreed text, at timestamptz
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    made bigint;
BEGIN
    IF NOT appeals_clerk_of(of_authority) OR of_kind = 'one' AND NOT EXISTS (
           SELECT FROM appeals_case c WHERE c.id = of_case AND c.authority_id = of_authority AND c.status IN ('pending', 'mending')
           AND appeals_hears(c, 'court_clerk')
           AND NOT EXISTS (SELECT FROM appeals_slot s WHERE s.case_id = c.id AND s.status = 'begun')) THEN
        RETURN NULL;
    END IF;
    PERFORM appeals_hold_calendar(of_authority);
    IF EXISTS (SELECT FROM appeals_calendarplan p WHERE p.authority_id = of_authority AND p.status IN ('asked', 'working')) THEN
        RETURN -1;
    END IF;
    UPDATE appeals_calendarplan p SET status = 'dropped' WHERE p.authority_id = of_authority AND p.status = 'ready';
    INSERT INTO appeals_calendarplan (authority_id, kind, case_id, away, reason, consent, status, step, attempts, asked_by_id,
                                      asked_at, places, "left", cost, bound, proven)
    VALUES (of_authority, of_kind, of_case, days, left(said, 300), left(agreed, 300), 'asked', '', 0, accounts_session_account(),
            at, '[]', '[]', 0, 0, false)
    RETURNING id INTO made;
    PERFORM core_publish('appeals.plan_asked.v1', jsonb_build_object('plan_id', made));
    RETURN made;
END $$;

CREATE OR REPLACE FUNCTION appeals_drop_plan(of_plan bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE appeals_calendarplan p SET status = 'dropped'
    WHERE p.id = of_plan AND p.status IN ('asked', 'working', 'ready') AND appeals_clerk_of(p.authority_id);
    RETURN FOUND;
END $$;

-- Give a case its minutes, or others, enter it for both sides, and book who has to be there.
CREATE OR REPLACE FUNCTION appeals_book(
    of_case bigint, in_session bigint, from_minute integer, for_minutes integer, agreed text, why text, at timestamptz
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    there appeals_session%ROWTYPE;
    had appeals_slot%ROWTYPE;
    booked bigint;
    from_time timestamptz;
BEGIN
    SELECT * INTO there FROM appeals_session s WHERE s.id = in_session;
    from_time := there.begins + make_interval(mins => from_minute);
    SELECT * INTO had FROM appeals_slot s WHERE s.case_id = of_case AND s.status = 'set' FOR UPDATE;
    IF had.id IS NULL THEN
        INSERT INTO appeals_slot (case_id, session_id, minute, lasts, status, moves, consent, link, booked_by_id, booked_at)
        VALUES (of_case, in_session, from_minute, for_minutes, 'set', 0, agreed, '', accounts_session_account(), at)
        RETURNING id INTO booked;
    ELSE
        UPDATE appeals_slot s SET session_id = in_session, minute = from_minute, lasts = for_minutes, moves = s.moves + 1,
            consent = agreed, link = CASE WHEN s.session_id = in_session THEN s.link ELSE '' END,
            booked_by_id = accounts_session_account(), booked_at = at
        WHERE s.id = had.id RETURNING s.id INTO booked;
    END IF;
    -- Of several, such as two interpreters, one stays in a room for a part of the day.
    INSERT INTO appeals_slotperson (slot_id, mark, key, head, starts, ends)
    SELECT booked, p.mark, hashtextextended(p.mark, 0), coalesce((
               SELECT min(o.head) FROM appeals_slotperson o JOIN appeals_slot x ON x.id = o.slot_id
               WHERE o.key = hashtextextended(p.mark, 0) AND x.session_id = in_session), (
               SELECT min(h) FROM generate_series(1, p.heads) AS h WHERE NOT EXISTS (
                   SELECT FROM appeals_slotperson o JOIN appeals_slot x ON x.id = o.slot_id
                   JOIN appeals_session t ON t.id = x.session_id
                   WHERE o.key = hashtextextended(p.mark, 0) AND o.head = h AND t.day = there.day AND t.part = there.part)), 1),
           from_time, from_time + make_interval(mins => for_minutes)
    FROM appeals_people(of_case, at) AS p;
    PERFORM appeals_enter(of_case, CASE WHEN had.id IS NULL THEN 'hearing_set' ELSE 'hearing_moved' END, 'clerk',
        concat_ws('|', to_char(from_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"'), there.room_ko, there.room_en,
                  replace(concat_ws(' ', nullif(why, ''), nullif(agreed, '')), '|', '/')), at, 'site');
END $$;

-- Fix a plan, all of it or none. 'stale': the calendar, or one of the cases, is not as it was; NULL: not theirs, or not ready.
-- Rooms, people and notice are the tables' own business.
CREATE OR REPLACE FUNCTION appeals_fix_plan(of_plan bigint, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    made appeals_calendarplan%ROWTYPE;
    cases bigint[];
    left_by bigint[];
    kept bigint;
    put record;
BEGIN
    SELECT * INTO made FROM appeals_calendarplan p WHERE p.id = of_plan;
    IF made.id IS NULL OR NOT appeals_clerk_of(made.authority_id) THEN
        RETURN NULL;
    END IF;
    kept := appeals_hold_calendar(made.authority_id);
    SELECT * INTO made FROM appeals_calendarplan p WHERE p.id = of_plan FOR UPDATE;
    IF made.status = 'fixed' THEN
        RETURN 'fixed';
    ELSIF made.status <> 'ready' THEN
        RETURN NULL;
    END IF;
    SELECT coalesce(array_agg((p ->> 'case')::bigint ORDER BY (p ->> 'case')::bigint), '{}') INTO cases
    FROM jsonb_array_elements(made.places) AS p;
    PERFORM FROM appeals_case c WHERE c.id = ANY (cases) ORDER BY c.id FOR UPDATE;
    IF made.revision <> kept OR cardinality(cases) <> (
           SELECT count(*) FROM appeals_case c WHERE c.id = ANY (cases) AND c.status IN ('pending', 'mending')
           AND c.authority_id = made.authority_id AND appeals_hears(c, 'court_clerk')) THEN
        UPDATE appeals_calendarplan p SET status = 'stale' WHERE p.id = made.id;
        RETURN 'stale';
    END IF;
    SELECT array_agg(DISTINCT s.session_id) INTO left_by FROM appeals_slot s WHERE s.case_id = ANY (cases) AND s.status = 'set';
    SET CONSTRAINTS appeals_slot_not_overbooked, appeals_slotperson_in_one_place DEFERRED;
    DELETE FROM appeals_slotperson p USING appeals_slot s WHERE s.id = p.slot_id AND s.case_id = ANY (cases) AND s.status = 'set';
    FOR put IN SELECT * FROM jsonb_to_recordset(made.places) AS p ("case" bigint, session bigint, minute integer, lasts integer)
               ORDER BY p."case" LOOP
        PERFORM appeals_book(put."case", put.session, put.minute, put.lasts,
                             CASE WHEN put."case" = made.case_id THEN made.consent ELSE '' END, made.reason, at);
    END LOOP;
    SET CONSTRAINTS appeals_slot_not_overbooked, appeals_slotperson_in_one_place IMMEDIATE;
    UPDATE appeals_calendar k SET revision = k.revision + 1 WHERE k.authority_id = made.authority_id;
    UPDATE appeals_calendarplan p SET status = 'fixed', fixed_by_id = accounts_session_account(), fixed_at = at
    WHERE p.id = made.id;
    -- Who keeps a seat in a room that a case leaves would come in vain.
    UPDATE appeals_seat l SET due = 'changed', taken_at = NULL
    WHERE l.session_id = ANY (left_by) AND l.status <> 'asked' AND l.due = '';
    PERFORM core_publish('appeals.calendar_changed.v1', jsonb_build_object('plan_id', made.id));
    RETURN 'done';
END $$;

-- A plan is asked for, made, looked at; and stays what it became.
CREATE OR REPLACE FUNCTION appeals_move_plan() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (('asked', 'working'), ('asked', 'dropped'),
            ('working', 'ready'), ('working', 'failed'), ('working', 'dropped'), ('ready', 'fixed'), ('ready', 'stale'),
            ('ready', 'dropped'))
       OR OLD.places <> NEW.places AND OLD.status <> 'working' THEN
        RAISE EXCEPTION 'a plan that is % does not become %', OLD.status, NEW.status USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS move_plan ON appeals_calendarplan;
CREATE TRIGGER move_plan BEFORE UPDATE ON appeals_calendarplan FOR EACH ROW EXECUTE FUNCTION appeals_move_plan();

-- A case that ended, or went to another authority, needs no minutes any more.
CREATE OR REPLACE FUNCTION appeals_free_slot() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE appeals_slot s SET status = 'released', link = '' WHERE s.case_id = NEW.id AND s.status = 'set';
    DELETE FROM appeals_slotperson p USING appeals_slot s WHERE s.id = p.slot_id AND s.case_id = NEW.id AND s.status = 'released';
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS free_slot ON appeals_case;
CREATE TRIGGER free_slot AFTER UPDATE OF status, authority_id ON appeals_case FOR EACH ROW
    WHEN (NEW.status IN ('decided', 'withdrawn') AND NEW.status <> OLD.status OR NEW.authority_id <> OLD.authority_id)
    EXECUTE FUNCTION appeals_free_slot();

GRANT EXECUTE ON FUNCTION appeals_hold_calendar(text) TO etax_worker;
GRANT EXECUTE ON FUNCTION appeals_open_sessions(jsonb, timestamptz),
    appeals_ask_plan(text, text, bigint, jsonb, text, text, timestamptz), appeals_drop_plan(bigint),
    appeals_fix_plan(bigint, timestamptz) TO etax_office;
