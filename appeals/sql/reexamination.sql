-- What was ordered to be examined anew (재조사): the levying office writes the result, another officer of it confirms, the office
-- serves it, and the worker carries it out. Nobody acts in their own or a relative's file.
SELECT core_secure('appeals_reexamination');
SELECT core_open('appeals_reexamination', 'etax_worker', 'SELECT');
GRANT UPDATE (change_id) ON appeals_reexamination TO etax_worker;

-- The second officer: an approver of the body that levied.
CREATE OR REPLACE FUNCTION appeals_confirms_for(here appeals_case) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN coalesce(accounts_session_has_role('approver') AND here.body_id = ANY (accounts_session_bodies())
        AND (NOT here.sealed OR here.id = ANY (appeals_session_named()))
        AND NOT here.taxpayer_id = ANY (accounts_session_own_files()), false);
END $$;

-- Lines of a bill that come to so many won: its own, none more than it asked, and at least one less.
CREATE OR REPLACE FUNCTION appeals_lines_fit(of_bill bigint, lines jsonb) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(bool_and(l.id IS NOT NULL AND w.won::bigint BETWEEN 0 AND l.amount), true)
           AND coalesce(bool_or(w.won::bigint < l.amount), lines = '{}'::jsonb)
    FROM jsonb_each_text(lines) AS w (line, won)
    LEFT JOIN billing_billline l ON l.id = w.line::bigint AND l.bill_id = of_bill;
$$;

-- Written, or anew until it is confirmed. 'lines': not the bill's; NULL: not theirs, not ordered, or confirmed.
CREATE OR REPLACE FUNCTION appeals_write_reexamination(of_case bigint, facts jsonb, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_case%ROWTYPE;
BEGIN
    SELECT c.* INTO here FROM appeals_case c JOIN appeals_ruling r ON r.case_id = c.id
    WHERE c.id = of_case AND r.status = 'served' AND r.outcome = 'reexamine' FOR UPDATE OF c;
    IF here.id IS NULL OR NOT appeals_speaks_for(here) THEN
        RETURN NULL;
    ELSIF NOT appeals_lines_fit(here.bill_id, facts -> 'lines') THEN
        RETURN 'lines';
    END IF;
    INSERT INTO appeals_reexamination AS x (case_id, result, lines, reasons, status, written_by_id, written_at, how)
    VALUES (here.id, facts ->> 'result', facts -> 'lines', left(facts ->> 'reasons', 20000), 'written',
            accounts_session_account(), at, '')
    ON CONFLICT (case_id) DO UPDATE SET result = excluded.result, lines = excluded.lines, reasons = excluded.reasons,
        written_by_id = excluded.written_by_id, written_at = excluded.written_at
    WHERE x.status = 'written';
    RETURN CASE WHEN FOUND THEN 'done' END;
END $$;

-- What is confirmed: the hash of all that it says. As the caller, who reads it only where they may.
CREATE OR REPLACE FUNCTION appeals_reexamination_hash(of_case bigint) RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT encode(sha256(convert_to(jsonb_build_object('case', x.case_id, 'result', x.result, 'lines', x.lines,
        'reasons', x.reasons)::text, 'UTF8')), 'hex') FROM appeals_reexamination x WHERE x.case_id = of_case;
$$;

CREATE OR REPLACE FUNCTION appeals_reexamination_leaf(of_case bigint) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_object('number', c.number, 'result', x.result, 'lines', x.lines, 'written_by', x.written_by_id,
        'confirmed_by', x.confirmed_by_id, 'sha256', encode(sha256(convert_to(x.reasons, 'UTF8')), 'hex'))
    FROM appeals_reexamination x JOIN appeals_case c ON c.id = x.case_id WHERE x.case_id = of_case;
$$;

-- A second officer confirms what they read. 'stale': it was written anew; NULL: not theirs, or it was they who wrote it.
CREATE OR REPLACE FUNCTION appeals_confirm_reexamination(of_case bigint, read_hash text, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_case%ROWTYPE;
    said appeals_reexamination%ROWTYPE;
BEGIN
    SELECT * INTO here FROM appeals_case c WHERE c.id = of_case FOR UPDATE;
    SELECT * INTO said FROM appeals_reexamination x WHERE x.case_id = here.id AND x.status = 'written' FOR UPDATE;
    IF said.id IS NULL OR said.written_by_id = accounts_session_account() OR NOT appeals_confirms_for(here) THEN
        RETURN NULL;
    ELSIF appeals_reexamination_hash(here.id) <> read_hash THEN
        RETURN 'stale';
    END IF;
    UPDATE appeals_reexamination x SET status = 'confirmed', confirmed_by_id = accounts_session_account(), confirmed_at = at
    WHERE x.id = said.id;
    PERFORM core_append_leaf('reexamination', here.number, appeals_reexamination_leaf(here.id));
    RETURN 'done';
END $$;

-- The levying office serves what was confirmed. False: not theirs, served already, or a day that can't be.
CREATE OR REPLACE FUNCTION appeals_serve_reexamination(
    of_case bigint, served_how text, track text, on_day date, at timestamptz
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_case%ROWTYPE;
BEGIN
    SELECT * INTO here FROM appeals_case c WHERE c.id = of_case FOR UPDATE;
    IF here.id IS NULL OR NOT appeals_speaks_for(here) OR on_day > billing_local_date(at) THEN
        RETURN false;
    END IF;
    UPDATE appeals_reexamination x SET status = 'served', served_on = on_day, how = served_how
    WHERE x.case_id = here.id AND x.status = 'confirmed' AND billing_local_date(x.confirmed_at) <= on_day;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM appeals_enter(here.id, 'reexamined', 'office', '', at, served_how, track);
    PERFORM core_publish('appeals.reexamined.v1', jsonb_build_object('case_id', here.id));
    RETURN true;
END $$;

-- Whatever writes it: only what a served ruling ordered is examined anew, and a confirmed result stays as it is.
CREATE OR REPLACE FUNCTION appeals_keep_reexamination() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT FROM appeals_ruling r WHERE r.case_id = NEW.case_id AND r.status = 'served' AND r.outcome = 'reexamine')
        THEN
            RAISE EXCEPTION 'nothing was to be examined anew' USING ERRCODE = 'check_violation', CONSTRAINT = 'appeals_reexamination_ordered';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.status <> 'written' AND (OLD.case_id, OLD.result, OLD.lines, OLD.reasons, OLD.written_by_id, OLD.confirmed_by_id)
           IS DISTINCT FROM (NEW.case_id, NEW.result, NEW.lines, NEW.reasons, NEW.written_by_id, NEW.confirmed_by_id)
       OR (OLD.status, NEW.status) NOT IN (('written', 'written'), ('written', 'confirmed'), ('confirmed', 'confirmed'),
                                           ('confirmed', 'served'), ('served', 'served')) THEN
        RAISE EXCEPTION 'a confirmed result stays as it is' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS keep_reexamination ON appeals_reexamination;
CREATE TRIGGER keep_reexamination BEFORE INSERT OR UPDATE ON appeals_reexamination
    FOR EACH ROW EXECUTE FUNCTION appeals_keep_reexamination();
SELECT core_kept('appeals_reexamination', 'id');

-- The office that levied reads what it writes, the others of the case what was served; the petitioner too, without names.
GRANT SELECT ON appeals_reexamination TO etax_office;
DROP POLICY IF EXISTS office_own ON appeals_reexamination;
CREATE POLICY office_own ON appeals_reexamination FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM appeals_case c WHERE c.id = case_id AND (
        appeals_reexamination.status = 'served' OR c.body_id = ANY ((SELECT appeals_session_levies())::text[]))));
GRANT SELECT (id, case_id, result, lines, reasons, status, confirmed_at, served_on, how, change_id) ON appeals_reexamination
    TO etax_public;
DROP POLICY IF EXISTS public_own ON appeals_reexamination;
CREATE POLICY public_own ON appeals_reexamination FOR SELECT TO etax_public
    USING (status = 'served' AND EXISTS (SELECT FROM appeals_case c WHERE c.id = case_id));

GRANT EXECUTE ON FUNCTION appeals_write_reexamination(bigint, jsonb, timestamptz), appeals_reexamination_hash(bigint),
    appeals_confirm_reexamination(bigint, text, timestamptz),
    appeals_serve_reexamination(bigint, text, text, date, timestamptz) TO etax_office;
GRANT EXECUTE ON FUNCTION appeals_reexamination_leaf(bigint) TO etax_worker;
