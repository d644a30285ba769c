-- Drawing the model taxpayers: begun by one officer, told by a second; the seed is the worker's alone until then. Everybody
-- may read what was published, and marks; who is behind one, only they themselves.
SELECT core_secure(name) FROM unnest(ARRAY['mileage_draw', 'mileage_drawsecret', 'mileage_candidate']) AS name;
SELECT core_append_only('mileage_drawsecret');
SELECT core_open('mileage_draw', 'etax_worker', 'SELECT, UPDATE');
SELECT core_open('mileage_drawsecret', 'etax_worker', 'SELECT, INSERT');
SELECT core_open('mileage_candidate', 'etax_worker', 'SELECT, INSERT, UPDATE');
SELECT core_open('mileage_draw', role, 'SELECT') FROM unnest(ARRAY['etax_public', 'etax_office']) AS role;
GRANT SELECT ON mileage_candidate TO etax_public;
DROP POLICY IF EXISTS public_own ON mileage_candidate;
CREATE POLICY public_own ON mileage_candidate FOR SELECT TO etax_public USING (holder_id = (SELECT mileage_own()));

-- What was published is not changed: each part is written once.
CREATE OR REPLACE FUNCTION mileage_keep_draw() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.year, OLD.places, OLD.rule, OLD.begun_by_id, OLD.begun_at)
           IS DISTINCT FROM (NEW.year, NEW.places, NEW.rule, NEW.begun_by_id, NEW.begun_at)
       OR OLD.commitment NOT IN ('', NEW.commitment) OR OLD.list_hash NOT IN ('', NEW.list_hash)
       OR OLD.seed NOT IN ('', NEW.seed) OR OLD.told NOT IN ('', NEW.told)
       OR OLD.event <> '' AND (OLD.event, OLD.event_on) IS DISTINCT FROM (NEW.event, NEW.event_on)
       OR OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
           ('begun', 'committed'), ('committed', 'listed'), ('listed', 'revealed')) THEN
        RAISE EXCEPTION 'the draw of % stays as it is', OLD.year USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS keep_draw ON mileage_draw;
CREATE TRIGGER keep_draw BEFORE UPDATE OR DELETE ON mileage_draw FOR EACH ROW EXECUTE FUNCTION mileage_keep_draw();

-- Candidates are listed before the list is published, and drawn when the seed is told.
CREATE OR REPLACE FUNCTION mileage_keep_candidate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND ((OLD.draw_id, OLD.holder_id, OLD.mark) <> (NEW.draw_id, NEW.holder_id, NEW.mark)
                                                 OR OLD.place IS NOT NULL)
       OR TG_OP = 'INSERT' AND NOT EXISTS (SELECT FROM mileage_draw d WHERE d.id = NEW.draw_id AND d.status = 'committed') THEN
        RAISE EXCEPTION 'the list of a draw stays as it is' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS keep_candidate ON mileage_candidate;
CREATE TRIGGER keep_candidate BEFORE INSERT OR UPDATE OR DELETE ON mileage_candidate
    FOR EACH ROW EXECUTE FUNCTION mileage_keep_candidate();

-- Begin the draw of a year; its id, NULL where there is one already. An approver of the city, and no year ahead of its time:
-- its candidates are counted on its first day.
CREATE OR REPLACE FUNCTION mileage_begin_draw(of_year integer, of_places integer, of_rule jsonb, at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    made bigint;
BEGIN
    IF NOT (accounts_session_of_the_city() AND accounts_session_has_role('approver')) THEN
        RAISE EXCEPTION 'draws are begun by the city''s approvers' USING ERRCODE = 'insufficient_privilege';
    ELSIF of_year > extract(year FROM mileage_day(now())) THEN
        RAISE EXCEPTION 'year % has not begun', of_year USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO mileage_draw (year, places, rule, status, commitment, list_hash, candidates_count, event, told, seed,
                              begun_by_id, begun_at)
    VALUES (of_year, of_places, of_rule, 'begun', '', '', 0, '', '', '', accounts_session_account(), at)
    ON CONFLICT (year) DO NOTHING RETURNING id INTO made;
    IF made IS NOT NULL THEN
        PERFORM core_publish('mileage.draw_begun.v1', jsonb_build_object('draw_id', made));
        PERFORM core_audit('mileage.draw_begun', 'draw:' || made, accounts_session_account(), NULL, '',
                           jsonb_build_object('year', of_year, 'places', of_places), '', '');
    END IF;
    RETURN made;
END $$;

-- Name a public event to come, the outcome of which is drawn with: whoever knows the seed, or made the list, can't know
-- that. Once, after the list is sealed; by an approver of the city. False: not listed yet, named before, or no day to come.
CREATE OR REPLACE FUNCTION mileage_name_event(of_draw bigint, of_event text, of_day date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_year integer;
BEGIN
    IF NOT (accounts_session_of_the_city() AND accounts_session_has_role('approver')) THEN
        RETURN false;
    END IF;
    UPDATE mileage_draw d SET event = of_event, event_on = of_day
    WHERE d.id = of_draw AND d.status = 'listed' AND d.event = '' AND of_event <> ''
      AND of_day > mileage_day(now()) AND of_day <= mileage_day(now()) + 366
    RETURNING d.year INTO of_year;
    IF of_year IS NULL THEN
        RETURN false;
    END IF;
    PERFORM core_append_leaf('draw.event', of_year::text, jsonb_build_object('event', of_event, 'event_on', of_day));
    PERFORM core_audit('mileage.draw_event_named', 'draw:' || of_draw, accounts_session_account(), NULL, '',
                       jsonb_build_object('event', of_event, 'event_on', of_day), '', '');
    RETURN true;
END $$;

-- A second approver says how the event came out, and has the seed told. False: no event was named, it is still to come, the
-- seed was told, or they began it.
DROP FUNCTION IF EXISTS mileage_reveal_draw(bigint, timestamptz);
CREATE OR REPLACE FUNCTION mileage_reveal_draw(of_draw bigint, outcome text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT (accounts_session_of_the_city() AND accounts_session_has_role('approver')) THEN
        RETURN false;
    END IF;
    UPDATE mileage_draw d SET revealed_by_id = accounts_session_account(), revealed_at = at, told = outcome
    WHERE d.id = of_draw AND d.status = 'listed' AND d.revealed_by_id IS NULL AND outcome <> ''
      AND d.event_on <= mileage_day(now()) AND d.begun_by_id <> accounts_session_account();
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM core_publish('mileage.draw_decided.v1', jsonb_build_object('draw_id', of_draw));
    PERFORM core_audit('mileage.draw_decided', 'draw:' || of_draw, accounts_session_account(), NULL, '',
                       jsonb_build_object('told', outcome), '', '');
    RETURN true;
END $$;

-- The marks of a draw's list, for everybody: no row says who is behind one.
CREATE OR REPLACE FUNCTION mileage_marks(of_draw bigint) RETURNS TABLE (mark text, place integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.mark::text, c.place FROM mileage_candidate c JOIN mileage_draw d ON d.id = c.draw_id
    WHERE c.draw_id = of_draw AND d.status IN ('listed', 'revealed') ORDER BY c.mark;
$$;

-- How many holders paid so many bills well within a year before a day, for the grades; nobody is named.
CREATE OR REPLACE FUNCTION mileage_payers_by_bills(after date, upto date) RETURNS TABLE (bills bigint, holders bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT x.bills, count(*) FROM (
        SELECT e.holder_id, count(*) AS bills FROM mileage_earnedbill e
        WHERE e.counts AND e.paid_on > after AND e.paid_on <= upto GROUP BY e.holder_id
    ) AS x WHERE mileage_may_read() GROUP BY x.bills ORDER BY x.bills;
$$;
GRANT EXECUTE ON FUNCTION mileage_marks(bigint) TO etax_public, etax_office, etax_worker;
GRANT EXECUTE ON FUNCTION mileage_begin_draw(integer, integer, jsonb, timestamptz), mileage_name_event(bigint, text, date),
    mileage_reveal_draw(bigint, text, timestamptz), mileage_payers_by_bills(date, date) TO etax_office;
