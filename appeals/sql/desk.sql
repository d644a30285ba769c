-- What the desks do, whatever the office's process has become: the clerk prepares, the levying office answers, the chair signs.
-- Nobody acts in their own or a relative's file.

CREATE OR REPLACE FUNCTION appeals_hears(here appeals_case, of_role text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(accounts_session_has_role(of_role) AND (here).authority_id = ANY (accounts_session_bodies())
        AND NOT (here).taxpayer_id = ANY (accounts_session_own_files()), false);
$$;

-- Who explains the levy: an assessor or collector of the body that levied; of what is sealed, whom the court named.
CREATE OR REPLACE FUNCTION appeals_speaks_for(here appeals_case) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN coalesce((accounts_session_has_role('assessor') OR accounts_session_has_role('collector'))
        AND here.body_id = ANY (accounts_session_bodies())
        AND (NOT here.sealed OR here.id = ANY (appeals_session_named()))
        AND NOT here.taxpayer_id = ANY (accounts_session_own_files()), false);
END $$;

-- The petitioner is asked to mend the petition. 'short': fewer days than the law leaves, without consent; NULL: not theirs, or
-- not pending.
CREATE OR REPLACE FUNCTION appeals_ask_mending(
    of_case bigint, until date, has_agreed boolean, said text, at timestamptz
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_case%ROWTYPE;
    today date := billing_local_date(at);
BEGIN
    SELECT * INTO here FROM appeals_case c WHERE c.id = of_case AND c.status = 'pending' FOR UPDATE;
    IF here.id IS NULL OR NOT appeals_hears(here, 'court_clerk') THEN
        RETURN NULL;
    ELSIF until - today < (appeals_rule('appeal_correction', at) ->> 'days')::integer AND NOT has_agreed THEN
        RETURN 'short';
    END IF;
    UPDATE appeals_case c SET status = 'mending' WHERE c.id = here.id;
    INSERT INTO appeals_mending (case_id, asked_on, due_on, agreed, text, asked_by_id)
    VALUES (here.id, today, until, has_agreed, left(said, 2000), accounts_session_account());
    PERFORM appeals_enter(here.id, 'mending_asked', 'clerk', said, at, 'site');
    RETURN 'done';
END $$;

-- The levying office says once why it levied. False: not theirs, answered already, or decided.
CREATE OR REPLACE FUNCTION appeals_answer(of_case bigint, said text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_case%ROWTYPE;
BEGIN
    SELECT * INTO here FROM appeals_case c WHERE c.id = of_case AND c.status IN ('pending', 'mending') FOR UPDATE;
    IF here.id IS NULL OR NOT appeals_speaks_for(here)
       OR EXISTS (SELECT FROM appeals_entry e WHERE e.case_id = here.id AND e.event = 'answered') THEN
        RETURN false;
    END IF;
    PERFORM appeals_enter(here.id, 'answered', 'office', said, at);
    RETURN true;
END $$;

-- Passed on to the authority that hears it, for which the time to decide begins anew; the petitioner's term is kept
-- (시행령 제59조 제2항, 제4항). False: not theirs, or nobody there.
CREATE OR REPLACE FUNCTION appeals_forward(of_case bigint, to_authority text, said text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_case%ROWTYPE;
BEGIN
    SELECT * INTO here FROM appeals_case c WHERE c.id = of_case AND c.status = 'pending' FOR UPDATE;
    IF here.id IS NULL OR NOT appeals_hears(here, 'court_clerk') OR here.authority_id = to_authority OR NOT EXISTS (
           SELECT FROM accounts_levyingbody l WHERE l.code = to_authority AND l.kind IN ('city', 'district')) THEN
        RETURN false;
    END IF;
    DELETE FROM appeals_ruling r WHERE r.case_id = here.id;
    UPDATE appeals_case c SET authority_id = to_authority, received_at = at WHERE c.id = here.id;
    PERFORM appeals_enter(here.id, 'forwarded', 'clerk', said, at, 'site');
    RETURN true;
END $$;

-- A review takes longer, once: the petitioner is told why (지방세기본법 제88조 제4항). False: not theirs, no review, or told before.
CREATE OR REPLACE FUNCTION appeals_take_longer(of_case bigint, said text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_case%ROWTYPE;
BEGIN
    SELECT * INTO here FROM appeals_case c
    WHERE c.id = of_case AND c.kind = 'review' AND c.status IN ('pending', 'mending') AND c.longer_at IS NULL FOR UPDATE;
    IF here.id IS NULL OR NOT appeals_hears(here, 'court_clerk') THEN
        RETURN false;
    END IF;
    UPDATE appeals_case c SET longer_at = at WHERE c.id = here.id;
    PERFORM appeals_enter(here.id, 'longer', 'clerk', said, at, 'site');
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION appeals_take_longer(bigint, text, timestamptz) TO etax_office;

-- The clerk, or the member who was named for it, writes a ruling down, and may write it anew until it is signed. 'vote': the
-- committee did not vote for it, and only what is dismissed is decided without one; 'lines': not the bill's, or more than it
-- asks; 'seized': the Tribunal was seized before it was filed, so that it is dismissed; NULL: not theirs, or decided. How many were there, the votes say.
CREATE OR REPLACE FUNCTION appeals_draft_ruling(of_case bigint, facts jsonb, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_case%ROWTYPE;
    voted record;
    by_clerk boolean;
    seized boolean;
BEGIN
    SELECT * INTO here FROM appeals_case c WHERE c.id = of_case AND c.status IN ('pending', 'mending') FOR UPDATE;
    SELECT t.carried, t.drafter_id, p.seats::integer AS seats, count(*)::integer AS present INTO voted
    FROM appeals_tally t JOIN appeals_panel p ON p.id = t.panel_id JOIN appeals_vote v ON v.tally_id = t.id
    WHERE t.case_id = here.id AND t.carried <> '' GROUP BY t.id, p.id;
    by_clerk := appeals_hears(here, 'court_clerk');
    seized := appeals_seized_before(here);
    IF here.id IS NULL OR NOT (by_clerk OR coalesce(voted.drafter_id = appeals_session_member()
                                                    AND here.id = ANY (appeals_session_judges()), false))
       OR here.status = 'mending' AND facts ->> 'outcome' <> 'dismissed' THEN
        RETURN NULL;
    ELSIF seized AND facts ->> 'outcome' <> 'dismissed' THEN
        RETURN 'seized';
    ELSIF NOT seized AND coalesce(voted.carried, 'dismissed') <> facts ->> 'outcome' THEN
        RETURN 'vote';
    ELSIF EXISTS (
        SELECT FROM jsonb_each_text(facts -> 'lines') AS w (line, won)
        WHERE NOT EXISTS (SELECT FROM billing_billline l WHERE l.id = w.line::bigint AND l.bill_id = here.bill_id
                          AND w.won::bigint BETWEEN 0 AND l.amount)) THEN
        RETURN 'lines';
    END IF;
    INSERT INTO appeals_ruling AS r (case_id, outcome, lines, reasons, seats, present, status, drafted_by_id, drafted_at, how)
    VALUES (here.id, facts ->> 'outcome', facts -> 'lines', left(facts ->> 'reasons', 20000), CASE WHEN seized THEN 0 ELSE coalesce(voted.seats, 0) END,
            CASE WHEN seized THEN 0 ELSE coalesce(voted.present, 0) END, 'draft', accounts_session_account(), at, '')
    ON CONFLICT (case_id) DO UPDATE SET outcome = excluded.outcome, lines = excluded.lines, reasons = excluded.reasons,
        seats = excluded.seats, present = excluded.present, drafted_by_id = excluded.drafted_by_id, drafted_at = excluded.drafted_at
    WHERE r.status = 'draft';
    PERFORM appeals_enter(here.id, 'drafted', CASE WHEN by_clerk THEN 'clerk' ELSE 'member' END, '', at);
    RETURN 'done';
END $$;

-- The seal: who presided sets it under what every member who decided has signed; the chair alone signs what is dismissed without
-- the committee. `read_hash` is that of the draft as it was read. 'stale': it was written anew since; 'unsigned': somebody has
-- not signed; NULL: not theirs, or it was they who wrote it. What was signed stands in the log.
DROP FUNCTION IF EXISTS appeals_sign(bigint, timestamptz, timestamptz);
CREATE OR REPLACE FUNCTION appeals_sign(of_case bigint, read_hash text, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_case%ROWTYPE;
    said appeals_ruling%ROWTYPE;
    own bigint := appeals_session_member();
BEGIN
    SELECT * INTO here FROM appeals_case c WHERE c.id = of_case AND c.status IN ('pending', 'mending') FOR UPDATE;
    SELECT * INTO said FROM appeals_ruling r WHERE r.case_id = here.id AND r.status = 'draft' FOR UPDATE;
    IF said.id IS NULL OR said.drafted_by_id = accounts_session_account()
       OR said.seats = 0 AND (NOT appeals_hears(here, 'chair') OR appeals_barred(here.id, own) IS NOT NULL)
       OR said.seats > 0 AND NOT coalesce(own = appeals_seals(here.id) AND here.id = ANY (appeals_session_judges()), false) THEN
        RETURN NULL;
    ELSIF appeals_ruling_hash(here.id) <> read_hash OR here.status = 'mending' AND said.outcome <> 'dismissed' THEN
        RETURN 'stale';
    ELSIF said.seats > 0 THEN
        IF EXISTS (SELECT FROM appeals_who_signs(here.id) w WHERE NOT w.signed AND w.member_id <> own) THEN
            RETURN 'unsigned';
        END IF;
        PERFORM appeals_sign_as_member(here.id, read_hash, at);
    END IF;
    UPDATE appeals_ruling r SET status = 'signed', signed_by_id = accounts_session_account(), signed_at = at
    WHERE r.id = said.id;
    UPDATE appeals_case c SET status = 'decided' WHERE c.id = here.id;
    UPDATE appeals_mending m SET done_on = billing_local_date(at) WHERE m.case_id = here.id AND m.done_on IS NULL;
    PERFORM appeals_enter(here.id, 'signed', 'chair', '', at);
    PERFORM core_append_leaf('ruling', here.number, appeals_ruling_leaf(here.id));
    PERFORM core_publish('appeals.ruling_signed.v1', jsonb_build_object('case_id', here.id));
    RETURN 'done';
END $$;

-- The clerk serves what was signed; the worker then carries it out. False: not theirs, or served already.
CREATE OR REPLACE FUNCTION appeals_serve(
    of_case bigint, served_how text, track text, on_day date, at timestamptz
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_case%ROWTYPE;
    today date := billing_local_date(at);
BEGIN
    SELECT * INTO here FROM appeals_case c WHERE c.id = of_case AND c.status = 'decided' FOR UPDATE;
    IF here.id IS NULL OR NOT appeals_hears(here, 'court_clerk') OR on_day > today
       OR on_day < (SELECT billing_local_date(r.signed_at) FROM appeals_ruling r WHERE r.case_id = here.id) THEN
        RETURN false;
    END IF;
    IF served_how = 'post' THEN  -- it is served on the day that the post says (delivery.sql)
        RETURN coalesce(appeals_post(here.id, NULL, track, on_day, at) = 'done', false);
    ELSIF served_how NOT IN ('site', 'counter') THEN
        RETURN false;
    END IF;
    PERFORM appeals_is_served(here.id, 'clerk', served_how, track, on_day, at);
    RETURN true;
END $$;

-- A signed ruling stays as it was signed; only how it was served and what billing did are added.
CREATE OR REPLACE FUNCTION appeals_keep_ruling() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.status <> 'draft' AND (OLD.case_id, OLD.outcome, OLD.lines, OLD.reasons, OLD.seats, OLD.present, OLD.in_favour,
                                  OLD.drafted_by_id, OLD.signed_by_id, OLD.signed_at)
           IS DISTINCT FROM (NEW.case_id, NEW.outcome, NEW.lines, NEW.reasons, NEW.seats, NEW.present, NEW.in_favour,
                             NEW.drafted_by_id, NEW.signed_by_id, NEW.signed_at)
       OR (OLD.status, NEW.status) NOT IN (('draft', 'draft'), ('draft', 'signed'), ('signed', 'signed'), ('signed', 'served'),
                                           ('served', 'served')) THEN
        RAISE EXCEPTION 'a signed ruling stays as it is' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS keep_ruling ON appeals_ruling;
CREATE TRIGGER keep_ruling BEFORE UPDATE ON appeals_ruling FOR EACH ROW EXECUTE FUNCTION appeals_keep_ruling();

CREATE OR REPLACE FUNCTION appeals_move_case() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (('draft', 'pending'), ('draft', 'discarded'), ('pending', 'mending'),
            ('pending', 'decided'), ('pending', 'withdrawn'), ('mending', 'pending'), ('mending', 'decided'),
            ('mending', 'withdrawn'), ('decided', 'served'))
       OR (OLD.number, OLD.filed_at, OLD.grounds, OLD.bill_id, OLD.taxpayer_id)
           IS DISTINCT FROM (NEW.number, NEW.filed_at, NEW.grounds, NEW.bill_id, NEW.taxpayer_id) AND OLD.status <> 'draft' THEN
        RAISE EXCEPTION 'a case that is % does not become %', OLD.status, NEW.status USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS move_case ON appeals_case;
CREATE TRIGGER move_case BEFORE UPDATE ON appeals_case FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status OR OLD.status <> 'draft') EXECUTE FUNCTION appeals_move_case();

GRANT EXECUTE ON FUNCTION appeals_ask_mending(bigint, date, boolean, text, timestamptz),
    appeals_answer(bigint, text, timestamptz), appeals_forward(bigint, text, text, timestamptz),
    appeals_draft_ruling(bigint, jsonb, timestamptz), appeals_sign(bigint, text, timestamptz),
    appeals_serve(bigint, text, text, date, timestamptz) TO etax_office;
