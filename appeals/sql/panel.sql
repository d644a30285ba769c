-- Panels: called by the clerk, drawn and seated by the worker, who came, who is at the table for a case; and who may read what.
SELECT core_secure(name) FROM unnest(ARRAY[
    'appeals_member', 'appeals_commission', 'appeals_absence', 'appeals_recusal', 'appeals_panel', 'appeals_listed',
    'appeals_benchseat', 'appeals_tally', 'appeals_vote', 'appeals_note', 'appeals_signature'
]) AS name;
SELECT core_append_only(name) FROM unnest(ARRAY['appeals_absence', 'appeals_note', 'appeals_signature']) AS name;
SELECT core_open(name, 'etax_worker', 'SELECT') FROM unnest(ARRAY[
    'appeals_member', 'appeals_commission', 'appeals_absence', 'appeals_recusal', 'appeals_listed', 'appeals_tally',
    'appeals_signature'
]) AS name;
SELECT core_open('appeals_panel', 'etax_worker', 'SELECT');
GRANT UPDATE (status, why) ON appeals_panel TO etax_worker;
GRANT UPDATE (off_at) ON appeals_listed TO etax_worker;
SELECT core_open('appeals_benchseat', 'etax_worker', 'SELECT, INSERT');

-- Cases in which the signed-in member sits and from which nothing bars them: those that are not over, and those that ended
-- within the last year. Deliberations, votes and drafts open to nobody else.
CREATE OR REPLACE FUNCTION appeals_session_judges() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(l.case_id), '{}')
    FROM appeals_benchseat s JOIN appeals_listed l ON l.panel_id = s.panel_id JOIN appeals_panel p ON p.id = s.panel_id
    JOIN appeals_case c ON c.id = l.case_id
    WHERE s.member_id = appeals_session_member() AND s.left_at IS NULL AND l.off_at IS NULL
      AND (c.status IN ('pending', 'mending', 'decided') OR p.day > billing_local_date(now()) - 366)
      AND appeals_barred(l.case_id, s.member_id) IS NULL;
$$;

-- Panels on which the signed-in member has a seat.
CREATE OR REPLACE FUNCTION appeals_session_panels() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(s.panel_id), '{}')
    FROM appeals_benchseat s WHERE s.member_id = appeals_session_member() AND s.left_at IS NULL;
$$;

-- The clerk calls a panel of a day over cases that no other has. 'seats': no such panel; 'cases': none, or not theirs, or not
-- pending, or another panel's; NULL: not the clerk's to do, or the day is over.
CREATE OR REPLACE FUNCTION appeals_call_panel(
    of_body text, on_day date, in_part text, in_room text, many smallint, cases bigint[], at timestamptz
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    made bigint;
    free integer;
BEGIN
    IF NOT appeals_keeps_committee(of_body) OR on_day < billing_local_date(at) THEN
        RETURN NULL;
    ELSIF NOT appeals_rule('hearing_panel', at) -> 'seats' @> to_jsonb(many) THEN
        RETURN 'seats';
    END IF;
    PERFORM FROM appeals_case c WHERE c.id = ANY (cases) ORDER BY c.id FOR UPDATE;
    SELECT count(*) INTO free FROM appeals_case c
    WHERE c.id = ANY (cases) AND c.status IN ('pending', 'mending') AND c.authority_id = of_body
      AND NOT c.taxpayer_id = ANY (accounts_session_own_files())
      AND NOT EXISTS (SELECT FROM appeals_listed l WHERE l.case_id = c.id AND l.off_at IS NULL);
    IF free = 0 OR free <> cardinality(cases) OR free > 100 THEN
        RETURN 'cases';
    END IF;
    INSERT INTO appeals_panel AS p (body_id, day, part, room, seats, status, why, called_by_id, called_at)
    VALUES (of_body, on_day, in_part, in_room, many, 'called', '', accounts_session_account(), at)
    RETURNING p.id INTO made;
    INSERT INTO appeals_listed (panel_id, case_id, position) SELECT made, id, n FROM unnest(cases) WITH ORDINALITY AS l (id, n);
    PERFORM core_publish('appeals.panel_called.v1', jsonb_build_object('panel_id', made));
    RETURN made::text;
END $$;

-- A case is taken off a panel that has not decided it, so that another may hear it. False: not the clerk's, or decided.
CREATE OR REPLACE FUNCTION appeals_take_off(of_case bigint, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_case%ROWTYPE;
BEGIN
    SELECT * INTO here FROM appeals_case c WHERE c.id = of_case;
    IF here.id IS NULL OR NOT appeals_hears(here, 'court_clerk') OR NOT appeals_before_vote(here.id) THEN
        RETURN false;
    END IF;
    UPDATE appeals_tally t SET closed_at = at WHERE t.case_id = here.id AND t.closed_at IS NULL;
    UPDATE appeals_listed l SET off_at = at WHERE l.case_id = here.id AND l.off_at IS NULL;
    RETURN FOUND;
END $$;

-- What is withdrawn, or passed on to another authority, is before no panel any more.
CREATE OR REPLACE FUNCTION appeals_off_the_list() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE appeals_tally t SET closed_at = now() WHERE t.case_id = NEW.id AND t.closed_at IS NULL;
    UPDATE appeals_listed l SET off_at = now() WHERE l.case_id = NEW.id AND l.off_at IS NULL;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS off_the_list ON appeals_case;
CREATE TRIGGER off_the_list AFTER UPDATE ON appeals_case FOR EACH ROW
    WHEN (NEW.status = 'withdrawn' AND OLD.status <> 'withdrawn' OR NEW.authority_id <> OLD.authority_id)
    EXECUTE FUNCTION appeals_off_the_list();

-- The clerk says who is there: who came stays known, who is not named any more went. False: not the clerk's, or not the day.
CREATE OR REPLACE FUNCTION appeals_note_attendance(of_panel bigint, there bigint[], at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_panel%ROWTYPE;
BEGIN
    SELECT * INTO here FROM appeals_panel p WHERE p.id = of_panel AND p.status = 'seated' FOR UPDATE;
    IF here.id IS NULL OR NOT appeals_keeps_committee(here.body_id) OR here.day > billing_local_date(at) THEN
        RETURN false;
    END IF;
    UPDATE appeals_benchseat s SET went_at = at
    WHERE s.panel_id = here.id AND s.came_at IS NOT NULL AND s.went_at IS NULL AND NOT s.member_id = ANY (there);
    UPDATE appeals_benchseat s SET came_at = coalesce(s.came_at, at), went_at = NULL
    WHERE s.panel_id = here.id AND s.left_at IS NULL AND s.member_id = ANY (there)
      AND appeals_office_on(s.member_id, here.day) IS NOT NULL;
    RETURN true;
END $$;

-- Somebody who was drawn gives the seat up, or the clerk says that they can't come: the next of the order takes it.
-- False: not theirs, or the one who presides, or the sitting began.
CREATE OR REPLACE FUNCTION appeals_give_up_seat(of_panel bigint, of_member bigint, why text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_panel%ROWTYPE;
BEGIN
    SELECT * INTO here FROM appeals_panel p WHERE p.id = of_panel AND p.status = 'seated' FOR UPDATE;
    IF here.id IS NULL OR NOT (coalesce(of_member = appeals_session_member(), false) OR appeals_keeps_committee(here.body_id))
       OR EXISTS (SELECT FROM appeals_benchseat s WHERE s.panel_id = here.id AND s.came_at IS NOT NULL) THEN
        RETURN false;
    END IF;
    UPDATE appeals_benchseat s SET left_at = at, left_because = left(why, 300)
    WHERE s.panel_id = here.id AND s.member_id = of_member AND s.place > 1 AND s.left_at IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM core_publish('appeals.seat_given_up.v1', jsonb_build_object('panel_id', here.id, 'member_id', of_member));
    RETURN true;
END $$;

-- A seat belongs to who is in office on the day, and is not taken from them by anybody; only who came and went is added.
CREATE OR REPLACE FUNCTION appeals_keep_bench() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF appeals_office_on(NEW.member_id, (SELECT p.day FROM appeals_panel p WHERE p.id = NEW.panel_id)) IS NULL
           OR NEW.came_at IS NOT NULL OR NEW.left_at IS NOT NULL THEN
            RAISE EXCEPTION 'member % is not in office', NEW.member_id USING ERRCODE = 'check_violation';
        END IF;
    ELSIF (OLD.panel_id, OLD.member_id, OLD.place) IS DISTINCT FROM (NEW.panel_id, NEW.member_id, NEW.place)
       OR OLD.left_at IS NOT NULL AND OLD IS DISTINCT FROM NEW THEN
        RAISE EXCEPTION 'a seat stays whose it is' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS keep_bench ON appeals_benchseat;
CREATE TRIGGER keep_bench BEFORE INSERT OR UPDATE ON appeals_benchseat FOR EACH ROW EXECUTE FUNCTION appeals_keep_bench();

-- Who sits in a case and why somebody does not, for who hears it, sits in it or filed it; why, not for the petitioner.
CREATE OR REPLACE FUNCTION appeals_bench(of_case bigint) RETURNS TABLE (
    member_id bigint, name text, profession text, place smallint, there boolean, barred text, challenged boolean
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.id, m.name::text, m.profession::text, s.place, s.came_at IS NOT NULL AND s.went_at IS NULL,
           CASE WHEN session_user = 'etax_public' THEN left(appeals_barred(c.id, m.id), 0) ELSE appeals_barred(c.id, m.id) END,
           EXISTS (SELECT FROM appeals_recusal r WHERE r.case_id = c.id AND r.member_id = m.id AND r.kind = 'challenged')
    FROM appeals_case c JOIN appeals_listed l ON l.case_id = c.id AND l.off_at IS NULL
    JOIN appeals_benchseat s ON s.panel_id = l.panel_id AND s.left_at IS NULL JOIN appeals_member m ON m.id = s.member_id
    WHERE c.id = of_case AND (
        CASE session_user WHEN 'etax_public' THEN c.taxpayer_id = ANY (accounts_session_taxpayers())
                          WHEN 'etax_office' THEN appeals_hears(c, 'court_clerk') OR appeals_hears(c, 'chair')
                               OR c.id = ANY (appeals_session_judges()) END)
    ORDER BY s.place;
$$;

-- Cases at the office: who hears one, who sits in it, and who speaks for the levy; nobody reads what a petitioner has not filed.
DROP POLICY IF EXISTS office_own ON appeals_case;
CREATE POLICY office_own ON appeals_case FOR SELECT TO etax_office
    USING ((status NOT IN ('draft', 'discarded') OR at_counter)
           AND (authority_id = ANY ((SELECT appeals_session_hears())::text[])
                OR id = ANY ((SELECT appeals_session_judges())::bigint[])
                OR body_id = ANY ((SELECT appeals_session_levies())::text[])));
-- A draft of a ruling is for the clerk and for who sits in the case, of one without a committee for the chair; not for the
-- office that levied, nor for a member whom something bars.
DROP POLICY IF EXISTS office_own ON appeals_ruling;
CREATE POLICY office_own ON appeals_ruling FOR SELECT TO etax_office
    USING (case_id = ANY ((SELECT appeals_session_judges())::bigint[]) OR EXISTS (
        SELECT FROM appeals_case c WHERE c.id = case_id AND (
            appeals_ruling.status = 'served' OR c.authority_id = ANY ((SELECT appeals_session_hears())::text[])
            AND (appeals_ruling.seats = 0 OR (SELECT accounts_session_has_role('court_clerk'))))));

-- The office: the committee and its panels are for who keeps them and who sits on them.
GRANT SELECT ON appeals_member, appeals_commission, appeals_absence, appeals_recusal, appeals_panel, appeals_listed,
    appeals_benchseat, appeals_tally, appeals_vote, appeals_note, appeals_signature TO etax_office;
DROP POLICY IF EXISTS office_own ON appeals_member;
CREATE POLICY office_own ON appeals_member FOR SELECT TO etax_office
    USING (body_id = ANY ((SELECT appeals_session_hears())::text[]) OR id = (SELECT appeals_session_member())
           OR EXISTS (SELECT FROM appeals_benchseat s WHERE s.member_id = appeals_member.id
                      AND s.panel_id = ANY ((SELECT appeals_session_panels())::bigint[])));
DROP POLICY IF EXISTS office_own ON appeals_commission;
CREATE POLICY office_own ON appeals_commission FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM appeals_member m WHERE m.id = member_id));
DROP POLICY IF EXISTS office_own ON appeals_absence;
CREATE POLICY office_own ON appeals_absence FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM appeals_member m WHERE m.id = member_id AND (
        m.id = (SELECT appeals_session_member()) OR m.body_id = ANY ((SELECT appeals_session_hears())::text[]))));
DROP POLICY IF EXISTS office_own ON appeals_panel;
CREATE POLICY office_own ON appeals_panel FOR SELECT TO etax_office
    USING (body_id = ANY ((SELECT appeals_session_hears())::text[]) OR id = ANY ((SELECT appeals_session_panels())::bigint[]));
DROP POLICY IF EXISTS office_own ON appeals_benchseat;
CREATE POLICY office_own ON appeals_benchseat FOR SELECT TO etax_office
    USING (panel_id = ANY ((SELECT appeals_session_panels())::bigint[]) OR EXISTS (
        SELECT FROM appeals_panel p WHERE p.id = panel_id AND p.body_id = ANY ((SELECT appeals_session_hears())::text[])));
DROP POLICY IF EXISTS office_own ON appeals_listed;
CREATE POLICY office_own ON appeals_listed FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM appeals_panel p WHERE p.id = panel_id));

-- Of a case: who does not sit and why, that it was decided, and who signed: for who hears it or sits in it. How each voted and
-- what they wrote: for who sits in it, votes of others once the round is closed.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['appeals_recusal', 'appeals_tally', 'appeals_signature'] LOOP
        EXECUTE format('DROP POLICY IF EXISTS office_own ON %I', name);
        EXECUTE format('CREATE POLICY office_own ON %I FOR SELECT TO etax_office
            USING (case_id = ANY ((SELECT appeals_session_judges())::bigint[]) OR EXISTS (
                SELECT FROM appeals_case c WHERE c.id = case_id
                AND c.authority_id = ANY ((SELECT appeals_session_hears())::text[])))', name);
    END LOOP;
END $$;
DROP POLICY IF EXISTS office_own ON appeals_note;
CREATE POLICY office_own ON appeals_note FOR SELECT TO etax_office
    USING (case_id = ANY ((SELECT appeals_session_judges())::bigint[]));
DROP POLICY IF EXISTS office_own ON appeals_vote;
CREATE POLICY office_own ON appeals_vote FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM appeals_tally t WHERE t.id = tally_id AND t.case_id = ANY ((SELECT appeals_session_judges())::bigint[])
                   AND (t.closed_at IS NOT NULL OR member_id = (SELECT appeals_session_member()))));
-- Of a case of their own or of a relative nobody reads how it is being decided, whatever else they are.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['appeals_recusal', 'appeals_tally', 'appeals_signature', 'appeals_ruling'] LOOP
        EXECUTE format('DROP POLICY IF EXISTS not_own ON %I', name);
        EXECUTE format('CREATE POLICY not_own ON %I AS RESTRICTIVE FOR SELECT TO etax_office USING (%s NOT EXISTS (
            SELECT FROM appeals_case c WHERE c.id = case_id
            AND c.taxpayer_id = ANY ((SELECT accounts_session_own_files())::bigint[])))', name,
            CASE name WHEN 'appeals_ruling' THEN 'status = ''served'' OR' ELSE '' END);
    END LOOP;
END $$;
-- The petitioner: what became of their challenges.
GRANT SELECT (id, case_id, member_id, kind, status, reason, asked_at, decided_at, because) ON appeals_recusal TO etax_public;
DROP POLICY IF EXISTS public_own ON appeals_recusal;
CREATE POLICY public_own ON appeals_recusal FOR SELECT TO etax_public
    USING (kind = 'challenged' AND EXISTS (SELECT FROM appeals_case c WHERE c.id = case_id));

GRANT EXECUTE ON FUNCTION appeals_bench(bigint) TO etax_public, etax_office;
GRANT EXECUTE ON FUNCTION appeals_session_judges(), appeals_session_panels(),
    appeals_call_panel(text, date, text, text, smallint, bigint[], timestamptz), appeals_take_off(bigint, timestamptz),
    appeals_note_attendance(bigint, bigint[], timestamptz), appeals_give_up_seat(bigint, bigint, text, timestamptz)
    TO etax_office;
