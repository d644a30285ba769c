-- What a petitioner does, in the name of the session; or a clerk for somebody at the counter. The database reads from the
-- bill who pays, who levied and, by the city's table, who hears it.

CREATE OR REPLACE FUNCTION appeals_writes_for(of_taxpayer bigint, of_authority text, of_body text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(CASE session_user
        WHEN 'etax_public' THEN of_taxpayer = ANY (accounts_session_taxpayers())
        WHEN 'etax_office' THEN accounts_session_has_role('court_clerk')
            AND ARRAY[of_authority, of_body] && accounts_session_bodies()
            AND NOT of_taxpayer = ANY (accounts_session_own_files())
    END, false);
$$;

CREATE OR REPLACE FUNCTION appeals_rule(of_name text, at timestamptz) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.body FROM billing_datedtable t
    WHERE t.name = of_name AND t.valid_from <= billing_local_date(at)
      AND (t.valid_to IS NULL OR billing_local_date(at) <= t.valid_to);
$$;

-- A line of the docket, by whoever the session is.
CREATE OR REPLACE FUNCTION appeals_enter(
    of_case bigint, what text, by_side text, said text, at timestamptz, served_how text DEFAULT '', track text DEFAULT ''
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO appeals_entry (case_id, event, side, account_id, at, text, how, tracking)
    VALUES (of_case, what, by_side, accounts_session_account(), at, left(said, 10000), served_how, left(track, 40));
$$;

-- The case about a bill: the one there is, or a new draft; about one that is only noticed a pre-assessment review, as long as it
-- can be asked for. NULL: not theirs, not in force, or nobody here hears of it.
CREATE OR REPLACE FUNCTION appeals_begin(of_bill bigint, in_language text, at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    bill record;
    of_kind text;
    noticed date;
    heard jsonb;
    hears text;
    found bigint;
BEGIN
    SELECT b.id, b.taxpayer_id, b.body_id, b.tax_id, b.status INTO bill FROM billing_bill b
    WHERE b.id = of_bill AND b.status IN ('issued', 'draft') FOR UPDATE;
    of_kind := CASE WHEN bill.status = 'draft' THEN 'review' ELSE 'objection' END;
    SELECT n.served_on INTO noticed FROM appeals_notice n
    WHERE n.bill_id = bill.id AND n.status = 'served' AND n.no_review = '' AND n.early_at IS NULL
      AND n.waits_until >= billing_local_date(at);
    SELECT c.id INTO found FROM appeals_case c
    WHERE c.bill_id = bill.id AND c.kind = of_kind AND c.status IN ('draft', 'pending', 'mending', 'decided', 'served')
      AND appeals_writes_for(c.taxpayer_id, c.authority_id, c.body_id);
    IF found IS NOT NULL THEN
        RETURN found;
    ELSIF bill.id IS NULL OR of_kind = 'review' AND noticed IS NULL THEN
        RETURN NULL;
    END IF;
    heard := appeals_rule(CASE of_kind WHEN 'review' THEN 'review_authority' ELSE 'appeal_authority' END, at);
    hears := CASE WHEN heard -> 'city' ? bill.tax_id THEN
                      (SELECT l.code FROM accounts_levyingbody l WHERE l.kind = 'city' ORDER BY l.code LIMIT 1)
                  WHEN heard -> 'district' ? bill.tax_id THEN bill.body_id END;
    IF hears IS NULL OR NOT appeals_writes_for(bill.taxpayer_id, hears, bill.body_id) THEN
        RETURN NULL;
    END IF;
    INSERT INTO appeals_case AS c (kind, status, taxpayer_id, bill_id, body_id, authority_id, begun_by_id, begun_at, served_on,
        at_counter, hindrance, grounds, wish, public_hearing, interpreter, accessibility, remote, language, unavailable)
    VALUES (of_kind, 'draft', bill.taxpayer_id, bill.id, bill.body_id, hears, accounts_session_account(), at, noticed,
        session_user = 'etax_office', '', '', 'cancel', false, '', '', false, left(in_language, 5), '[]')
    RETURNING c.id INTO found;
    PERFORM core_audit('appeal.begun', 'case:' || found, accounts_session_account(), bill.taxpayer_id, '', '{}', '', '');
    RETURN found;
END $$;

-- What was typed into a draft. False: not theirs, or filed already.
CREATE OR REPLACE FUNCTION appeals_save(of_case bigint, facts jsonb) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE appeals_case c
    SET served_on = CASE c.kind WHEN 'review' THEN c.served_on ELSE (facts ->> 'served_on')::date END, hindered_until = (facts ->> 'hindered_until')::date,
        hindrance = left(facts ->> 'hindrance', 1000), grounds = left(facts ->> 'grounds', 10000), wish = facts ->> 'wish',
        wish_amount = CASE WHEN facts ->> 'wish' = 'reduce' THEN (facts ->> 'wish_amount')::bigint END,
        public_hearing = (facts ->> 'public_hearing')::boolean, interpreter = left(facts ->> 'interpreter', 60),
        accessibility = left(facts ->> 'accessibility', 300), remote = (facts ->> 'remote')::boolean,
        language = left(facts ->> 'language', 5), unavailable = facts -> 'unavailable'
    WHERE c.id = of_case AND c.status = 'draft' AND appeals_writes_for(c.taxpayer_id, c.authority_id, c.body_id)
      AND jsonb_typeof(facts -> 'unavailable') = 'array' AND jsonb_array_length(facts -> 'unavailable') <= 60;
    RETURN FOUND;
END $$;

-- File a draft: it gets its number, and a leaf in the log with the hash of what was said. NULL: not theirs, filed already, or
-- the bill is no longer in force. A pre-assessment review keeps the assessment waiting from then on; NULL too where it can't. Filing counts when it is stored (지방세기본법 제90조).
CREATE OR REPLACE FUNCTION appeals_file(of_case bigint, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    filed appeals_case%ROWTYPE;
    waits boolean := false;
BEGIN
    -- Before the bill, as who asks for the bill at once or gives it up: they then see this case, or it sees that they were first.
    PERFORM FROM appeals_notice n JOIN appeals_case c ON c.bill_id = n.bill_id
    WHERE c.id = of_case AND c.kind = 'review' AND c.status = 'draft'
      AND appeals_writes_for(c.taxpayer_id, c.authority_id, c.body_id) FOR UPDATE OF n;
    SELECT billing_hold_intended(c.bill_id, at) INTO waits FROM appeals_case c
    WHERE c.id = of_case AND c.kind = 'review' AND c.status = 'draft'
      AND appeals_writes_for(c.taxpayer_id, c.authority_id, c.body_id);
    UPDATE appeals_case c
    SET status = 'pending', filed_at = at, received_at = at,
        number = concat_ws('-', to_char(billing_local_date(at), 'YYYY'),
                           appeals_rule('appeal_desk', at) ->> CASE c.kind WHEN 'review' THEN 'review_mark' ELSE 'mark' END,
                           lpad(c.id::text, 6, '0'))
    WHERE c.id = of_case AND c.status = 'draft' AND appeals_writes_for(c.taxpayer_id, c.authority_id, c.body_id)
      AND (c.kind = 'review' AND waits OR EXISTS (SELECT FROM billing_bill b WHERE b.id = c.bill_id AND b.status = 'issued'))
    RETURNING * INTO filed;
    IF filed.id IS NULL THEN
        IF waits THEN
            RAISE EXCEPTION 'what was held was not filed' USING ERRCODE = 'serialization_failure';
        END IF;
        RETURN NULL;
    END IF;
    PERFORM appeals_enter(filed.id, 'filed', CASE WHEN filed.at_counter THEN 'clerk' ELSE 'petitioner' END, '', at,
                          CASE WHEN filed.at_counter THEN 'counter' ELSE 'site' END);
    PERFORM core_append_leaf('appeal', filed.number, jsonb_build_object(
        'number', filed.number, 'filed_at', at,
        'sha256', encode(sha256(convert_to(filed.grounds, 'UTF8')), 'hex')));
    PERFORM core_publish('appeals.filed.v1', jsonb_build_object('case_id', filed.id));
    PERFORM core_audit('appeal.filed', 'case:' || filed.id, accounts_session_account(), filed.taxpayer_id, '', '{}', '', '');
    RETURN filed.number;
END $$;

CREATE OR REPLACE FUNCTION appeals_discard(of_case bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE appeals_case c SET status = 'discarded'
    WHERE c.id = of_case AND c.status = 'draft' AND appeals_writes_for(c.taxpayer_id, c.authority_id, c.body_id);
    DELETE FROM appeals_evidence e WHERE FOUND AND e.case_id = of_case;
    RETURN FOUND OR EXISTS (SELECT FROM appeals_case c WHERE c.id = of_case AND c.status = 'discarded'
                            AND appeals_writes_for(c.taxpayer_id, c.authority_id, c.body_id));
END $$;

-- A file of the petitioner's, or of the office that levied. NULL: not theirs, decided already, or too many bytes.
CREATE OR REPLACE FUNCTION appeals_add_file(
    of_case bigint, file_name text, file_kind text, bytes bytea, at timestamptz
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_case%ROWTYPE;
    rule jsonb := appeals_rule('appeal_desk', at);
    writes boolean;
    speaks boolean;
    made bigint;
BEGIN
    SELECT * INTO here FROM appeals_case c WHERE c.id = of_case AND c.status IN ('draft', 'pending', 'mending') FOR UPDATE;
    writes := appeals_writes_for(here.taxpayer_id, here.authority_id, here.body_id) AND (here.status = 'draft'
        OR session_user = 'etax_public');
    speaks := session_user = 'etax_office' AND here.status <> 'draft' AND appeals_speaks_for(here);
    IF here.id IS NULL OR NOT (writes OR speaks) OR EXISTS (
           SELECT FROM appeals_evidence e WHERE e.case_id = here.id
           HAVING count(*) >= (rule ->> 'files')::integer * 2
               OR coalesce(sum(e.size), 0) + length(bytes) > (rule ->> 'bytes')::bigint * 2
               OR count(*) FILTER (WHERE (e.side = 'office') = speaks) >= (rule ->> 'files')::integer
               OR coalesce(sum(e.size) FILTER (WHERE (e.side = 'office') = speaks), 0) + length(bytes)
                   > (rule ->> 'bytes')::bigint) THEN
        RETURN NULL;
    END IF;
    INSERT INTO appeals_evidence AS e (case_id, side, name, kind, content, size, scan, added_by_id, added_at)
    VALUES (here.id, CASE WHEN speaks THEN 'office' WHEN here.at_counter AND session_user = 'etax_office' THEN 'clerk'
                          ELSE 'petitioner' END,
            left(file_name, 100), file_kind, bytes, length(bytes), 'waiting', accounts_session_account(), at)
    RETURNING e.id INTO made;
    IF here.status <> 'draft' THEN
        PERFORM appeals_enter(here.id, 'evidence', CASE WHEN speaks THEN 'office' ELSE 'petitioner' END, left(file_name, 100), at);
    END IF;
    PERFORM core_publish('appeals.file_added.v1', jsonb_build_object('evidence_id', made));
    RETURN made;
END $$;

-- A file is taken out of a draft; what was filed stays.
CREATE OR REPLACE FUNCTION appeals_drop_file(of_file bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM appeals_evidence e USING appeals_case c
    WHERE e.id = of_file AND c.id = e.case_id AND c.status = 'draft'
      AND appeals_writes_for(c.taxpayer_id, c.authority_id, c.body_id);
    RETURN FOUND;
END $$;

-- What was missing: the case goes on, and so does its clock. False: not theirs, or nothing is to be mended.
CREATE OR REPLACE FUNCTION appeals_mend(of_case bigint, said text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE appeals_case c SET status = 'pending'
    WHERE c.id = of_case AND c.status = 'mending' AND appeals_writes_for(c.taxpayer_id, c.authority_id, c.body_id);
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE appeals_mending m SET done_on = billing_local_date(at) WHERE m.case_id = of_case AND m.done_on IS NULL;
    PERFORM appeals_enter(of_case, 'mended', CASE session_user WHEN 'etax_office' THEN 'clerk' ELSE 'petitioner' END, said, at);
    RETURN true;
END $$;

-- Withdrawn by who filed it; by a clerk where they came to the counter or wrote. False: not theirs, or decided.
CREATE OR REPLACE FUNCTION appeals_withdraw(of_case bigint, said text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_taxpayer bigint;
BEGIN
    UPDATE appeals_case c SET status = 'withdrawn'
    WHERE c.id = of_case AND c.status IN ('pending', 'mending')
      AND appeals_writes_for(c.taxpayer_id, c.authority_id, c.body_id)
    RETURNING c.taxpayer_id INTO of_taxpayer;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    DELETE FROM appeals_ruling r WHERE r.case_id = of_case AND r.status = 'draft';
    UPDATE appeals_mending m SET done_on = billing_local_date(at) WHERE m.case_id = of_case AND m.done_on IS NULL;
    PERFORM appeals_enter(of_case, 'withdrawn', CASE session_user WHEN 'etax_office' THEN 'clerk' ELSE 'petitioner' END, said, at);
    PERFORM core_publish('appeals.withdrawn.v1', jsonb_build_object('case_id', of_case));
    PERFORM core_audit('appeal.withdrawn', 'case:' || of_case, accounts_session_account(), of_taxpayer, '', '{}', '', '');
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION appeals_begin(bigint, text, timestamptz), appeals_save(bigint, jsonb),
    appeals_file(bigint, timestamptz), appeals_discard(bigint), appeals_drop_file(bigint),
    appeals_add_file(bigint, text, text, bytea, timestamptz), appeals_mend(bigint, text, timestamptz),
    appeals_withdraw(bigint, text, timestamptz) TO etax_public, etax_office;
