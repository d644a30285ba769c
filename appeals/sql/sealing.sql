-- Sealing (비공개): a case, one of its files or a line of its docket is closed to everybody but the side whose matter it is, the court,
-- and whom the court names. The policies here are restrictive: whatever other policy opens a row, this one has to agree.
SELECT core_secure(name) FROM unnest(ARRAY['appeals_seal', 'appeals_sealreader']) AS name;
SELECT core_append_only('appeals_sealreader');
SELECT core_open(name, 'etax_worker', 'SELECT') FROM unnest(ARRAY['appeals_seal', 'appeals_sealreader']) AS name;

-- Sealed cases that the signed-in officer of the levying office was named to read.
CREATE OR REPLACE FUNCTION appeals_session_named() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(s.case_id), '{}') FROM appeals_seal s JOIN appeals_sealreader r ON r.seal_id = s.id
    WHERE s.status = 'stands' AND s.file_id IS NULL AND s.line_id IS NULL AND r.officer_id = accounts_session_account();
$$;

-- Whether a seal on a file or a line lets the session through.
CREATE OR REPLACE FUNCTION appeals_seal_opens(seal appeals_seal) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(CASE session_user
        WHEN 'etax_public' THEN (seal).keeper = 'petitioner' AND c.taxpayer_id = ANY (accounts_session_taxpayers())
        WHEN 'etax_office' THEN NOT c.taxpayer_id = ANY (accounts_session_own_files()) AND (
            c.authority_id = ANY (appeals_session_hears()) OR c.id = ANY (appeals_session_judges())
            OR (seal).keeper = 'petitioner' AND c.id = ANY (appeals_session_advocates())
            OR (seal).keeper = 'office' AND appeals_speaks_for(c)
            OR EXISTS (SELECT FROM appeals_sealreader r WHERE r.seal_id = (seal).id AND r.officer_id = accounts_session_account()))
        WHEN 'etax_worker' THEN true
    END, false)
    FROM appeals_case c WHERE c.id = (seal).case_id;
$$;
-- Files, or lines, that are sealed from the session.
CREATE OR REPLACE FUNCTION appeals_session_closed(what text) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(CASE what WHEN 'file' THEN s.file_id ELSE s.line_id END), '{}') FROM appeals_seal s
    WHERE s.status = 'stands' AND CASE what WHEN 'file' THEN s.file_id ELSE s.line_id END IS NOT NULL
      AND NOT appeals_seal_opens(s);
$$;
GRANT EXECUTE ON FUNCTION appeals_session_named() TO etax_office;
GRANT EXECUTE ON FUNCTION appeals_session_closed(text) TO etax_office, etax_public;

DROP POLICY IF EXISTS unsealed ON appeals_case;
CREATE POLICY unsealed ON appeals_case AS RESTRICTIVE FOR SELECT TO etax_office
    USING (NOT sealed OR NOT taxpayer_id = ANY ((SELECT accounts_session_own_files())::bigint[]) AND (
           authority_id = ANY ((SELECT appeals_session_hears())::text[])
           OR id = ANY ((SELECT appeals_session_judges())::bigint[]) OR id = ANY ((SELECT appeals_session_advocates())::bigint[])
           OR id = ANY ((SELECT appeals_session_named())::bigint[])));
DROP POLICY IF EXISTS unsealed ON appeals_evidence;
CREATE POLICY unsealed ON appeals_evidence AS RESTRICTIVE FOR SELECT TO etax_office, etax_public
    USING (id <> ALL ((SELECT appeals_session_closed('file'))::bigint[]));
DROP POLICY IF EXISTS unsealed ON appeals_entry;
CREATE POLICY unsealed ON appeals_entry AS RESTRICTIVE FOR SELECT TO etax_office, etax_public
    USING (id <> ALL ((SELECT appeals_session_closed('line'))::bigint[]));
-- What stands in the open of a case that is sealed later is withheld as long as it is.
DROP POLICY IF EXISTS not_withheld ON appeals_publication;
CREATE POLICY not_withheld ON appeals_publication AS RESTRICTIVE FOR SELECT TO etax_public USING (NOT withheld);

-- The seals themselves: for the court, and for the side that asked.
GRANT SELECT ON appeals_seal, appeals_sealreader TO etax_office;
GRANT SELECT (id, case_id, file_id, line_id, keeper, status, reason, asked_at, ground, article, because, decided_at, lifted_at,
    lifted_because) ON appeals_seal TO etax_public;
DROP POLICY IF EXISTS public_own ON appeals_seal;
CREATE POLICY public_own ON appeals_seal FOR SELECT TO etax_public
    USING (keeper = 'petitioner' AND EXISTS (SELECT FROM appeals_case c WHERE c.id = case_id));
DROP POLICY IF EXISTS office_own ON appeals_seal;
CREATE POLICY office_own ON appeals_seal FOR SELECT TO etax_office
    USING (asked_by_id = (SELECT accounts_session_account()) OR EXISTS (
        SELECT FROM appeals_case c WHERE c.id = case_id AND (
            c.authority_id = ANY ((SELECT appeals_session_hears())::text[]) OR c.id = ANY ((SELECT appeals_session_judges())::bigint[])
            OR keeper = 'petitioner' AND c.id = ANY ((SELECT appeals_session_advocates())::bigint[]))));
DROP POLICY IF EXISTS not_own ON appeals_seal;
CREATE POLICY not_own ON appeals_seal AS RESTRICTIVE FOR SELECT TO etax_office
    USING (NOT EXISTS (SELECT FROM appeals_case c WHERE c.id = case_id
                       AND c.taxpayer_id = ANY ((SELECT accounts_session_own_files())::bigint[])));
DROP POLICY IF EXISTS office_own ON appeals_sealreader;
CREATE POLICY office_own ON appeals_sealreader FOR SELECT TO etax_office
    USING (officer_id = (SELECT accounts_session_account()) OR EXISTS (SELECT FROM appeals_seal s WHERE s.id = seal_id));

-- Whether the session is the court's: its clerk or chair.
CREATE OR REPLACE FUNCTION appeals_may_seal(here appeals_case) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(session_user = 'etax_office' AND (here).status NOT IN ('draft', 'discarded')
        AND (appeals_hears(here, 'court_clerk') OR appeals_hears(here, 'chair')), false);
$$;

-- Whose matter something of a case is; NULL: not of this case.
CREATE OR REPLACE FUNCTION appeals_keeper(of_case bigint, of_file bigint, of_line bigint) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN of_file IS NULL AND of_line IS NULL THEN 'petitioner'
                WHEN of_file IS NOT NULL THEN (SELECT CASE e.side WHEN 'office' THEN 'office' ELSE 'petitioner' END
                                               FROM appeals_evidence e WHERE e.id = of_file AND e.case_id = of_case)
                ELSE (SELECT CASE e.side WHEN 'office' THEN 'office' WHEN 'petitioner' THEN 'petitioner'
                                         WHEN 'advocate' THEN 'petitioner' ELSE 'court' END
                      FROM appeals_entry e WHERE e.id = of_line AND e.case_id = of_case) END;
$$;

-- A side asks that its own matter be sealed; the docket says that it did, not why. 'open': asked for or sealed already; NULL: not
-- theirs.
CREATE OR REPLACE FUNCTION appeals_ask_seal(of_case bigint, of_file bigint, of_line bigint, said text, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_case%ROWTYPE;
    own text := CASE session_user WHEN 'etax_public' THEN 'petitioner' ELSE 'office' END;
BEGIN
    SELECT * INTO here FROM appeals_case c WHERE c.id = of_case AND c.status NOT IN ('draft', 'discarded') FOR NO KEY UPDATE;
    IF here.id IS NULL OR said = '' OR appeals_keeper(here.id, of_file, of_line) IS DISTINCT FROM own
       OR NOT (CASE own WHEN 'petitioner' THEN appeals_writes_for(here.taxpayer_id, here.authority_id, here.body_id)
                        ELSE appeals_speaks_for(here) END) THEN
        RETURN NULL;
    ELSIF EXISTS (SELECT FROM appeals_seal s WHERE s.case_id = here.id AND s.status IN ('asked', 'stands')
                  AND s.file_id IS NOT DISTINCT FROM of_file AND s.line_id IS NOT DISTINCT FROM of_line)
          OR (SELECT count(*) >= 50 FROM appeals_seal s WHERE s.case_id = here.id) THEN
        RETURN 'open';
    END IF;
    INSERT INTO appeals_seal (case_id, file_id, line_id, keeper, status, reason, asked_by_id, asked_at, ground, article, because,
                              lifted_because)
    VALUES (here.id, of_file, of_line, own, 'asked', left(said, 1000), accounts_session_account(), at, '', '', '', '');
    PERFORM appeals_enter(here.id, 'seal_asked', own, '', at);
    RETURN 'done';
END $$;

-- The court seals: what was asked for, or of its own motion. 'ground': none of the city's; NULL: not theirs, or nothing there.
CREATE OR REPLACE FUNCTION appeals_seal_it(of_case bigint, of_file bigint, of_line bigint, on_ground text, why text, at timestamptz)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_case%ROWTYPE;
    its_article text := appeals_rule('appeal_sealing', at) -> 'grounds' ->> on_ground;
    whose text;
    tells bigint;
    done bigint;
BEGIN
    SELECT * INTO here FROM appeals_case c WHERE c.id = of_case FOR NO KEY UPDATE;
    whose := appeals_keeper(here.id, of_file, of_line);
    IF here.id IS NULL OR whose IS NULL OR NOT appeals_may_seal(here) THEN
        RETURN NULL;
    ELSIF its_article IS NULL OR why = '' THEN
        RETURN 'ground';
    END IF;
    UPDATE appeals_seal s SET status = 'stands', ground = on_ground, article = its_article, because = left(why, 1000),
        decided_by_id = accounts_session_account(), decided_at = at
    WHERE s.case_id = here.id AND s.status = 'asked'
      AND s.file_id IS NOT DISTINCT FROM of_file AND s.line_id IS NOT DISTINCT FROM of_line RETURNING s.id INTO done;
    IF done IS NULL THEN
        INSERT INTO appeals_seal AS s (case_id, file_id, line_id, keeper, status, reason, asked_by_id, asked_at, ground, article,
                                       because, decided_by_id, decided_at, lifted_because)
        VALUES (here.id, of_file, of_line, whose, 'stands', '', accounts_session_account(), at, on_ground, its_article,
                left(why, 1000), accounts_session_account(), at, '')
        ON CONFLICT DO NOTHING RETURNING s.id INTO done;
    END IF;
    IF done IS NULL THEN
        RETURN NULL;
    END IF;
    -- The line that tells of a file gives its name.
    FOR tells IN SELECT n.id FROM appeals_evidence e JOIN appeals_entry n ON n.case_id = e.case_id AND n.event = 'evidence'
                 AND n.at = e.added_at AND n.text = left(e.name, 100) WHERE e.id = of_file LOOP
        UPDATE appeals_seal s SET status = 'stands', ground = on_ground, article = its_article, because = left(why, 1000),
            decided_by_id = accounts_session_account(), decided_at = at WHERE s.line_id = tells AND s.status = 'asked';
        INSERT INTO appeals_seal (case_id, line_id, keeper, status, reason, asked_by_id, asked_at, ground, article, because,
                                  decided_by_id, decided_at, lifted_because)
        VALUES (here.id, tells, whose, 'stands', '', accounts_session_account(), at, on_ground, its_article, left(why, 1000),
                accounts_session_account(), at, '') ON CONFLICT DO NOTHING;
    END LOOP;
    PERFORM appeals_enter(here.id, 'sealed', CASE WHEN appeals_hears(here, 'court_clerk') THEN 'clerk' ELSE 'chair' END,
                          its_article, at);
    RETURN 'done';
END $$;

-- What was asked for is refused, or what is sealed is opened again, with the court's words. False: not theirs, or decided.
CREATE OR REPLACE FUNCTION appeals_unseal(of_seal bigint, why text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    had appeals_seal%ROWTYPE;
    here appeals_case%ROWTYPE;
BEGIN
    SELECT c.* INTO here FROM appeals_case c WHERE c.id = (SELECT s.case_id FROM appeals_seal s WHERE s.id = of_seal)
    FOR NO KEY UPDATE;
    SELECT * INTO had FROM appeals_seal s WHERE s.id = of_seal FOR UPDATE;
    IF here.id IS NULL OR why = '' OR NOT appeals_may_seal(here) OR had.status NOT IN ('asked', 'stands') THEN
        RETURN false;
    ELSIF had.status = 'asked' THEN
        UPDATE appeals_seal s SET status = 'refused', because = left(why, 1000), decided_by_id = accounts_session_account(),
            decided_at = at WHERE s.id = had.id;
    ELSE
        UPDATE appeals_seal s SET status = 'lifted', lifted_because = left(why, 1000), lifted_by_id = accounts_session_account(),
            lifted_at = at
        WHERE s.id = had.id OR had.file_id IS NOT NULL AND s.case_id = had.case_id AND s.status = 'stands' AND s.line_id IN (
            SELECT n.id FROM appeals_evidence e JOIN appeals_entry n ON n.case_id = e.case_id AND n.event = 'evidence'
            AND n.at = e.added_at AND n.text = left(e.name, 100) WHERE e.id = had.file_id);
    END IF;
    PERFORM appeals_enter(here.id, CASE had.status WHEN 'asked' THEN 'seal_refused' ELSE 'unsealed' END,
                          CASE WHEN appeals_hears(here, 'court_clerk') THEN 'clerk' ELSE 'chair' END, '', at);
    RETURN true;
END $$;

-- The court names an officer who speaks for the levy: they read what is sealed. False: not theirs, or no such officer there.
CREATE OR REPLACE FUNCTION appeals_name_reader(of_seal bigint, of_officer bigint, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_case%ROWTYPE;
BEGIN
    SELECT c.* INTO here FROM appeals_case c JOIN appeals_seal s ON s.case_id = c.id WHERE s.id = of_seal AND s.status = 'stands'
    FOR NO KEY UPDATE OF c;
    IF here.id IS NULL OR NOT appeals_may_seal(here) OR NOT EXISTS (
           SELECT FROM accounts_officer o JOIN accounts_rolegrant g ON g.officer_id = o.account_id
           WHERE o.account_id = of_officer AND o.body_id = here.body_id AND g.role IN ('assessor', 'collector', 'approver')
             AND g.granted_at IS NOT NULL AND g.ended_at IS NULL)
       OR EXISTS (SELECT FROM accounts_relative r WHERE r.officer_id = of_officer AND r.taxpayer_id = here.taxpayer_id) THEN
        RETURN false;
    END IF;
    INSERT INTO appeals_sealreader (seal_id, officer_id, named_by_id, named_at)
    VALUES (of_seal, of_officer, accounts_session_account(), at) ON CONFLICT DO NOTHING;
    RETURN true;
END $$;

-- A seal is asked for, stands or is refused, is lifted; nothing else of it changes.
CREATE OR REPLACE FUNCTION appeals_move_seal() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (OLD.status, NEW.status) NOT IN (('asked', 'stands'), ('asked', 'refused'), ('stands', 'lifted'))
       OR (OLD.case_id, OLD.file_id, OLD.line_id, OLD.keeper, OLD.reason, OLD.asked_by_id, OLD.asked_at)
           IS DISTINCT FROM (NEW.case_id, NEW.file_id, NEW.line_id, NEW.keeper, NEW.reason, NEW.asked_by_id, NEW.asked_at) THEN
        RAISE EXCEPTION 'a seal that is % does not become %', OLD.status, NEW.status USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS move_seal ON appeals_seal;
CREATE TRIGGER move_seal BEFORE UPDATE ON appeals_seal FOR EACH ROW EXECUTE FUNCTION appeals_move_seal();
DROP TRIGGER IF EXISTS keep_seal ON appeals_seal;
CREATE TRIGGER keep_seal BEFORE DELETE ON appeals_seal FOR EACH ROW EXECUTE FUNCTION core_refuse_change();

-- What hangs on a sealed case follows it: its mark, its document in the register, its decision in the open, and who keeps a seat to
-- listen to it is told.
CREATE OR REPLACE FUNCTION appeals_follow_seal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    stands boolean;
BEGIN
    IF NEW.file_id IS NOT NULL OR NEW.line_id IS NOT NULL THEN
        RETURN NULL;
    END IF;
    stands := EXISTS (SELECT FROM appeals_seal s WHERE s.case_id = NEW.case_id AND s.file_id IS NULL AND s.line_id IS NULL
                      AND s.status = 'stands');
    UPDATE appeals_case c SET sealed = stands WHERE c.id = NEW.case_id AND c.sealed <> stands;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    PERFORM appeals_seal_document(NEW.case_id);
    UPDATE appeals_publication p SET withheld = stands FROM appeals_publishedcase k
    WHERE k.case_id = NEW.case_id AND (p.year, p.number) = (k.year, k.number) AND p.withheld <> stands;
    UPDATE appeals_seat l SET due = 'changed', taken_at = NULL
    WHERE l.status <> 'asked' AND l.due = '' AND l.session_id IN (
        SELECT x.session_id FROM appeals_slot x WHERE x.case_id = NEW.case_id AND x.status = 'set');
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS follow_seal ON appeals_seal;
CREATE TRIGGER follow_seal AFTER INSERT OR UPDATE ON appeals_seal FOR EACH ROW EXECUTE FUNCTION appeals_follow_seal();

-- The ruling's document is as sealed as its case: whoever comes second, this or the seal, finds the other.
CREATE OR REPLACE FUNCTION appeals_seal_document(of_case bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here record;
BEGIN
    SELECT c.number, c.sealed INTO here FROM appeals_case c WHERE c.id = of_case FOR NO KEY UPDATE;
    PERFORM receipts_seal_documents('ruling', here.number, here.sealed);
END $$;
GRANT EXECUTE ON FUNCTION appeals_seal_document(bigint) TO etax_worker;

GRANT EXECUTE ON FUNCTION appeals_ask_seal(bigint, bigint, bigint, text, timestamptz) TO etax_public, etax_office;
GRANT EXECUTE ON FUNCTION appeals_seal_it(bigint, bigint, bigint, text, text, timestamptz), appeals_unseal(bigint, text, timestamptz),
    appeals_name_reader(bigint, bigint, timestamptz) TO etax_office;
