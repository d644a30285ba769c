-- The committee: who is in office, who may not sit in which case, and who says so. Tables are written by these functions only.

-- A member has one commission at a time, a committee one chair and one vice-chair. Codes of bodies are digits.
ALTER TABLE appeals_commission DROP CONSTRAINT IF EXISTS appeals_commission_one_at_a_time;
ALTER TABLE appeals_commission ADD CONSTRAINT appeals_commission_one_at_a_time EXCLUDE USING gist (
    int8range(member_id, member_id, '[]') WITH &&, daterange(begins_on, coalesce(ended_on, ends_on), '[]') WITH &&);
ALTER TABLE appeals_commission DROP CONSTRAINT IF EXISTS appeals_commission_one_chair;
ALTER TABLE appeals_commission ADD CONSTRAINT appeals_commission_one_chair EXCLUDE USING gist (
    int8range(body_id::bigint, body_id::bigint, '[]') WITH &&, daterange(begins_on, coalesce(ended_on, ends_on), '[]') WITH &&)
    WHERE (office = 'chair');
ALTER TABLE appeals_commission DROP CONSTRAINT IF EXISTS appeals_commission_one_vice;
ALTER TABLE appeals_commission ADD CONSTRAINT appeals_commission_one_vice EXCLUDE USING gist (
    int8range(body_id::bigint, body_id::bigint, '[]') WITH &&, daterange(begins_on, coalesce(ended_on, ends_on), '[]') WITH &&)
    WHERE (office = 'vice');

-- What a member is on a day: chair, vice or member; NULL: not in office.
CREATE OR REPLACE FUNCTION appeals_office_on(of_member bigint, day date) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.office FROM appeals_commission c
    WHERE c.member_id = of_member AND day BETWEEN c.begins_on AND coalesce(c.ended_on, c.ends_on);
$$;

-- Who levies, keeps cases, audits or administers judges nobody: neither when they are appointed nor later.
CREATE OR REPLACE FUNCTION appeals_may_judge(of_account bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(bool_or(g.role IN ('committee_member', 'chair')), false)
       AND NOT coalesce(bool_or(g.role IN ('court_clerk', 'assessor', 'collector', 'special_tax_advocate', 'auditor',
                                           'administrator')), false)
    FROM accounts_rolegrant g WHERE g.officer_id = of_account AND g.granted_at IS NOT NULL AND g.ended_at IS NULL;
$$;

-- The member whose session it is, as long as they may judge.
CREATE OR REPLACE FUNCTION appeals_session_member() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.id FROM appeals_member m WHERE m.account_id = accounts_session_account() AND appeals_may_judge(m.account_id);
$$;

-- A clerk of the body whose committee it is.
CREATE OR REPLACE FUNCTION appeals_keeps_committee(of_body text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT accounts_session_has_role('court_clerk') AND of_body = ANY (accounts_session_bodies());
$$;

-- An officer with the role becomes a member. 'role': they may not judge; 'known': they are one; NULL: not the clerk's to do.
CREATE OR REPLACE FUNCTION appeals_add_member(of_account bigint, named text, works_as text, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    its_body text := (SELECT o.body_id FROM accounts_officer o WHERE o.account_id = of_account);
BEGIN
    IF its_body IS NULL OR NOT appeals_keeps_committee(its_body) THEN
        RETURN NULL;
    ELSIF NOT appeals_may_judge(of_account) THEN
        RETURN 'role';
    ELSIF EXISTS (SELECT FROM appeals_member m WHERE m.account_id = of_account) THEN
        RETURN 'known';
    END IF;
    INSERT INTO appeals_member (body_id, account_id, name, profession, added_by_id, added_at)
    VALUES (its_body, of_account, left(named, 100), works_as, accounts_session_account(), at);
    RETURN 'done';
END $$;

CREATE OR REPLACE FUNCTION appeals_commission_member(of_member bigint, as_office text, begins date, ends date, at timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    its_body text := (SELECT m.body_id FROM appeals_member m WHERE m.id = of_member);
BEGIN
    IF its_body IS NULL OR NOT appeals_keeps_committee(its_body) THEN
        RETURN false;
    END IF;
    INSERT INTO appeals_commission (member_id, body_id, office, begins_on, ends_on, made_by_id, made_at, ended_because)
    VALUES (of_member, its_body, as_office, begins, ends, accounts_session_account(), at, '');
    RETURN true;
END $$;

-- Ended before its time; the past stays. False: not the clerk's, ended already, or another day than it has left.
CREATE OR REPLACE FUNCTION appeals_end_commission(of_commission bigint, last_day date, why text, at timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE appeals_commission c
    SET ended_on = last_day, ended_because = left(why, 300), ended_by_id = accounts_session_account(), ended_at = at
    WHERE c.id = of_commission AND c.ended_on IS NULL AND appeals_keeps_committee(c.body_id)
      AND last_day BETWEEN greatest(c.begins_on, billing_local_date(at) - 1) AND c.ends_on;
    RETURN FOUND;
END $$;

-- Whoever brought, approved or cancelled the roll that a bill came from, changed the bill or explained the levy: the audit
-- trail says who. What the court does to the bill once it has decided is no levy.
CREATE OR REPLACE FUNCTION appeals_levied_by(of_case bigint) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH here AS (
        SELECT c.id, c.bill_id, b.roll_ref FROM appeals_case c JOIN billing_bill b ON b.id = c.bill_id WHERE c.id = of_case
    ), told AS (
        SELECT 'bill:' || h.bill_id AS subject, 'billing.change\_%' AS action FROM here h
        UNION ALL
        SELECT 'roll:' || r.roll_id, 'billing.roll\_%' FROM here h JOIN billing_rollrow r ON r.roll_ref = h.roll_ref
        UNION ALL
        SELECT 'case:' || h.id, 'appeal.answered' FROM here h
    )
    SELECT coalesce(array_agg(DISTINCT a.actor_id), '{}')
    FROM told t JOIN core_auditrecord a ON a.subject = t.subject AND a.action LIKE t.action
    WHERE a.actor_id IS NOT NULL AND a.at < coalesce(
        (SELECT r.signed_at FROM appeals_ruling r WHERE r.case_id = of_case), 'infinity');
$$;

-- Why a member may not sit in a case; NULL: they may. Law first, whether or not anybody has recorded it.
CREATE OR REPLACE FUNCTION appeals_barred(of_case bigint, of_member bigint) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE
        WHEN m.account_id = ANY (appeals_levied_by(c.id)) THEN 'levied'
        WHEN EXISTS (SELECT FROM accounts_account a WHERE a.id = m.account_id AND a.taxpayer_id = c.taxpayer_id)
          OR EXISTS (SELECT FROM accounts_relative r WHERE r.officer_id = m.account_id AND r.taxpayer_id = c.taxpayer_id)
        THEN 'kinship'
        ELSE (SELECT r.ground FROM appeals_recusal r
              WHERE r.case_id = c.id AND r.member_id = m.id AND r.status = 'stands')
    END
    FROM appeals_case c CROSS JOIN appeals_member m WHERE c.id = of_case AND m.id = of_member;
$$;

-- The seat that somebody has on the panel before which a case is.
CREATE OR REPLACE FUNCTION appeals_place_in(of_case bigint, of_member bigint) RETURNS smallint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.place FROM appeals_listed l JOIN appeals_benchseat s ON s.panel_id = l.panel_id
    WHERE l.case_id = of_case AND l.off_at IS NULL AND s.member_id = of_member AND s.left_at IS NULL;
$$;

-- The member whom a panel's chair named, before anybody came, to preside in their and the vice-chair's stead. (plpgsql, as the
-- table of whom they named comes later.)
CREATE OR REPLACE FUNCTION appeals_stands_in(of_panel bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (SELECT n.member_id FROM appeals_standin n WHERE n.panel_id = of_panel AND n.named_at < coalesce(
                (SELECT min(s.came_at) FROM appeals_benchseat s WHERE s.panel_id = of_panel), 'infinity')
            ORDER BY n.id DESC LIMIT 1);
END $$;

-- Who decides about a challenge: the chair, or the vice-chair where the chair is challenged or does not sit in the case; where
-- neither does, whom the chair named in advance.
CREATE OR REPLACE FUNCTION appeals_decides(of_case bigint, challenged bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.member_id FROM appeals_listed l JOIN appeals_benchseat s ON s.panel_id = l.panel_id
    WHERE l.case_id = of_case AND l.off_at IS NULL AND (s.place < 2 OR s.member_id = appeals_stands_in(s.panel_id)) AND s.left_at IS NULL AND s.member_id <> challenged
      AND appeals_barred(of_case, s.member_id) IS NULL
      AND NOT EXISTS (SELECT FROM appeals_recusal r WHERE r.case_id = of_case AND r.member_id = s.member_id
                      AND r.status = 'asked' AND s.place <> 1)
    ORDER BY s.place LIMIT 1;
$$;

-- Challenges that wait for the signed-in member.
CREATE OR REPLACE FUNCTION appeals_session_decides() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(r.id), '{}') FROM appeals_recusal r
    WHERE r.status = 'asked' AND appeals_session_member() = appeals_decides(r.case_id, r.member_id);
$$;

-- A case that is not decided yet, locked; and its round of voting, if one is open, begun again without who leaves.
CREATE OR REPLACE FUNCTION appeals_before_vote(of_case bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM appeals_case c WHERE c.id = of_case AND c.status IN ('pending', 'mending') FOR UPDATE;
    RETURN FOUND AND NOT EXISTS (SELECT FROM appeals_tally t WHERE t.case_id = of_case AND t.carried <> '');
END $$;

-- The petitioner challenges somebody who sits in their case, once, before the vote. NULL: not theirs, or too late.
CREATE OR REPLACE FUNCTION appeals_challenge(of_case bigint, of_member bigint, said text, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_case%ROWTYPE;
BEGIN
    SELECT * INTO here FROM appeals_case c WHERE c.id = of_case;
    IF here.id IS NULL OR NOT appeals_writes_for(here.taxpayer_id, here.authority_id, here.body_id)
       OR NOT appeals_before_vote(here.id) OR appeals_place_in(here.id, of_member) IS NULL
       OR appeals_barred(here.id, of_member) IS NOT NULL THEN
        RETURN NULL;
    ELSIF EXISTS (SELECT FROM appeals_recusal r WHERE r.case_id = here.id AND r.member_id = of_member) THEN
        RETURN 'once';
    END IF;
    UPDATE appeals_tally t SET closed_at = at WHERE t.case_id = here.id AND t.closed_at IS NULL;
    INSERT INTO appeals_recusal (case_id, member_id, kind, ground, reason, status, asked_by_id, asked_at, because)
    VALUES (here.id, of_member, 'challenged', 'other', left(said, 2000), 'asked', accounts_session_account(), at, '');
    PERFORM appeals_enter(here.id, 'challenged', CASE session_user WHEN 'etax_office' THEN 'clerk' ELSE 'petitioner' END,
                          (SELECT m.name FROM appeals_member m WHERE m.id = of_member), at);
    RETURN 'done';
END $$;

-- Who presides decides, never about themselves. False: not theirs, or decided.
CREATE OR REPLACE FUNCTION appeals_decide_challenge(of_recusal bigint, granted boolean, said text, at timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    asked appeals_recusal%ROWTYPE;
    own bigint := appeals_session_member();
BEGIN
    SELECT * INTO asked FROM appeals_recusal r WHERE r.id = of_recusal;
    IF asked.id IS NULL OR NOT appeals_before_vote(asked.case_id) OR own IS DISTINCT FROM
           appeals_decides(asked.case_id, asked.member_id) THEN
        RETURN false;
    END IF;
    UPDATE appeals_recusal r SET status = CASE WHEN granted THEN 'stands' ELSE 'refused' END, decided_by_id = own,
        decided_at = at, because = left(said, 2000)
    WHERE r.id = asked.id AND r.status = 'asked';
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM appeals_enter(asked.case_id, CASE WHEN granted THEN 'challenge_held' ELSE 'challenge_fell' END, 'member',
        concat_ws(': ', (SELECT m.name FROM appeals_member m WHERE m.id = asked.member_id), said), at);
    RETURN true;
END $$;

-- A member steps aside (회피), or the clerk records what excludes one (제척): both stand at once, and the table is counted anew.
CREATE OR REPLACE FUNCTION appeals_recuse(of_case bigint, of_member bigint, on_ground text, said text, at timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_case%ROWTYPE;
    aside boolean := of_member = appeals_session_member();
BEGIN
    SELECT * INTO here FROM appeals_case c WHERE c.id = of_case;
    IF here.id IS NULL OR NOT (coalesce(aside, false) OR appeals_hears(here, 'court_clerk'))
       OR NOT appeals_before_vote(here.id) OR appeals_place_in(here.id, of_member) IS NULL
       OR EXISTS (SELECT FROM appeals_recusal r WHERE r.case_id = here.id AND r.member_id = of_member
                  AND r.status = 'stands') THEN
        RETURN false;
    END IF;
    UPDATE appeals_tally t SET closed_at = at WHERE t.case_id = here.id AND t.closed_at IS NULL;
    UPDATE appeals_recusal r SET status = 'moot'
    WHERE r.case_id = here.id AND r.member_id = of_member AND r.status = 'asked';
    INSERT INTO appeals_recusal (case_id, member_id, kind, ground, reason, status, asked_by_id, asked_at, because)
    VALUES (here.id, of_member, CASE WHEN aside THEN 'withdrew' ELSE 'excluded' END, on_ground, left(said, 2000), 'stands',
            accounts_session_account(), at, '');
    PERFORM appeals_enter(here.id, 'stepped_aside', CASE WHEN aside THEN 'member' ELSE 'clerk' END,
                          (SELECT m.name FROM appeals_member m WHERE m.id = of_member), at);
    RETURN true;
END $$;

CREATE OR REPLACE FUNCTION appeals_be_absent(from_day date, until_day date, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF appeals_session_member() IS NULL OR until_day < billing_local_date(at) THEN
        RETURN false;
    END IF;
    INSERT INTO appeals_absence (member_id, from_on, until_on, told_at) VALUES (appeals_session_member(), from_day, until_day, at);
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION appeals_challenge(bigint, bigint, text, timestamptz) TO etax_public, etax_office;
GRANT EXECUTE ON FUNCTION appeals_session_member(), appeals_session_decides(), appeals_add_member(bigint, text, text, timestamptz),
    appeals_commission_member(bigint, text, date, date, timestamptz),
    appeals_end_commission(bigint, date, text, timestamptz), appeals_decide_challenge(bigint, boolean, text, timestamptz),
    appeals_recuse(bigint, bigint, text, text, timestamptz), appeals_be_absent(date, date, timestamptz) TO etax_office;
GRANT EXECUTE ON FUNCTION appeals_office_on(bigint, date), appeals_may_judge(bigint), appeals_barred(bigint, bigint)
    TO etax_worker;
