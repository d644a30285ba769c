-- A panel sits for a room and a part of a sitting's day: over the cases that the calendar put there, as long as it does.

-- The clerk calls a panel for a session, over its cases that no panel hears; where one is called already, they join it (whom
-- something bars from them leaves the table for them). Answers as appeals_call_panel; NULL also where there is no such session.
CREATE OR REPLACE FUNCTION appeals_call_panel_for(of_session bigint, many smallint, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    there appeals_session%ROWTYPE;
    sits appeals_panel%ROWTYPE;
    free bigint[];
    made text;
BEGIN
    SELECT * INTO there FROM appeals_session s WHERE s.id = of_session;
    SELECT array_agg(f.id ORDER BY f.minute) INTO free FROM (
        SELECT c.id, s.minute FROM appeals_slot s JOIN appeals_case c ON c.id = s.case_id
        WHERE s.session_id = there.id AND s.status IN ('set', 'begun') AND c.status IN ('pending', 'mending')
          AND c.authority_id = there.authority_id
          AND NOT EXISTS (SELECT FROM appeals_listed l WHERE l.case_id = c.id AND l.off_at IS NULL)
        ORDER BY c.id FOR UPDATE OF c) AS f;
    IF there.id IS NULL OR NOT appeals_keeps_committee(there.authority_id) THEN
        RETURN NULL;
    ELSIF free IS NULL THEN
        RETURN 'cases';
    END IF;
    SELECT * INTO sits FROM appeals_panel p
    WHERE p.session_id = there.id AND p.status <> 'impossible' AND there.day >= billing_local_date(at) FOR UPDATE;
    IF sits.id IS NULL THEN
        made := appeals_call_panel(there.authority_id, there.day, there.part, there.room, many, free, at);
        UPDATE appeals_panel p SET session_id = there.id WHERE p.id::text = made;
        RETURN made;
    END IF;
    INSERT INTO appeals_listed (panel_id, case_id, position)
    SELECT sits.id, id, n + (SELECT count(*) FROM appeals_listed l WHERE l.panel_id = sits.id)
    FROM unnest(free) WITH ORDINALITY AS f (id, n)
    ON CONFLICT (panel_id, case_id) DO UPDATE SET off_at = NULL;
    PERFORM core_publish('appeals.panel_called.v1', jsonb_build_object('panel_id', sits.id));
    RETURN sits.id::text;
END $$;

-- A case that the calendar moves elsewhere, adjourns or frees is off the panel that sat there, unless it has decided.
CREATE OR REPLACE FUNCTION appeals_follow_slot() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM appeals_tally t WHERE t.case_id = NEW.case_id AND t.carried <> '') THEN
        UPDATE appeals_tally t SET closed_at = now() WHERE t.case_id = NEW.case_id AND t.closed_at IS NULL;
        UPDATE appeals_listed l SET off_at = now() FROM appeals_panel p
        WHERE p.id = l.panel_id AND p.session_id = OLD.session_id AND l.case_id = NEW.case_id AND l.off_at IS NULL;
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS follow_slot ON appeals_slot;
CREATE TRIGGER follow_slot AFTER UPDATE ON appeals_slot FOR EACH ROW
    WHEN (NEW.session_id <> OLD.session_id OR NEW.status IN ('adjourned', 'released') AND OLD.status <> NEW.status)
    EXECUTE FUNCTION appeals_follow_slot();

-- Who judges a case reads what was said in its hearing.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['appeals_moment', 'appeals_minutes'] LOOP
        EXECUTE format('DROP POLICY IF EXISTS bench_reads ON %I', name);
        EXECUTE format('CREATE POLICY bench_reads ON %I FOR SELECT TO etax_office USING (EXISTS (
            SELECT FROM appeals_slot s WHERE s.id = slot_id AND s.case_id = ANY ((SELECT appeals_session_judges())::bigint[])))', name);
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION appeals_call_panel_for(bigint, smallint, timestamptz) TO etax_office;
