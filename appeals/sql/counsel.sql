-- An appointed professional: asked for by the petitioner, decided by the clerk of who hears the case. What somebody has is read
-- by those two only.
SELECT core_secure('appeals_counselrequest');
GRANT SELECT (id, case_id, person, yearly, owned, status, asked_at, decided_at, because, name, contact)
    ON appeals_counselrequest TO etax_public, etax_office;
DROP POLICY IF EXISTS public_own ON appeals_counselrequest;
CREATE POLICY public_own ON appeals_counselrequest FOR SELECT TO etax_public
    USING (EXISTS (SELECT FROM appeals_case c WHERE c.id = case_id));
DROP POLICY IF EXISTS clerk_reads ON appeals_counselrequest;
CREATE POLICY clerk_reads ON appeals_counselrequest FOR SELECT TO etax_office
    USING ((SELECT accounts_session_has_role('court_clerk')) AND EXISTS (
        SELECT FROM appeals_case c WHERE c.id = case_id AND c.authority_id = ANY ((SELECT appeals_session_hears())::text[])));

-- 'once': one is asked for or appointed already; NULL: not theirs, or the case is over.
CREATE OR REPLACE FUNCTION appeals_ask_counsel(of_case bigint, of_person text, has_yearly bigint, has_owned bigint, at timestamptz)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_case%ROWTYPE;
BEGIN
    SELECT * INTO here FROM appeals_case c WHERE c.id = of_case AND c.status IN ('pending', 'mending') FOR NO KEY UPDATE;
    IF here.id IS NULL OR NOT appeals_writes_for(here.taxpayer_id, here.authority_id, here.body_id) THEN
        RETURN NULL;
    ELSIF EXISTS (SELECT FROM appeals_counselrequest q WHERE q.case_id = here.id AND q.status IN ('asked', 'given')) THEN
        RETURN 'once';
    END IF;
    INSERT INTO appeals_counselrequest (case_id, person, yearly, owned, status, asked_by_id, asked_at, because, name, contact)
    VALUES (here.id, of_person, has_yearly, has_owned, 'asked', accounts_session_account(), at, '', '', '');
    PERFORM appeals_enter(here.id, 'counsel_asked', CASE session_user WHEN 'etax_office' THEN 'clerk' ELSE 'petitioner' END, '', at);
    PERFORM core_audit('appeal.counsel_asked', 'case:' || here.id, accounts_session_account(), here.taxpayer_id, '', '{}', '', '');
    RETURN 'done';
END $$;

-- The petitioner takes the request back. False: not theirs, or decided.
CREATE OR REPLACE FUNCTION appeals_withdraw_counsel(of_case bigint, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE appeals_counselrequest q SET status = 'withdrawn', decided_at = at
    FROM appeals_case c WHERE c.id = q.case_id AND q.case_id = of_case AND q.status = 'asked'
      AND appeals_writes_for(c.taxpayer_id, c.authority_id, c.body_id);
    RETURN FOUND;
END $$;

-- The clerk appoints a professional, or says why not. False: not theirs, or not asked.
CREATE OR REPLACE FUNCTION appeals_decide_counsel(of_case bigint, grants boolean, why text, whom text, reached text, at timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_case%ROWTYPE;
BEGIN
    SELECT * INTO here FROM appeals_case c WHERE c.id = of_case AND c.status IN ('pending', 'mending') FOR NO KEY UPDATE;
    IF here.id IS NULL OR NOT appeals_hears(here, 'court_clerk') THEN
        RETURN false;
    END IF;
    UPDATE appeals_counselrequest q
    SET status = CASE WHEN grants THEN 'given' ELSE 'refused' END, decided_by_id = accounts_session_account(), decided_at = at,
        because = left(why, 1000), name = CASE WHEN grants THEN left(whom, 100) ELSE '' END,
        contact = CASE WHEN grants THEN left(reached, 200) ELSE '' END
    WHERE q.case_id = here.id AND q.status = 'asked';
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM appeals_enter(here.id, CASE WHEN grants THEN 'counsel_given' ELSE 'counsel_refused' END, 'clerk',
                          CASE WHEN grants THEN whom ELSE '' END, at);
    PERFORM core_audit('appeal.counsel_decided', 'case:' || here.id, accounts_session_account(), here.taxpayer_id, '',
                       jsonb_build_object('given', grants), '', '');
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION appeals_ask_counsel(bigint, text, bigint, bigint, timestamptz), appeals_withdraw_counsel(bigint, timestamptz)
    TO etax_public, etax_office;
GRANT EXECUTE ON FUNCTION appeals_decide_counsel(bigint, boolean, text, text, text, timestamptz) TO etax_office;
