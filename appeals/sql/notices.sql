-- Notices of intended assessments (과세예고통지: 지방세기본법 제88조): an officer of the levying body writes one, an approver confirms it,
-- it is served, and its payer asks for a review or for the bill at once. Nobody acts in their own or a relative's file.
SELECT core_secure('appeals_notice');
SELECT core_open('appeals_notice', 'etax_worker', 'SELECT');
GRANT UPDATE (status, ended_at, told_at) ON appeals_notice TO etax_worker;
SELECT core_kept('appeals_notice', 'id');

CREATE OR REPLACE FUNCTION appeals_gives_notice(here appeals_notice, of_role text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(session_user = 'etax_office' AND (here).body_id = ANY (accounts_session_bodies())
        AND NOT (here).taxpayer_id = ANY (accounts_session_own_files())
        AND CASE of_role WHEN 'approver' THEN accounts_session_has_role('approver')
                         ELSE accounts_session_has_role('assessor') OR accounts_session_has_role('collector') END, false);
$$;

-- Written, or anew until it is confirmed. 'small': so little is noticed for no sum alone; 'expires': more time is left than the
-- law says; 'tax': nobody here hears of it, or a line is not of it; NULL: not theirs, or confirmed.
CREATE OR REPLACE FUNCTION appeals_write_notice(of_notice bigint, facts jsonb, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    said appeals_notice := jsonb_populate_record(NULL::appeals_notice, facts);
    heard jsonb := appeals_rule('review_authority', at);
    made bigint;
BEGIN
    IF NOT appeals_gives_notice(said, '') OR NOT EXISTS (SELECT FROM accounts_taxpayer t WHERE t.id = said.taxpayer_id)
       OR NOT EXISTS (SELECT FROM accounts_levyingbody l WHERE l.code = said.body_id AND l.kind IN ('city', 'district')) THEN
        RETURN NULL;
    ELSIF NOT (heard -> 'city' ? said.tax_id OR heard -> 'district' ? said.tax_id) OR (
        SELECT count(*) = 0 OR bool_or(t.code IS NULL OR t.kind <> 'tax' OR l.amount < 10 OR l.amount % 10 <> 0)
               OR count(DISTINCT l.tax) <> count(*)
        FROM jsonb_to_recordset(said.lines) AS l(tax text, amount bigint) LEFT JOIN billing_taxtype t ON t.code = l.tax) THEN
        RETURN 'tax';
    ELSIF said.ground = 'amount' AND (appeals_rule('assessment_notice', at) ->> 'from')::bigint > (
        SELECT sum(l.amount) FROM jsonb_to_recordset(said.lines) AS l(amount bigint)) THEN
        RETURN 'small';
    ELSIF said.no_review = 'expires' AND coalesce(said.expires_on > billing_local_date(at) + make_interval(
        months => (appeals_rule('review_exceptions', at) ->> 'months_left')::integer), true) THEN
        RETURN 'expires';
    END IF;
    IF of_notice IS NULL THEN
        INSERT INTO appeals_notice AS n (status, body_id, taxpayer_id, tax_id, tax_year, term, object_ref, liability_on, lines,
            ground, basis, no_review, expires_on, written_by_id, written_at, how, tracking, because)
        VALUES ('written', said.body_id, said.taxpayer_id, said.tax_id, said.tax_year, said.term, left(said.object_ref, 24),
            said.liability_on, said.lines, said.ground, left(said.basis, 2000), coalesce(said.no_review, ''), said.expires_on,
            accounts_session_account(), at, '', '', '')
        RETURNING n.id INTO made;
    ELSE
        UPDATE appeals_notice n
        SET tax_id = said.tax_id, tax_year = said.tax_year, term = said.term, object_ref = left(said.object_ref, 24),
            liability_on = said.liability_on, lines = said.lines, ground = said.ground, basis = left(said.basis, 2000),
            no_review = coalesce(said.no_review, ''), expires_on = said.expires_on, written_by_id = accounts_session_account(),
            written_at = at
        WHERE n.id = of_notice AND n.status = 'written' AND appeals_gives_notice(n, '') AND n.taxpayer_id = said.taxpayer_id
          AND n.body_id = said.body_id
        RETURNING n.id INTO made;
    END IF;
    RETURN made::text;
END $$;

CREATE OR REPLACE FUNCTION appeals_notice_hash(of_notice bigint) RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT encode(sha256(convert_to(jsonb_build_array(n.id, n.taxpayer_id, n.tax_id, n.tax_year, n.term, n.object_ref, n.liability_on,
        n.lines, n.ground, n.basis, n.no_review, n.expires_on)::text, 'UTF8')), 'hex') FROM appeals_notice n WHERE n.id = of_notice;
$$;

-- A second officer confirms what they read: it gets its number and the draft of a bill. 'stale': it was written anew; NULL: not
-- theirs, or it was they who wrote it.
CREATE OR REPLACE FUNCTION appeals_confirm_notice(of_notice bigint, read_hash text, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_notice%ROWTYPE;
    named text;
    planned bigint;
BEGIN
    SELECT * INTO here FROM appeals_notice n WHERE n.id = of_notice AND n.status = 'written' FOR UPDATE;
    IF here.id IS NULL OR NOT appeals_gives_notice(here, 'approver') OR here.written_by_id = accounts_session_account() THEN
        RETURN NULL;
    ELSIF appeals_notice_hash(here.id) <> read_hash THEN
        RETURN 'stale';
    END IF;
    named := concat_ws('-', to_char(billing_local_date(at), 'YYYY'), appeals_rule('appeal_desk', at) ->> 'notice_mark',
                       lpad(here.id::text, 6, '0'));
    planned := billing_plan_bill(here.taxpayer_id, here.body_id, here.tax_id, here.tax_year, here.term, here.object_ref,
        here.liability_on, jsonb_build_object('rules', 'intended', 'lines', here.lines, 'notice', named, 'basis', here.basis,
            'article', (SELECT t.article FROM billing_taxtype t WHERE t.code = here.tax_id)),
        here.lines, named, ARRAY[here.written_by_id, accounts_session_account()], at);
    UPDATE appeals_notice n SET status = 'confirmed', number = named, bill_id = planned,
        confirmed_by_id = accounts_session_account(), confirmed_at = at WHERE n.id = here.id;
    RETURN 'done';
END $$;

-- Served: `until` is the last day to ask for a review. Where the law leaves none the bill need not wait. NULL: not theirs, not
-- confirmed, or a day that can't be.
CREATE OR REPLACE FUNCTION appeals_serve_notice(
    of_notice bigint, served_how text, track text, on_day date, until date, at timestamptz
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_notice%ROWTYPE;
BEGIN
    SELECT * INTO here FROM appeals_notice n WHERE n.id = of_notice AND n.status = 'confirmed' FOR UPDATE;
    IF here.id IS NULL OR NOT appeals_gives_notice(here, '') OR on_day > billing_local_date(at)
       OR on_day < billing_local_date(here.confirmed_at) OR until - on_day < (
           appeals_rule('appeal_terms', at) -> 'file_within_days' ->> 'pre_assessment_review')::integer THEN
        RETURN false;
    END IF;
    UPDATE appeals_notice n SET status = 'served', served_on = on_day, how = served_how, tracking = left(track, 40),
        waits_until = until WHERE n.id = here.id;
    PERFORM billing_await_review(here.bill_id, until, here.no_review <> '', at);
    PERFORM core_publish('appeals.notice_served.v1', jsonb_build_object('notice_id', here.id));
    RETURN true;
END $$;

-- Given up by the levying office: no bill is issued. False: not theirs, or a review runs, or it ended.
CREATE OR REPLACE FUNCTION appeals_drop_notice(of_notice bigint, why text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_notice%ROWTYPE;
BEGIN
    SELECT * INTO here FROM appeals_notice n
    WHERE n.id = of_notice AND n.status IN ('written', 'confirmed', 'served') FOR UPDATE;
    IF here.id IS NULL OR NOT appeals_gives_notice(here, '') OR EXISTS (
           SELECT FROM appeals_case c WHERE c.bill_id = here.bill_id AND c.kind = 'review'
           AND c.status IN ('pending', 'mending', 'decided', 'served'))
       OR here.bill_id IS NOT NULL AND NOT billing_drop_intended(here.bill_id, at) THEN
        RETURN false;
    END IF;
    UPDATE appeals_notice n SET status = 'dropped', because = left(why, 300), ended_at = at WHERE n.id = here.id;
    RETURN true;
END $$;

-- Its payer wants the bill at once (조기결정 신청), and gives up the review. False: not theirs, or it need not wait any more.
CREATE OR REPLACE FUNCTION appeals_ask_early(of_notice bigint, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_notice%ROWTYPE;
BEGIN
    SELECT * INTO here FROM appeals_notice n WHERE n.id = of_notice AND n.status = 'served' FOR UPDATE;
    IF here.id IS NULL OR session_user <> 'etax_public' OR NOT here.taxpayer_id = ANY (accounts_session_taxpayers())
       OR EXISTS (SELECT FROM appeals_case c WHERE c.bill_id = here.bill_id AND c.kind = 'review'
                  AND c.status IN ('pending', 'mending', 'decided', 'served'))
       OR NOT billing_release_intended(here.bill_id, at) THEN
        RETURN false;
    END IF;
    UPDATE appeals_notice n SET early_at = at WHERE n.id = here.id;
    PERFORM core_audit('appeal.early_asked', 'bill:' || here.bill_id, accounts_session_account(), here.taxpayer_id, '', '{}', '', '');
    PERFORM core_publish('appeals.early_asked.v1', jsonb_build_object('notice_id', here.id));
    RETURN true;
END $$;

-- What was confirmed stays as it is; it goes its ways forward only.
CREATE OR REPLACE FUNCTION appeals_keep_notice() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.status <> 'written' AND (
           (to_jsonb(OLD) - ARRAY['status', 'served_on', 'how', 'tracking', 'waits_until', 'early_at', 'ended_at', 'because', 'told_at'])
           <> (to_jsonb(NEW) - ARRAY['status', 'served_on', 'how', 'tracking', 'waits_until', 'early_at', 'ended_at', 'because', 'told_at'])
           OR OLD.served_on IS NOT NULL AND (OLD.served_on, OLD.how, OLD.waits_until) IS DISTINCT FROM (NEW.served_on, NEW.how, NEW.waits_until))
       OR OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (('written', 'confirmed'), ('confirmed', 'served'),
           ('served', 'issued'), ('written', 'dropped'), ('confirmed', 'dropped'), ('served', 'dropped')) THEN
        RAISE EXCEPTION 'a confirmed notice stays as it is' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS keep_notice ON appeals_notice;
CREATE TRIGGER keep_notice BEFORE UPDATE ON appeals_notice FOR EACH ROW EXECUTE FUNCTION appeals_keep_notice();

-- The office that gives it, who hears a review of it; its payer once it is served, without names of officers.
GRANT SELECT ON appeals_notice TO etax_office;
DROP POLICY IF EXISTS office_own ON appeals_notice;
CREATE POLICY office_own ON appeals_notice FOR SELECT TO etax_office
    USING (body_id = ANY ((SELECT appeals_session_levies())::text[])
           OR EXISTS (SELECT FROM appeals_case c WHERE c.bill_id = appeals_notice.bill_id));
GRANT SELECT (id, number, status, body_id, taxpayer_id, tax_id, tax_year, term, object_ref, liability_on, lines, ground, basis,
    no_review, expires_on, bill_id, served_on, how, tracking, waits_until, early_at, ended_at, because) ON appeals_notice TO etax_public;
DROP POLICY IF EXISTS public_own ON appeals_notice;
CREATE POLICY public_own ON appeals_notice FOR SELECT TO etax_public
    USING (served_on IS NOT NULL AND taxpayer_id = ANY ((SELECT accounts_session_taxpayers())::bigint[]));

GRANT EXECUTE ON FUNCTION appeals_write_notice(bigint, jsonb, timestamptz), appeals_notice_hash(bigint),
    appeals_confirm_notice(bigint, text, timestamptz), appeals_drop_notice(bigint, text, timestamptz),
    appeals_serve_notice(bigint, text, text, date, date, timestamptz) TO etax_office;
GRANT EXECUTE ON FUNCTION appeals_ask_early(bigint, timestamptz) TO etax_public;
