-- Bills before the Tax Tribunal (조세심판원: 지방세기본법 제91조): that it was seized, the levying office's answer, our file, and what
-- came of it. Nobody acts in their own or a relative's file.
SELECT core_secure(name) FROM unnest(ARRAY['appeals_referral', 'appeals_referralfile']) AS name;
SELECT core_append_only('appeals_referralfile');
SELECT core_open(name, 'etax_worker', 'SELECT') FROM unnest(ARRAY['appeals_referral', 'appeals_referralfile']) AS name;
GRANT UPDATE (change_id, refused) ON appeals_referral TO etax_worker;
SELECT core_kept('appeals_referral', 'id');

-- `of_role`: the one who may; 'levies' an assessor or a collector.
CREATE OR REPLACE FUNCTION appeals_refers(here appeals_referral, of_role text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(session_user = 'etax_office' AND (here).body_id = ANY (accounts_session_bodies())
        AND NOT (here).taxpayer_id = ANY (accounts_session_own_files())
        AND NOT EXISTS (SELECT FROM appeals_case c WHERE c.id = (here).case_id AND c.sealed
                        AND NOT c.id = ANY (appeals_session_named()) AND NOT c.authority_id = ANY (appeals_session_hears()))
        AND CASE of_role WHEN 'levies' THEN accounts_session_has_role('assessor') OR accounts_session_has_role('collector')
                         ELSE accounts_session_has_role(of_role) END, false);
$$;

-- The petitioner says, or the office learned, that the Tribunal was seized: its id, or that of the one that runs. NULL: not
-- theirs, no bill in force, or a day that can't be.
CREATE OR REPLACE FUNCTION appeals_seize(of_bill bigint, facts jsonb, at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    bill record;
    here appeals_referral;
    ours appeals_case%ROWTYPE;
    today date := billing_local_date(at);
    theirs boolean := session_user = 'etax_public';
BEGIN
    SELECT b.id, b.taxpayer_id, b.body_id, billing_local_date(b.issued_at) AS issued_on INTO bill FROM billing_bill b
    JOIN billing_taxtype t ON t.code = b.tax_id AND t.kind = 'tax' WHERE b.id = of_bill AND b.status = 'issued' FOR UPDATE OF b;
    here.taxpayer_id := bill.taxpayer_id;
    here.body_id := bill.body_id;
    IF bill.id IS NULL OR NOT (CASE WHEN theirs THEN bill.taxpayer_id = ANY (accounts_session_taxpayers())
                              ELSE appeals_refers(here, 'court_clerk') OR appeals_refers(here, 'levies') END)
       OR (facts ->> 'seized_on')::date > today OR (facts ->> 'seized_on')::date < bill.issued_on
       OR (facts ->> 'heard_on')::date NOT BETWEEN (facts ->> 'seized_on')::date AND today THEN
        RETURN NULL;
    END IF;
    SELECT * INTO here FROM appeals_referral r WHERE r.bill_id = bill.id AND r.status <> 'decided';
    IF here.id IS NOT NULL THEN
        RETURN here.id;
    END IF;
    SELECT * INTO ours FROM appeals_case c
    WHERE c.bill_id = bill.id AND c.kind = 'objection' AND c.status IN ('pending', 'mending', 'decided', 'served');
    INSERT INTO appeals_referral AS r (number, status, route, bill_id, taxpayer_id, body_id, case_id, tribunal_number, seized_on,
        heard_on, claims, by_petitioner, recorded_by_id, recorded_at, answer, outcome, lines, reasons, refused)
    VALUES (concat_ws('-', to_char(today, 'YYYY'), appeals_rule('appeal_desk', at) ->> 'referral_mark', lpad(bill.id::text, 6, '0'),
                      (SELECT count(*) + 1 FROM appeals_referral o WHERE o.bill_id = bill.id)),
            'open', CASE WHEN ours.id IS NULL THEN 'direct' WHEN ours.status = 'served' THEN 'decided' ELSE 'undecided' END,
            bill.id, bill.taxpayer_id, bill.body_id, ours.id, left(facts ->> 'tribunal_number', 40), (facts ->> 'seized_on')::date,
            (facts ->> 'heard_on')::date, left(facts ->> 'claims', 10000), theirs, accounts_session_account(), at, '', '', '{}', '', '')
    RETURNING * INTO here;
    IF ours.id IS NOT NULL THEN
        PERFORM appeals_enter(ours.id, 'tribunal_seized', CASE WHEN theirs THEN 'petitioner' ELSE 'office' END, here.seized_on::text, at);
    END IF;
    PERFORM core_publish('appeals.tribunal_seized.v1', jsonb_build_object('referral_id', here.id));
    PERFORM core_audit('appeal.tribunal_seized', 'bill:' || bill.id, accounts_session_account(), bill.taxpayer_id, '', '{}', '', '');
    RETURN here.id;
END $$;

-- The levying office's answer (답변서), until the file is made. False: not theirs, or made.
CREATE OR REPLACE FUNCTION appeals_answer_tribunal(of_referral bigint, said text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE appeals_referral r SET answer = left(said, 20000), answered_by_id = accounts_session_account(), answered_at = at
    WHERE r.id = of_referral AND r.status = 'open' AND appeals_refers(r, 'levies') AND said <> '';
    RETURN FOUND;
END $$;

-- The clerk has the file made; it is kept as it is, with its hash. False: not theirs, made already, or without an answer.
CREATE OR REPLACE FUNCTION appeals_keep_referral_file(
    of_referral bigint, bytes bytea, many integer, contents jsonb, at timestamptz
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE appeals_referral r SET status = 'sent', sent_on = billing_local_date(at)
    WHERE r.id = of_referral AND r.status = 'open' AND r.answer <> '' AND appeals_refers(r, 'court_clerk');
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO appeals_referralfile (referral_id, content, sha256, pages, index, made_by_id, made_at)
    VALUES (of_referral, bytes, encode(sha256(bytes), 'hex'), many, contents, accounts_session_account(), at);
    PERFORM core_publish('appeals.referral_made.v1', jsonb_build_object('referral_id', of_referral));
    RETURN true;
END $$;

-- The clerk writes the Tribunal's decision down; what moves money waits for a second officer, and may be written anew until then.
-- 'lines': not the bill's; NULL: not theirs, confirmed, or days that can't be.
CREATE OR REPLACE FUNCTION appeals_write_tribunal(of_referral bigint, facts jsonb, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_referral%ROWTYPE;
    moves boolean := facts ->> 'outcome' IN ('cancelled', 'corrected');
BEGIN
    SELECT * INTO here FROM appeals_referral r WHERE r.id = of_referral AND r.status <> 'decided' FOR UPDATE;
    IF here.id IS NULL OR NOT appeals_refers(here, 'court_clerk') OR (facts ->> 'told_on')::date > billing_local_date(at)
       OR (facts ->> 'decided_on')::date NOT BETWEEN here.seized_on AND (facts ->> 'told_on')::date THEN
        RETURN NULL;
    ELSIF NOT appeals_lines_fit(here.bill_id, facts -> 'lines') THEN
        RETURN 'lines';
    END IF;
    UPDATE appeals_referral r SET status = CASE WHEN moves THEN 'written' ELSE 'decided' END, outcome = facts ->> 'outcome',
        lines = facts -> 'lines', reasons = left(facts ->> 'reasons', 20000), decided_on = (facts ->> 'decided_on')::date,
        told_on = (facts ->> 'told_on')::date, written_by_id = accounts_session_account(),
        tribunal_number = CASE WHEN facts ->> 'tribunal_number' <> '' THEN left(facts ->> 'tribunal_number', 40) ELSE r.tribunal_number END
    WHERE r.id = here.id;
    IF NOT moves THEN
        PERFORM core_publish('appeals.tribunal_decided.v1', jsonb_build_object('referral_id', here.id));
    END IF;
    RETURN 'done';
END $$;

CREATE OR REPLACE FUNCTION appeals_tribunal_hash(of_referral bigint) RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT encode(sha256(convert_to(jsonb_build_array(r.id, r.outcome, r.lines, r.reasons, r.decided_on, r.told_on)::text, 'UTF8')), 'hex')
    FROM appeals_referral r WHERE r.id = of_referral;
$$;

-- A second officer of the levying body, an approver, confirms what they read; the worker then carries it out. 'stale': it was
-- written anew; NULL: not theirs, or it was they who wrote it.
CREATE OR REPLACE FUNCTION appeals_confirm_tribunal(of_referral bigint, read_hash text, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_referral%ROWTYPE;
BEGIN
    SELECT * INTO here FROM appeals_referral r WHERE r.id = of_referral AND r.status = 'written' FOR UPDATE;
    IF here.id IS NULL OR NOT appeals_refers(here, 'approver') OR here.written_by_id = accounts_session_account() THEN
        RETURN NULL;
    ELSIF appeals_tribunal_hash(here.id) <> read_hash THEN
        RETURN 'stale';
    END IF;
    UPDATE appeals_referral r SET status = 'decided', confirmed_by_id = accounts_session_account() WHERE r.id = here.id;
    PERFORM core_publish('appeals.tribunal_decided.v1', jsonb_build_object('referral_id', here.id));
    RETURN 'done';
END $$;

-- What was decided stays; what went to the Tribunal stays as it went.
CREATE OR REPLACE FUNCTION appeals_keep_referral() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.status = 'decided' AND (to_jsonb(OLD) - ARRAY['change_id', 'refused']) <> (to_jsonb(NEW) - ARRAY['change_id', 'refused'])
       OR OLD.status <> 'open' AND OLD.answer <> NEW.answer
       OR (OLD.bill_id, OLD.taxpayer_id, OLD.body_id, OLD.seized_on, OLD.heard_on, OLD.claims)
          IS DISTINCT FROM (NEW.bill_id, NEW.taxpayer_id, NEW.body_id, NEW.seized_on, NEW.heard_on, NEW.claims)
       OR (OLD.status, NEW.status) NOT IN (('open', 'open'), ('open', 'sent'), ('open', 'written'), ('open', 'decided'),
           ('sent', 'sent'), ('sent', 'written'), ('sent', 'decided'), ('written', 'written'), ('written', 'decided'),
           ('decided', 'decided')) THEN
        RAISE EXCEPTION 'what the Tribunal has, or decided, stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS keep_referral ON appeals_referral;
CREATE TRIGGER keep_referral BEFORE UPDATE ON appeals_referral FOR EACH ROW EXECUTE FUNCTION appeals_keep_referral();

-- Whether an objection was filed after the Tribunal had been seized: it can only be dismissed (제96조 제1항 제1호).
CREATE OR REPLACE FUNCTION appeals_seized_before(here appeals_case) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM appeals_referral r WHERE r.bill_id = (here).bill_id AND (here).kind = 'objection'
                   AND r.seized_on <= billing_local_date((here).filed_at) AND r.outcome <> 'withdrawn');
$$;

-- The body that levied, with its clerk; the petitioner, the decision once it is entered, without names of officers.
GRANT SELECT ON appeals_referral, appeals_referralfile TO etax_office;
DROP POLICY IF EXISTS office_own ON appeals_referral;
CREATE POLICY office_own ON appeals_referral FOR SELECT TO etax_office
    USING (body_id = ANY ((SELECT appeals_session_levies())::text[]));
DROP POLICY IF EXISTS office_own ON appeals_referralfile;
CREATE POLICY office_own ON appeals_referralfile FOR SELECT TO etax_office
    USING ((SELECT accounts_session_has_role('court_clerk')) AND EXISTS (SELECT FROM appeals_referral r WHERE r.id = referral_id));
-- What a seal closes stays closed here: a claim whose objection is sealed is read by who reads that; the file, in which the clerk
-- bound what only the court and a side may read, by the clerk, and by the petitioner unless something is sealed from them.
DROP POLICY IF EXISTS unsealed ON appeals_referral;
CREATE POLICY unsealed ON appeals_referral AS RESTRICTIVE FOR SELECT TO etax_office
    USING (case_id IS NULL OR EXISTS (SELECT FROM appeals_case c WHERE c.id = case_id));
CREATE OR REPLACE FUNCTION appeals_referral_closed(of_referral bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM appeals_seal s JOIN appeals_referral r ON r.case_id = s.case_id
                   WHERE r.id = of_referral AND s.status = 'stands' AND s.keeper <> 'petitioner');
$$;
GRANT EXECUTE ON FUNCTION appeals_referral_closed(bigint) TO etax_public;
GRANT SELECT (id, number, status, route, bill_id, taxpayer_id, body_id, case_id, tribunal_number, seized_on, heard_on, claims,
    by_petitioner, answer, answered_at, sent_on, outcome, lines, reasons, decided_on, told_on, change_id) ON appeals_referral TO etax_public;
GRANT SELECT (id, referral_id, content, sha256, pages, index, made_at) ON appeals_referralfile TO etax_public;
DROP POLICY IF EXISTS public_own ON appeals_referral;
CREATE POLICY public_own ON appeals_referral FOR SELECT TO etax_public
    USING (taxpayer_id = ANY ((SELECT accounts_session_taxpayers())::bigint[]));
DROP POLICY IF EXISTS public_own ON appeals_referralfile;
CREATE POLICY public_own ON appeals_referralfile FOR SELECT TO etax_public
    USING (NOT appeals_referral_closed(referral_id) AND EXISTS (SELECT FROM appeals_referral r WHERE r.id = referral_id));

GRANT EXECUTE ON FUNCTION appeals_seize(bigint, jsonb, timestamptz) TO etax_public, etax_office;
GRANT EXECUTE ON FUNCTION appeals_answer_tribunal(bigint, text, timestamptz), appeals_tribunal_hash(bigint),
    appeals_keep_referral_file(bigint, bytea, integer, jsonb, timestamptz), appeals_write_tribunal(bigint, jsonb, timestamptz),
    appeals_confirm_tribunal(bigint, text, timestamptz) TO etax_office;
