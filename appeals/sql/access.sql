-- Who may touch cases. Faces read, and act by functions (petition.sql, desk.sql); the worker enters what follows by itself.
SELECT core_secure(name) FROM unnest(ARRAY[
    'appeals_case', 'appeals_entry', 'appeals_evidence', 'appeals_mending', 'appeals_ruling', 'appeals_letter'
]) AS name;
SELECT core_append_only(name) FROM unnest(ARRAY['appeals_entry', 'appeals_letter']) AS name;

SELECT core_open('appeals_case', 'etax_worker', 'SELECT');
SELECT core_open(name, 'etax_worker', 'SELECT, INSERT') FROM unnest(ARRAY['appeals_entry', 'appeals_letter']) AS name;
SELECT core_open('appeals_mending', 'etax_worker', 'SELECT');
SELECT core_open(name, 'etax_worker', 'SELECT') FROM unnest(ARRAY['appeals_evidence', 'appeals_ruling']) AS name;
GRANT UPDATE (scan, picture) ON appeals_evidence TO etax_worker;
GRANT UPDATE (change_id) ON appeals_ruling TO etax_worker;

-- Whose cases the signed-in officer hears (clerks, the chair), and of whose bills they may speak. A member of the committee sees
-- those in which they sit (panel.sql).
CREATE OR REPLACE FUNCTION appeals_session_hears() RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN accounts_session_has_role('court_clerk') OR accounts_session_has_role('chair')
                THEN accounts_session_bodies() ELSE '{}' END;
$$;
CREATE OR REPLACE FUNCTION appeals_session_levies() RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN accounts_session_has_role('assessor') OR accounts_session_has_role('collector')
                     OR accounts_session_has_role('approver') OR accounts_session_has_role('court_clerk')
                THEN accounts_session_bodies() ELSE '{}' END;
$$;
GRANT EXECUTE ON FUNCTION appeals_session_hears(), appeals_session_levies() TO etax_office;

-- The public face: one's own, without names of officers; a ruling once it was served.
GRANT SELECT ON appeals_case, appeals_evidence TO etax_public;
GRANT SELECT (id, case_id, event, side, at, text, how, tracking) ON appeals_entry TO etax_public;
GRANT SELECT (id, case_id, asked_on, due_on, agreed, text, done_on) ON appeals_mending TO etax_public;
REVOKE SELECT ON appeals_ruling FROM etax_public;
GRANT SELECT (id, case_id, outcome, lines, reasons, seats, present, status, signed_at, served_on, how, change_id)
    ON appeals_ruling TO etax_public;
DROP POLICY IF EXISTS public_own ON appeals_case;
CREATE POLICY public_own ON appeals_case FOR SELECT TO etax_public
    USING (taxpayer_id = ANY ((SELECT accounts_session_taxpayers())::bigint[]));
DROP POLICY IF EXISTS public_own ON appeals_entry;
CREATE POLICY public_own ON appeals_entry FOR SELECT TO etax_public
    USING (event NOT IN ('drafted', 'not_carried_out')
           -- that it was signed is known when it is served
           AND (event <> 'signed' OR EXISTS (SELECT FROM appeals_ruling r WHERE r.case_id = appeals_entry.case_id))
           AND EXISTS (SELECT FROM appeals_case c WHERE c.id = case_id));
DROP POLICY IF EXISTS public_own ON appeals_mending;
CREATE POLICY public_own ON appeals_mending FOR SELECT TO etax_public
    USING (EXISTS (SELECT FROM appeals_case c WHERE c.id = case_id));
DROP POLICY IF EXISTS public_own ON appeals_evidence;
CREATE POLICY public_own ON appeals_evidence FOR SELECT TO etax_public
    USING (EXISTS (SELECT FROM appeals_case c WHERE c.id = case_id));
DROP POLICY IF EXISTS public_own ON appeals_ruling;
CREATE POLICY public_own ON appeals_ruling FOR SELECT TO etax_public
    USING (status = 'served' AND EXISTS (SELECT FROM appeals_case c WHERE c.id = case_id));

-- The office: what belongs to a case that it may see; which those are, and who reads drafts of rulings, stands in panel.sql.
GRANT SELECT ON appeals_case, appeals_entry, appeals_mending, appeals_evidence, appeals_ruling TO etax_office;
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['appeals_entry', 'appeals_mending', 'appeals_evidence'] LOOP
        EXECUTE format('DROP POLICY IF EXISTS office_own ON %I', name);
        EXECUTE format('CREATE POLICY office_own ON %I FOR SELECT TO etax_office
            USING (EXISTS (SELECT FROM appeals_case c WHERE c.id = case_id))', name);
    END LOOP;
END $$;
