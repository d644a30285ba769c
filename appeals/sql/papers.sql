-- The advocate's papers. Drafts, notes, hours and what is written with the petitioner are for the advocate of that case alone
-- (and the petitioner their own letters): no other officer reads them by any door, whatever roles they have, nor the worker,
-- nor an advocate who left the case. A filed brief is for petitioner and court.
SELECT core_secure(name) FROM unnest(ARRAY['appeals_advocatebrief', 'appeals_advocatenote', 'appeals_talk', 'appeals_timespent']) AS name;
SELECT core_append_only(name) FROM unnest(ARRAY['appeals_advocatenote', 'appeals_timespent']) AS name;

-- The signed-in officer's own stretches as an advocate, as long as they last.
CREATE OR REPLACE FUNCTION appeals_session_advocacies() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(a.id), '{}') FROM appeals_advocacy a
    WHERE a.advocate_id = accounts_session_account() AND a.ended_at IS NULL
      AND session_user = 'etax_office' AND accounts_session_has_role('special_tax_advocate');
$$;
-- The one of a case that the session's officer may write in.
CREATE OR REPLACE FUNCTION appeals_own_advocacy(of_case bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.id FROM appeals_advocacy a WHERE a.case_id = of_case AND a.id = ANY (appeals_session_advocacies());
$$;
GRANT EXECUTE ON FUNCTION appeals_session_advocacies() TO etax_office;

GRANT SELECT ON appeals_advocatebrief, appeals_advocatenote, appeals_talk, appeals_timespent TO etax_office;
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['appeals_advocatebrief', 'appeals_advocatenote', 'appeals_talk', 'appeals_timespent'] LOOP
        EXECUTE format('DROP POLICY IF EXISTS advocate_own ON %I', name);
        EXECUTE format('CREATE POLICY advocate_own ON %I FOR SELECT TO etax_office
            USING (advocacy_id = ANY ((SELECT appeals_session_advocacies())::bigint[]))', name);
    END LOOP;
END $$;
-- Who hears the case reads what was filed.
DROP POLICY IF EXISTS court_reads ON appeals_advocatebrief;
CREATE POLICY court_reads ON appeals_advocatebrief FOR SELECT TO etax_office
    USING (filed_at IS NOT NULL AND EXISTS (
        SELECT FROM appeals_advocacy a JOIN appeals_case c ON c.id = a.case_id
        WHERE a.id = advocacy_id AND c.authority_id = ANY ((SELECT appeals_session_hears())::text[])));
-- Who levied reads what they were asked, which stands on the docket too.
DROP POLICY IF EXISTS levying_reads ON appeals_talk;
CREATE POLICY levying_reads ON appeals_talk FOR SELECT TO etax_office
    USING (partner = 'office' AND EXISTS (
        SELECT FROM appeals_advocacy a JOIN appeals_case c ON c.id = a.case_id
        WHERE a.id = advocacy_id AND c.body_id = ANY ((SELECT appeals_session_levies())::text[])));

-- The petitioner: filed briefs, and what was written to them and by them; what was asked of the office stands on the docket.
GRANT SELECT (id, advocacy_id, text, filed_at) ON appeals_advocatebrief TO etax_public;
GRANT SELECT (id, advocacy_id, partner, by_side, text, at) ON appeals_talk TO etax_public;
DROP POLICY IF EXISTS public_own ON appeals_advocatebrief;
CREATE POLICY public_own ON appeals_advocatebrief FOR SELECT TO etax_public
    USING (filed_at IS NOT NULL AND EXISTS (SELECT FROM appeals_advocacy a WHERE a.id = advocacy_id));
DROP POLICY IF EXISTS public_own ON appeals_talk;
CREATE POLICY public_own ON appeals_talk FOR SELECT TO etax_public
    USING (partner = 'petitioner' AND EXISTS (SELECT FROM appeals_advocacy a WHERE a.id = advocacy_id));

-- The worker tells that something was written, and can't read what.
GRANT SELECT (id, advocacy_id, partner, by_side, at, told_at), UPDATE (told_at) ON appeals_talk TO etax_worker;
DROP POLICY IF EXISTS worker_tells ON appeals_talk;
CREATE POLICY worker_tells ON appeals_talk TO etax_worker USING (true) WITH CHECK (true);

CREATE OR REPLACE FUNCTION appeals_keep_paper() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR TG_TABLE_NAME = 'appeals_advocatebrief' AND (OLD.advocacy_id <> NEW.advocacy_id OR OLD.filed_at IS NOT NULL)
    THEN
        RAISE EXCEPTION 'what was written stays as it was' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS keep_paper ON appeals_advocatebrief;
CREATE TRIGGER keep_paper BEFORE UPDATE OR DELETE ON appeals_advocatebrief FOR EACH ROW EXECUTE FUNCTION appeals_keep_paper();
DROP TRIGGER IF EXISTS keep_paper ON appeals_talk;
CREATE TRIGGER keep_paper BEFORE DELETE OR UPDATE OF advocacy_id, partner, by_side, text, account_id, at, answers_id ON appeals_talk
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();

-- A draft is kept, or filed: then it stands on the docket. NULL: not their case; 'over': nothing is filed any more.
CREATE OR REPLACE FUNCTION appeals_write_brief(of_case bigint, said text, filing boolean, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine bigint := appeals_own_advocacy(of_case);
BEGIN
    IF mine IS NULL OR said = '' THEN
        RETURN NULL;
    END IF;
    PERFORM FROM appeals_case c WHERE c.id = of_case AND c.status IN ('pending', 'mending') FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN 'over';
    END IF;
    INSERT INTO appeals_advocatebrief AS b (advocacy_id, text, saved_at, filed_at)
    VALUES (mine, left(said, 30000), at, NULL)
    ON CONFLICT (advocacy_id) WHERE filed_at IS NULL DO UPDATE SET text = excluded.text, saved_at = excluded.saved_at;
    IF filing THEN
        UPDATE appeals_advocatebrief b SET filed_at = at WHERE b.advocacy_id = mine AND b.filed_at IS NULL;
        PERFORM appeals_enter(of_case, 'brief', 'advocate', '', at);
        PERFORM core_audit('appeal.brief_filed', 'case:' || of_case, accounts_session_account(), NULL, '', '{}', '', '');
    END IF;
    RETURN 'done';
END $$;

CREATE OR REPLACE FUNCTION appeals_keep_note(of_case bigint, said text, at timestamptz) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH made AS (
        INSERT INTO appeals_advocatenote AS n (advocacy_id, text, at)
        SELECT mine, left(said, 5000), appeals_keep_note.at FROM appeals_own_advocacy(of_case) AS mine
        WHERE mine IS NOT NULL AND said <> ''
          AND (SELECT count(*) < 1000 FROM appeals_advocatenote o WHERE o.advocacy_id = mine)
        RETURNING n.id)
    SELECT EXISTS (SELECT FROM made);
$$;

-- The advocate writes to the petitioner, or asks the office that levied (while the case runs, on the docket). NULL: not theirs,
-- over, or too much: 500 letters in a case.
CREATE OR REPLACE FUNCTION appeals_write_to(of_case bigint, whom text, said text, at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine bigint := appeals_own_advocacy(of_case);
    made bigint;
BEGIN
    IF mine IS NULL OR said = '' OR whom NOT IN ('petitioner', 'office')
       OR whom = 'office' AND NOT EXISTS (SELECT FROM appeals_case c WHERE c.id = of_case AND c.status IN ('pending', 'mending'))
       OR (SELECT count(*) >= 500 FROM appeals_talk t WHERE t.advocacy_id = mine) THEN
        RETURN NULL;
    END IF;
    INSERT INTO appeals_talk AS t (advocacy_id, partner, by_side, text, account_id, at)
    VALUES (mine, whom, 'advocate', left(said, 5000), accounts_session_account(), at) RETURNING t.id INTO made;
    IF whom = 'office' THEN
        PERFORM appeals_enter(of_case, 'asked', 'advocate', left(said, 5000), at);
    END IF;
    RETURN made;
END $$;

-- The petitioner writes to their advocate. NULL: not theirs, or nobody is their advocate now.
CREATE OR REPLACE FUNCTION appeals_write_advocate(of_case bigint, said text, at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    theirs bigint;
    made bigint;
BEGIN
    SELECT a.id INTO theirs FROM appeals_advocacy a JOIN appeals_case c ON c.id = a.case_id
    WHERE a.case_id = of_case AND a.ended_at IS NULL AND session_user = 'etax_public'
      AND c.taxpayer_id = ANY (accounts_session_taxpayers());
    IF theirs IS NULL OR said = '' OR (SELECT count(*) >= 500 FROM appeals_talk t WHERE t.advocacy_id = theirs) THEN
        RETURN NULL;
    END IF;
    INSERT INTO appeals_talk AS t (advocacy_id, partner, by_side, text, account_id, at)
    VALUES (theirs, 'petitioner', 'petitioner', left(said, 5000), accounts_session_account(), at) RETURNING t.id INTO made;
    RETURN made;
END $$;

-- The office that levied replies to a question, once. False: not theirs, replied to, or the case is over.
CREATE OR REPLACE FUNCTION appeals_reply(of_question bigint, said text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    asked appeals_talk%ROWTYPE;
    here appeals_case%ROWTYPE;
BEGIN
    SELECT * INTO asked FROM appeals_talk t WHERE t.id = of_question AND t.partner = 'office' AND t.by_side = 'advocate';
    SELECT c.* INTO here FROM appeals_case c JOIN appeals_advocacy a ON a.case_id = c.id
    WHERE a.id = asked.advocacy_id AND c.status IN ('pending', 'mending') FOR NO KEY UPDATE OF c;
    IF here.id IS NULL OR said = '' OR NOT appeals_speaks_for(here)
       OR EXISTS (SELECT FROM appeals_talk t WHERE t.answers_id = asked.id) THEN
        RETURN false;
    END IF;
    INSERT INTO appeals_talk (advocacy_id, partner, by_side, text, account_id, at, answers_id)
    VALUES (asked.advocacy_id, 'office', 'office', left(said, 5000), accounts_session_account(), at, asked.id);
    PERFORM appeals_enter(here.id, 'replied', 'office', left(said, 5000), at);
    RETURN true;
END $$;

-- Minutes of a day, or a part of them taken back. False: not theirs, a day to come, more than a day has, or less than nothing.
CREATE OR REPLACE FUNCTION appeals_spend(of_case bigint, on_day date, for_minutes integer, of_work text, at timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine bigint := appeals_own_advocacy(of_case);
    spent integer;
BEGIN
    PERFORM FROM appeals_advocacy a WHERE a.id = mine FOR NO KEY UPDATE;
    SELECT coalesce(sum(s.minutes), 0) INTO spent FROM appeals_timespent s WHERE s.advocacy_id = mine AND s.day = on_day;
    IF mine IS NULL OR for_minutes = 0 OR on_day > billing_local_date(at) OR on_day < billing_local_date(at) - 400
       OR spent + for_minutes NOT BETWEEN 0 AND 1440 THEN
        RETURN false;
    END IF;
    INSERT INTO appeals_timespent (advocacy_id, day, minutes, work, at) VALUES (mine, on_day, for_minutes, of_work, at);
    RETURN true;
END $$;

-- Hours by advocate, for the pool's keeper: sums, and nothing of any case.
CREATE OR REPLACE FUNCTION appeals_hours() RETURNS TABLE (officer_id bigint, minutes bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.advocate_id, sum(s.minutes) FROM appeals_timespent s JOIN appeals_advocacy a ON a.id = s.advocacy_id
    WHERE appeals_session_keeps_pool() GROUP BY a.advocate_id;
$$;

GRANT EXECUTE ON FUNCTION appeals_write_brief(bigint, text, boolean, timestamptz), appeals_keep_note(bigint, text, timestamptz),
    appeals_write_to(bigint, text, text, timestamptz), appeals_reply(bigint, text, timestamptz),
    appeals_spend(bigint, date, integer, text, timestamptz), appeals_hours() TO etax_office;
GRANT EXECUTE ON FUNCTION appeals_write_advocate(bigint, text, timestamptz) TO etax_public;
