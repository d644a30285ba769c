-- Special tax advocates: who is in the pool, what was declared about them, and whose advocate somebody is. The pool is kept by
-- the city's clerk and, for what is their own, by the advocate; who becomes whose advocate only the worker writes, as a draw
-- says. The faces read what is theirs.
SELECT core_secure(name) FROM unnest(ARRAY['appeals_advocate', 'appeals_declaration', 'appeals_advocateabsence', 'appeals_conflict',
    'appeals_drawcase', 'appeals_advocacy', 'appeals_anotherasked']) AS name;
SELECT core_append_only(name) FROM unnest(ARRAY['appeals_declaration', 'appeals_conflict', 'appeals_anotherasked']) AS name;
SELECT core_open(name, 'etax_worker', 'SELECT')
FROM unnest(ARRAY['appeals_advocate', 'appeals_declaration', 'appeals_advocateabsence', 'appeals_conflict', 'appeals_anotherasked']) AS name;
SELECT core_open('appeals_drawcase', 'etax_worker', 'SELECT, INSERT, UPDATE');
SELECT core_open('appeals_advocacy', 'etax_worker', 'SELECT');
GRANT UPDATE (told_at) ON appeals_advocacy TO etax_worker;

-- Whether the city's clerk is signed in, who keeps the pool.
CREATE OR REPLACE FUNCTION appeals_session_keeps_pool() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT accounts_session_of_the_city() AND accounts_session_has_role('court_clerk');
$$;

-- The cases whose advocate the signed-in officer is now; of nobody else, whatever other roles they have.
CREATE OR REPLACE FUNCTION appeals_session_advocates() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(a.case_id), '{}') FROM appeals_advocacy a
    WHERE a.advocate_id = accounts_session_account() AND a.ended_at IS NULL
      AND session_user = 'etax_office' AND accounts_session_has_role('special_tax_advocate');
$$;
GRANT EXECUTE ON FUNCTION appeals_session_keeps_pool(), appeals_session_advocates() TO etax_office;

-- The pool, to whom keeps it, the chair, and each of themselves.
GRANT SELECT ON appeals_advocate, appeals_declaration, appeals_advocateabsence, appeals_conflict TO etax_office;
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['appeals_advocate', 'appeals_declaration', 'appeals_advocateabsence', 'appeals_conflict'] LOOP
        EXECUTE format('DROP POLICY IF EXISTS office_pool ON %I', name);
        EXECUTE format('CREATE POLICY office_pool ON %I FOR SELECT TO etax_office
            USING (%I = (SELECT accounts_session_account()) OR (SELECT appeals_session_keeps_pool()))', name,
            CASE name WHEN 'appeals_advocate' THEN 'officer_id' ELSE 'advocate_id' END);
    END LOOP;
END $$;

-- An advocate sees the cases that are theirs (what hangs on a case follows: docket, files, mending).
DROP POLICY IF EXISTS advocate_own ON appeals_case;
CREATE POLICY advocate_own ON appeals_case FOR SELECT TO etax_office
    USING (id = ANY ((SELECT appeals_session_advocates())::bigint[]));

-- Whoever sees a case sees by which draw it got whom; the faces don't see when letters were sent.
GRANT SELECT (id, draw_id, case_id, mark, found, done_at) ON appeals_drawcase TO etax_public, etax_office;
GRANT SELECT (id, case_id, draw_id, began_at, ended_at, ended_why) ON appeals_advocacy TO etax_public;
GRANT SELECT (id, case_id, draw_id, began_at, ended_at, ended_why, advocate_id) ON appeals_advocacy TO etax_office;
GRANT SELECT (case_id, at) ON appeals_anotherasked TO etax_public, etax_office;
DO $$
DECLARE
    name text;
    role text;
BEGIN
    FOREACH name IN ARRAY ARRAY['appeals_drawcase', 'appeals_advocacy', 'appeals_anotherasked'] LOOP
        FOREACH role IN ARRAY ARRAY['etax_public', 'etax_office'] LOOP
            EXECUTE format('DROP POLICY IF EXISTS %I ON %I', role || '_of_case', name);
            EXECUTE format('CREATE POLICY %I ON %I FOR SELECT TO %I
                USING (EXISTS (SELECT FROM appeals_case c WHERE c.id = case_id))', role || '_of_case', name, role);
        END LOOP;
    END LOOP;
END $$;
-- Loads are the pool's business: its keeper sees who has how many cases, also of those that are over.
DROP POLICY IF EXISTS office_pool ON appeals_advocacy;
CREATE POLICY office_pool ON appeals_advocacy FOR SELECT TO etax_office USING ((SELECT appeals_session_keeps_pool()));

-- A stretch of somebody's being an advocate is begun by a draw and ends once.
CREATE OR REPLACE FUNCTION appeals_keep_advocacy() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.case_id, OLD.advocate_id, OLD.draw_id, OLD.began_at)
           IS DISTINCT FROM (NEW.case_id, NEW.advocate_id, NEW.draw_id, NEW.began_at)
       OR OLD.ended_at IS NOT NULL AND (OLD.ended_at, OLD.ended_why) IS DISTINCT FROM (NEW.ended_at, NEW.ended_why)
       OR OLD.told_at IS NOT NULL AND OLD.told_at IS DISTINCT FROM NEW.told_at THEN
        RAISE EXCEPTION 'who was whose advocate stays as it was' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS keep_advocacy ON appeals_advocacy;
CREATE TRIGGER keep_advocacy BEFORE UPDATE OR DELETE ON appeals_advocacy FOR EACH ROW EXECUTE FUNCTION appeals_keep_advocacy();

-- Somebody begins only where the draw said so: the case was in it, under a mark to which it gave the mark of that officer.
CREATE OR REPLACE FUNCTION appeals_as_drawn() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM appeals_draw d
        JOIN appeals_drawmark c ON c.draw_id = d.id AND c.what = 'case:' || NEW.case_id
        JOIN appeals_drawmark o ON o.draw_id = d.id AND o.what = 'officer:' || NEW.advocate_id
        WHERE d.id = NEW.draw_id AND d.kind = 'advocates' AND d.status = 'drawn' AND d.result ->> c.mark = o.mark) THEN
        RAISE EXCEPTION 'no draw made % the advocate of case %', NEW.advocate_id, NEW.case_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS as_drawn ON appeals_advocacy;
CREATE TRIGGER as_drawn BEFORE INSERT ON appeals_advocacy FOR EACH ROW EXECUTE FUNCTION appeals_as_drawn();

-- Who leaves a case need not come to its hearing.
CREATE OR REPLACE FUNCTION appeals_need_not_come() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM appeals_slotperson p USING appeals_slot s
    WHERE s.id = p.slot_id AND s.case_id = NEW.case_id AND s.status = 'set' AND p.mark = 'advocate:' || NEW.advocate_id;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS need_not_come ON appeals_advocacy;
CREATE TRIGGER need_not_come AFTER UPDATE OF ended_at ON appeals_advocacy FOR EACH ROW
    WHEN (NEW.ended_at IS NOT NULL AND OLD.ended_at IS NULL) EXECUTE FUNCTION appeals_need_not_come();

-- Worker: a case gets the advocate whom a draw gave it, who is booked for its hearing if it is set. False: the case is over
-- meanwhile, or who was drawn left the pool, is not free towards the petitioner, or has to be in another room then. The case is
-- locked before the advocate, here and everywhere.
CREATE OR REPLACE FUNCTION appeals_give(of_case bigint, of_officer bigint, of_draw bigint, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_case%ROWTYPE;
BEGIN
    SELECT * INTO here FROM appeals_case c WHERE c.id = of_case FOR NO KEY UPDATE;
    PERFORM FROM appeals_advocate a WHERE a.officer_id = of_officer FOR NO KEY UPDATE;
    IF here.status NOT IN ('pending', 'mending') OR NOT appeals_may_advocate(of_officer)
       OR NOT EXISTS (SELECT FROM appeals_advocate a WHERE a.officer_id = of_officer AND a.in_pool)
       OR EXISTS (SELECT FROM appeals_conflict k WHERE k.advocate_id = of_officer AND k.taxpayer_id = here.taxpayer_id)
       OR EXISTS (SELECT FROM accounts_relative r WHERE r.officer_id = of_officer AND r.taxpayer_id = here.taxpayer_id) THEN
        RETURN false;
    END IF;
    BEGIN
        INSERT INTO appeals_advocacy (case_id, advocate_id, draw_id, began_at, ended_why) VALUES (here.id, of_officer, of_draw, at, '');
        INSERT INTO appeals_slotperson (slot_id, mark, key, head, starts, ends)
        SELECT s.id, 'advocate:' || of_officer, hashtextextended('advocate:' || of_officer, 0), 1,
               t.begins + make_interval(mins => s.minute), t.begins + make_interval(mins => s.minute + s.lasts)
        FROM appeals_slot s JOIN appeals_session t ON t.id = s.session_id WHERE s.case_id = here.id AND s.status = 'set';
    EXCEPTION WHEN exclusion_violation THEN
        RETURN false;
    END;
    INSERT INTO appeals_entry (case_id, event, side, account_id, at, text, how, tracking)
    SELECT here.id, 'advocate', 'system', NULL, at, o.name, '', '' FROM accounts_officer o WHERE o.account_id = of_officer;
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION appeals_give(bigint, bigint, bigint, timestamptz) TO etax_worker;

-- Somebody leaves the cases that still run; the docket says so, and the worker draws another.
CREATE OR REPLACE FUNCTION appeals_leave(of_advocate bigint, of_taxpayer bigint, why text, at timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    left_case bigint;
    many integer := 0;
BEGIN
    FOR left_case IN
        UPDATE appeals_advocacy a SET ended_at = at, ended_why = why
        FROM appeals_case c
        WHERE a.advocate_id = of_advocate AND a.ended_at IS NULL AND c.id = a.case_id AND c.status IN ('pending', 'mending')
          AND (of_taxpayer IS NULL OR c.taxpayer_id = of_taxpayer)
        RETURNING a.case_id
    LOOP
        INSERT INTO appeals_entry (case_id, event, side, account_id, at, text, how, tracking)
        VALUES (left_case, 'advocate_left', 'system', NULL, at, '', '', '');
        many := many + 1;
    END LOOP;
    RETURN many;
END $$;
GRANT EXECUTE ON FUNCTION appeals_leave(bigint, bigint, text, timestamptz) TO etax_worker;

CREATE OR REPLACE FUNCTION appeals_declare(of_advocate bigint, of_what text, said jsonb, at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO appeals_declaration (advocate_id, what, facts, by_id, at)
    VALUES (of_advocate, of_what, said, accounts_session_account(), at);
    SELECT core_audit('appeal.advocate_' || of_what, 'officer:' || of_advocate, accounts_session_account(), NULL, '',
                      said - 'reason', '', '');
$$;

-- The city's clerk takes an officer of the city who holds the role into the pool, or changes what is known of them. 'role': they
-- hold it not, or hear cases; 'facts': a tax, team or district that there is not; NULL: not the clerk, or the clerk themselves.
CREATE OR REPLACE FUNCTION appeals_keep_advocate(of_officer bigint, facts jsonb, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    was appeals_advocate%ROWTYPE;
BEGIN
    IF NOT appeals_session_keeps_pool() OR of_officer = accounts_session_account() THEN
        RETURN NULL;
    ELSIF NOT appeals_may_advocate(of_officer) AND (facts ->> 'in_pool')::boolean THEN
        RETURN 'role';
    ELSIF EXISTS (SELECT FROM jsonb_each_text(facts -> 'knows') AS k (tax, level)
                  WHERE k.level !~ '^[123]$' OR NOT EXISTS (SELECT FROM billing_taxtype t WHERE t.code = k.tax))
       OR EXISTS (SELECT FROM jsonb_array_elements_text(facts -> 'districts') AS d (code)
                  WHERE NOT EXISTS (SELECT FROM accounts_levyingbody l WHERE l.code = d.code AND l.kind = 'district'))
       OR facts ->> 'team' <> '' AND NOT EXISTS (
              SELECT FROM jsonb_array_elements(appeals_rule('hearing_teams', at) -> 'teams') AS t (one)
              WHERE t.one ->> 'code' = facts ->> 'team') THEN
        RETURN 'facts';
    END IF;
    SELECT * INTO was FROM appeals_advocate a WHERE a.officer_id = of_officer FOR NO KEY UPDATE;
    INSERT INTO appeals_advocate AS a (officer_id, in_pool, knows, districts, team, most, phone, room, changed_at)
    VALUES (of_officer, (facts ->> 'in_pool')::boolean, facts -> 'knows', facts -> 'districts', facts ->> 'team',
            (facts ->> 'most')::smallint, left(facts ->> 'phone', 40), left(facts ->> 'room', 100), at)
    ON CONFLICT (officer_id) DO UPDATE SET in_pool = excluded.in_pool, knows = excluded.knows, districts = excluded.districts,
        team = excluded.team, most = excluded.most, phone = excluded.phone, room = excluded.room, changed_at = excluded.changed_at;
    PERFORM appeals_declare(of_officer, 'profile', facts, at);
    IF was.in_pool AND NOT (facts ->> 'in_pool')::boolean THEN
        PERFORM appeals_leave(of_officer, NULL, 'pool', at);
    END IF;
    RETURN 'done';
END $$;

-- Whether somebody can be an advocate at all: an officer of the city in the role, who is not suspended and hears no cases.
CREATE OR REPLACE FUNCTION appeals_may_advocate(of_officer bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM accounts_officer o JOIN accounts_levyingbody b ON b.code = o.body_id AND b.kind = 'city'
        JOIN accounts_account a ON a.id = o.account_id AND a.is_active
        JOIN accounts_rolegrant g ON g.officer_id = o.account_id AND g.granted_at IS NOT NULL AND g.ended_at IS NULL
        WHERE o.account_id = of_officer
        HAVING bool_or(g.role = 'special_tax_advocate') AND NOT bool_or(g.role IN ('court_clerk', 'chair', 'committee_member')));
$$;

-- Whether the session may say this of an advocate: the advocate themselves, or the pool's keeper.
CREATE OR REPLACE FUNCTION appeals_declares_for(of_officer bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM appeals_advocate a WHERE a.officer_id = of_officer)
        AND (of_officer = accounts_session_account() AND accounts_session_has_role('special_tax_advocate')
             OR of_officer <> accounts_session_account() AND appeals_session_keeps_pool());
$$;

-- An advocate says how they are reached. False: not in the pool.
CREATE OR REPLACE FUNCTION appeals_keep_reach(of_phone text, of_room text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT accounts_session_has_role('special_tax_advocate') THEN
        RETURN false;
    END IF;
    UPDATE appeals_advocate a SET phone = left(of_phone, 40), room = left(of_room, 100), changed_at = at
    WHERE a.officer_id = accounts_session_account();
    IF FOUND THEN
        PERFORM appeals_declare(accounts_session_account(), 'reach', jsonb_build_object('phone', of_phone, 'room', of_room), at);
    END IF;
    RETURN FOUND;
END $$;

-- An absence, from today or later. False: not theirs, over, or more than forty of them.
CREATE OR REPLACE FUNCTION appeals_declare_absence(of_officer bigint, from_day date, until_day date, at timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    made bigint;
BEGIN
    IF NOT appeals_declares_for(of_officer) OR until_day < from_day OR until_day < billing_local_date(at)
       OR until_day > billing_local_date(at) + 1100
       OR (SELECT count(*) >= 40 FROM appeals_advocateabsence b WHERE b.advocate_id = of_officer AND b.called_off_at IS NULL
           AND b.ends >= billing_local_date(at)) THEN
        RETURN false;
    END IF;
    INSERT INTO appeals_advocateabsence AS b (advocate_id, begins, ends) VALUES (of_officer, from_day, until_day) RETURNING b.id INTO made;
    PERFORM appeals_declare(of_officer, 'absence',
                            jsonb_build_object('absence', made, 'begins', from_day, 'ends', until_day), at);
    RETURN true;
END $$;

CREATE OR REPLACE FUNCTION appeals_call_off_absence(of_absence bigint, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_officer bigint;
BEGIN
    UPDATE appeals_advocateabsence b SET called_off_at = at
    WHERE b.id = of_absence AND b.called_off_at IS NULL AND appeals_declares_for(b.advocate_id)
    RETURNING b.advocate_id INTO of_officer;
    IF of_officer IS NULL THEN
        RETURN false;
    END IF;
    PERFORM appeals_declare(of_officer, 'called_off', jsonb_build_object('absence', of_absence), at);
    RETURN true;
END $$;

-- An advocate is not free towards the petitioner of a case: they leave what they have of them, and get nothing more. 'unknown':
-- no such case; 'once': said before; NULL: not theirs to say.
CREATE OR REPLACE FUNCTION appeals_declare_conflict(of_officer bigint, of_number text, why text, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_case%ROWTYPE;
    made bigint;
BEGIN
    IF NOT appeals_declares_for(of_officer) OR why = '' THEN
        RETURN NULL;
    END IF;
    SELECT * INTO here FROM appeals_case c WHERE c.number = of_number;
    IF here.id IS NULL THEN
        RETURN 'unknown';
    END IF;
    PERFORM FROM appeals_advocate a WHERE a.officer_id = of_officer FOR NO KEY UPDATE; -- nobody is given anything meanwhile
    INSERT INTO appeals_conflict AS k (advocate_id, taxpayer_id, case_id, reason, at)
    VALUES (of_officer, here.taxpayer_id, here.id, left(why, 300), at)
    ON CONFLICT (advocate_id, taxpayer_id) DO NOTHING RETURNING k.id INTO made;
    IF made IS NULL THEN
        RETURN 'once';
    END IF;
    PERFORM appeals_declare(of_officer, 'conflict', jsonb_build_object('conflict', made, 'case', here.number, 'reason', why), at);
    PERFORM appeals_leave(of_officer, here.taxpayer_id, 'conflict', at);
    RETURN 'done';
END $$;

-- The petitioner asks for another advocate, once in a case; a clerk for who comes to the counter. 'once': asked before; NULL: not
-- theirs, over, or nobody is their advocate yet.
CREATE OR REPLACE FUNCTION appeals_ask_another(of_case bigint, why text, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_case%ROWTYPE;
    theirs appeals_advocacy%ROWTYPE;
BEGIN
    SELECT * INTO here FROM appeals_case c WHERE c.id = of_case AND c.status IN ('pending', 'mending') FOR NO KEY UPDATE;
    IF here.id IS NULL OR NOT appeals_writes_for(here.taxpayer_id, here.authority_id, here.body_id) THEN
        RETURN NULL;
    ELSIF EXISTS (SELECT FROM appeals_anotherasked x WHERE x.case_id = here.id) THEN
        RETURN 'once';
    END IF;
    SELECT * INTO theirs FROM appeals_advocacy a WHERE a.case_id = here.id AND a.ended_at IS NULL FOR UPDATE;
    IF theirs.id IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO appeals_anotherasked (case_id, advocacy_id, reason, by_id, at)
    VALUES (here.id, theirs.id, left(why, 1000), accounts_session_account(), at);
    UPDATE appeals_advocacy a SET ended_at = at, ended_why = 'another' WHERE a.id = theirs.id;
    PERFORM appeals_enter(here.id, 'another', CASE session_user WHEN 'etax_office' THEN 'clerk' ELSE 'petitioner' END, '', at);
    PERFORM core_audit('appeal.another_advocate', 'case:' || here.id, accounts_session_account(), here.taxpayer_id, '', '{}', '', '');
    RETURN 'done';
END $$;

-- Who stands beside a petitioner, and how they are reached: to the petitioner, who sees no officers.
CREATE OR REPLACE FUNCTION appeals_advocate_of(of_case bigint) RETURNS TABLE (name text, phone text, room text, email text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT o.name::text, v.phone::text, v.room::text, u.email::text
    FROM appeals_advocacy a JOIN appeals_case c ON c.id = a.case_id
    JOIN appeals_advocate v ON v.officer_id = a.advocate_id
    JOIN accounts_officer o ON o.account_id = a.advocate_id JOIN accounts_account u ON u.id = a.advocate_id
    WHERE a.case_id = of_case AND a.ended_at IS NULL AND c.taxpayer_id = ANY (accounts_session_taxpayers());
$$;

-- Who is behind the marks of a draw of advocates: the pool's keeper reads it for the report.
CREATE OR REPLACE FUNCTION appeals_draw_officers(of_draw bigint) RETURNS TABLE (mark text, officer_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.mark::text, substr(m.what, 9)::bigint FROM appeals_drawmark m JOIN appeals_draw d ON d.id = m.draw_id
    WHERE m.draw_id = of_draw AND m.what LIKE 'officer:%' AND d.kind = 'advocates' AND d.status = 'drawn'
      AND appeals_session_keeps_pool();
$$;

GRANT EXECUTE ON FUNCTION appeals_keep_advocate(bigint, jsonb, timestamptz), appeals_keep_reach(text, text, timestamptz),
    appeals_declare_absence(bigint, date, date, timestamptz), appeals_call_off_absence(bigint, timestamptz),
    appeals_declare_conflict(bigint, text, text, timestamptz), appeals_may_advocate(bigint),
    appeals_draw_officers(bigint) TO etax_office;
GRANT EXECUTE ON FUNCTION appeals_may_advocate(bigint) TO etax_worker;
GRANT EXECUTE ON FUNCTION appeals_advocate_of(bigint) TO etax_public;
GRANT EXECUTE ON FUNCTION appeals_ask_another(bigint, text, timestamptz) TO etax_public, etax_office;
