-- Deliberation: who is at the table, rounds of voting, and what carries. Quorum and majority are counted here from the votes
-- themselves (지방세기본법 제147조): more than half of the seats at the table, more than half of those for it.

-- At the table for a case: seated, there, in office on the day, and barred by nothing.
CREATE OR REPLACE FUNCTION appeals_table(of_case bigint) RETURNS TABLE (member_id bigint, place smallint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.member_id, s.place
    FROM appeals_listed l JOIN appeals_panel p ON p.id = l.panel_id JOIN appeals_benchseat s ON s.panel_id = p.id
    JOIN appeals_member m ON m.id = s.member_id
    WHERE l.case_id = of_case AND l.off_at IS NULL AND s.left_at IS NULL AND s.came_at IS NOT NULL AND s.went_at IS NULL
      AND appeals_office_on(s.member_id, p.day) IS NOT NULL AND appeals_may_judge(m.account_id)
      AND appeals_barred(of_case, s.member_id) IS NULL
    ORDER BY s.place;
$$;

-- Of a case: the seats of its panel, how many are at the table, and who presides: the chair, without the chair the vice-chair,
-- without both whom the chair named in advance (bench.sql).
CREATE OR REPLACE FUNCTION appeals_standing(of_case bigint) RETURNS TABLE (
    panel_id bigint, seats smallint, present integer, presides bigint, waits boolean
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.id, p.seats, (SELECT count(*)::integer FROM appeals_table(of_case)),
           (SELECT t.member_id FROM appeals_table(of_case) t WHERE t.place < 2 OR t.member_id = appeals_stands_in(p.id)
            ORDER BY t.place LIMIT 1),
           EXISTS (SELECT FROM appeals_recusal r WHERE r.case_id = of_case AND r.status = 'asked')
    FROM appeals_listed l JOIN appeals_panel p ON p.id = l.panel_id
    JOIN appeals_case c ON c.id = l.case_id
    WHERE l.case_id = of_case AND l.off_at IS NULL
      AND (session_user <> 'etax_office' OR appeals_hears(c, 'court_clerk') OR appeals_hears(c, 'chair')
           OR c.id = ANY (appeals_session_judges()));
$$;

-- Who presides opens a round. 'quorum': too few at the table; 'challenge': one waits; NULL: not theirs, or decided, or open.
CREATE OR REPLACE FUNCTION appeals_open_tally(of_case bigint, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here record;
    made bigint;
BEGIN
    IF NOT appeals_before_vote(of_case) OR NOT EXISTS (
           SELECT FROM appeals_case c WHERE c.id = of_case AND c.status = 'pending') THEN
        RETURN NULL;
    END IF;
    SELECT * INTO here FROM appeals_standing(of_case);
    IF here.presides IS NULL OR here.presides <> coalesce(appeals_session_member(), 0)
       OR EXISTS (SELECT FROM appeals_tally t WHERE t.case_id = of_case AND t.closed_at IS NULL) THEN
        RETURN NULL;
    ELSIF here.waits THEN
        RETURN 'challenge';
    ELSIF here.present * 2 <= here.seats THEN
        RETURN 'quorum';
    END IF;
    INSERT INTO appeals_tally AS t (case_id, panel_id, round, presides_id, opened_at, carried)
    VALUES (of_case, here.panel_id, 1 + (SELECT count(*) FROM appeals_tally o WHERE o.case_id = of_case), here.presides, at, '')
    RETURNING t.id INTO made;
    INSERT INTO appeals_vote (tally_id, member_id, outcome) SELECT made, t.member_id, '' FROM appeals_table(of_case) t;
    RETURN 'done';
END $$;

-- A member at the table votes; until the round is closed they may vote anew. False: not at the table, or no round is open.
CREATE OR REPLACE FUNCTION appeals_vote(of_case bigint, for_outcome text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    open bigint;
BEGIN
    SELECT t.id INTO open FROM appeals_tally t WHERE t.case_id = of_case AND t.closed_at IS NULL FOR SHARE;
    UPDATE appeals_vote v SET outcome = for_outcome, voted_at = at
    WHERE v.tally_id = open AND v.member_id = appeals_session_member()
      AND EXISTS (SELECT FROM appeals_table(of_case) t WHERE t.member_id = v.member_id);
    RETURN FOUND;
END $$;

-- Who presides closes the round: what more than half of those at the table are for is carried, else there is a further round.
-- Where somebody was barred meanwhile, nothing is carried. NULL: not theirs, or none is open.
CREATE OR REPLACE FUNCTION appeals_close_tally(of_case bigint, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    open appeals_tally%ROWTYPE;
    won text;
BEGIN
    PERFORM FROM appeals_case c WHERE c.id = of_case FOR UPDATE;
    SELECT * INTO open FROM appeals_tally t WHERE t.case_id = of_case AND t.closed_at IS NULL FOR UPDATE;
    IF open.id IS NULL OR open.presides_id <> coalesce(appeals_session_member(), 0) THEN
        RETURN NULL;
    END IF;
    IF NOT EXISTS (SELECT FROM appeals_vote v WHERE v.tally_id = open.id AND appeals_barred(of_case, v.member_id) IS NOT NULL) THEN
        SELECT v.outcome INTO won FROM appeals_vote v WHERE v.tally_id = open.id AND v.outcome <> ''
        GROUP BY v.outcome HAVING count(*) * 2 > (SELECT count(*) FROM appeals_vote a WHERE a.tally_id = open.id);
    END IF;
    UPDATE appeals_tally t SET closed_at = at, carried = coalesce(won, '') WHERE t.id = open.id;
    RETURN coalesce(won, '');
END $$;

-- Whatever writes them: nothing is carried without quorum and majority, and a closed round stays as it is but for who drafts.
CREATE OR REPLACE FUNCTION appeals_check_tally() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    present integer;
    for_it integer;
BEGIN
    IF TG_OP = 'UPDATE' AND ((OLD.case_id, OLD.panel_id, OLD.round, OLD.presides_id, OLD.opened_at)
           IS DISTINCT FROM (NEW.case_id, NEW.panel_id, NEW.round, NEW.presides_id, NEW.opened_at)
           OR OLD.closed_at IS NOT NULL AND (OLD.closed_at, OLD.carried) IS DISTINCT FROM (NEW.closed_at, NEW.carried)) THEN
        RAISE EXCEPTION 'a round stays as it is' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.carried = '' THEN
        RETURN NEW;
    END IF;
    SELECT count(*), count(*) FILTER (WHERE v.outcome = NEW.carried) INTO present, for_it
    FROM appeals_vote v WHERE v.tally_id = NEW.id;
    IF present * 2 <= (SELECT p.seats FROM appeals_panel p WHERE p.id = NEW.panel_id) THEN
        RAISE EXCEPTION '% at the table are no quorum', present
            USING ERRCODE = 'check_violation', CONSTRAINT = 'appeals_tally_quorum';
    ELSIF for_it * 2 <= present THEN
        RAISE EXCEPTION '% of % are no majority', for_it, present
            USING ERRCODE = 'check_violation', CONSTRAINT = 'appeals_tally_majority';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS check_tally ON appeals_tally;
CREATE TRIGGER check_tally BEFORE INSERT OR UPDATE ON appeals_tally FOR EACH ROW EXECUTE FUNCTION appeals_check_tally();

-- Votes belong to who is at the table, are counted in an open round only, and stay when it is closed.
CREATE OR REPLACE FUNCTION appeals_check_vote() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_round appeals_tally%ROWTYPE;
BEGIN
    SELECT * INTO of_round FROM appeals_tally t WHERE t.id = NEW.tally_id;
    IF of_round.closed_at IS NOT NULL OR TG_OP = 'UPDATE' AND (OLD.tally_id, OLD.member_id) <> (NEW.tally_id, NEW.member_id) THEN
        RAISE EXCEPTION 'a vote stays as it was cast' USING ERRCODE = 'restrict_violation';
    ELSIF TG_OP = 'INSERT' AND NOT EXISTS (
           SELECT FROM appeals_table(of_round.case_id) t WHERE t.member_id = NEW.member_id) THEN
        RAISE EXCEPTION 'member % is not at the table', NEW.member_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'appeals_vote_at_the_table';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS check_vote ON appeals_vote;
CREATE TRIGGER check_vote BEFORE INSERT OR UPDATE ON appeals_vote FOR EACH ROW EXECUTE FUNCTION appeals_check_vote();
SELECT core_kept('appeals_vote', 'id'), core_kept('appeals_tally', 'id'), core_kept('appeals_benchseat', 'id');

-- What a member writes for the others. False: they don't sit in it, or it is decided.
CREATE OR REPLACE FUNCTION appeals_write_note(of_case bigint, said text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT of_case = ANY (appeals_session_judges()) OR NOT EXISTS (
           SELECT FROM appeals_case c WHERE c.id = of_case AND c.status IN ('pending', 'mending')) THEN
        RETURN false;
    END IF;
    INSERT INTO appeals_note (case_id, member_id, text, at) VALUES (of_case, appeals_session_member(), left(said, 5000), at);
    RETURN true;
END $$;

-- Who presides names the member who drafts; NULL leaves it to the clerk.
CREATE OR REPLACE FUNCTION appeals_name_drafter(of_case bigint, of_member bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE appeals_tally t SET drafter_id = of_member
    WHERE t.case_id = of_case AND t.carried <> '' AND t.presides_id = appeals_session_member() AND appeals_before_signing(of_case)
      AND (of_member IS NULL OR of_member <> t.presides_id AND EXISTS (
           SELECT FROM appeals_vote v WHERE v.tally_id = t.id AND v.member_id = of_member));
    RETURN FOUND;
END $$;

CREATE OR REPLACE FUNCTION appeals_before_signing(of_case bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM appeals_case c WHERE c.id = of_case AND c.status IN ('pending', 'mending'));
$$;

-- What is signed: the hash of all that a draft says. As the caller, who reads it only where they may read the draft.
CREATE OR REPLACE FUNCTION appeals_ruling_hash(of_case bigint) RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT encode(sha256(convert_to(jsonb_build_object('number', c.number, 'outcome', r.outcome, 'lines', r.lines,
        'reasons', r.reasons, 'seats', r.seats, 'present', r.present)::text, 'UTF8')), 'hex')
    FROM appeals_case c JOIN appeals_ruling r ON r.case_id = c.id WHERE c.id = of_case;
$$;

-- Who sets the seal: of chair and vice-chair who decided, or who presided in their stead, the first not noted as unable.
CREATE OR REPLACE FUNCTION appeals_seals(of_case bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.member_id FROM appeals_tally t JOIN appeals_vote v ON v.tally_id = t.id
    JOIN appeals_benchseat s ON s.panel_id = t.panel_id AND s.member_id = v.member_id
    WHERE t.case_id = of_case AND t.carried <> '' AND (s.place < 2 OR s.member_id = t.presides_id) AND NOT EXISTS (
        SELECT FROM appeals_signature g WHERE g.case_id = of_case AND g.member_id = s.member_id AND g.unable <> ''
        AND g.sha256 = appeals_ruling_hash(of_case))
    ORDER BY s.place LIMIT 1;
$$;

-- Each member who decided signs what they read. 'stale': it was written anew; NULL: they did not decide, or it is signed.
CREATE OR REPLACE FUNCTION appeals_sign_as_member(of_case bigint, read_hash text, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM appeals_case c WHERE c.id = of_case AND c.status IN ('pending', 'mending') FOR UPDATE;
    IF NOT FOUND OR NOT of_case = ANY (appeals_session_judges()) OR NOT EXISTS (
           SELECT FROM appeals_ruling r WHERE r.case_id = of_case AND r.status = 'draft' AND r.seats > 0)
       OR NOT EXISTS (SELECT FROM appeals_tally t JOIN appeals_vote v ON v.tally_id = t.id
                      WHERE t.case_id = of_case AND t.carried <> '' AND v.member_id = appeals_session_member()) THEN
        RETURN NULL;
    ELSIF read_hash <> appeals_ruling_hash(of_case) THEN
        RETURN 'stale';
    END IF;
    INSERT INTO appeals_signature (case_id, member_id, sha256, signed_at, unable)
    VALUES (of_case, appeals_session_member(), read_hash, at, '') ON CONFLICT DO NOTHING;
    RETURN 'done';
END $$;

-- Somebody who decided can't sign (died, left, refuses): who seals says so; of the chair, the vice-chair. False: not theirs.
CREATE OR REPLACE FUNCTION appeals_note_unable(of_case bigint, of_member bigint, why text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    own bigint := appeals_session_member();
BEGIN
    PERFORM FROM appeals_case c WHERE c.id = of_case AND c.status IN ('pending', 'mending') FOR UPDATE;
    IF NOT FOUND OR own = of_member OR NOT of_case = ANY (appeals_session_judges()) OR NOT EXISTS (
           SELECT FROM appeals_ruling r WHERE r.case_id = of_case AND r.status = 'draft' AND r.seats > 0)
       OR NOT EXISTS (SELECT FROM appeals_tally t JOIN appeals_vote v ON v.tally_id = t.id
                      WHERE t.case_id = of_case AND t.carried <> '' AND v.member_id = of_member)
       OR NOT coalesce(own = appeals_seals(of_case)
                       OR appeals_place_in(of_case, own) = 1 AND of_member = appeals_seals(of_case), false) THEN
        RETURN false;
    END IF;
    INSERT INTO appeals_signature (case_id, member_id, sha256, signed_at, unable)
    VALUES (of_case, of_member, appeals_ruling_hash(of_case), at, left(why, 300)) ON CONFLICT DO NOTHING;
    RETURN FOUND;
END $$;

-- Who decided, and whether they signed what the draft says now: for the clerk and for who sits in the case.
CREATE OR REPLACE FUNCTION appeals_who_signs(of_case bigint) RETURNS TABLE (
    member_id bigint, name text, profession text, place smallint, signed boolean
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.id, m.name::text, m.profession::text, s.place, EXISTS (
        SELECT FROM appeals_signature g
        WHERE g.case_id = of_case AND g.member_id = m.id AND g.sha256 = appeals_ruling_hash(of_case))
    FROM appeals_case c JOIN appeals_tally t ON t.case_id = c.id AND t.carried <> '' JOIN appeals_vote v ON v.tally_id = t.id
    JOIN appeals_benchseat s ON s.panel_id = t.panel_id AND s.member_id = v.member_id JOIN appeals_member m ON m.id = v.member_id
    WHERE c.id = of_case AND (appeals_hears(c, 'court_clerk') OR c.id = ANY (appeals_session_judges()))
    ORDER BY s.place;
$$;

-- Cases whose draft waits for the signed-in member's signature.
CREATE OR REPLACE FUNCTION appeals_session_wanted() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(r.case_id), '{}') FROM appeals_ruling r, appeals_who_signs(r.case_id) w
    WHERE r.case_id = ANY (appeals_session_judges()) AND r.status = 'draft' AND r.seats > 0
      AND w.member_id = appeals_session_member() AND NOT w.signed;
$$;

-- What of a ruling is sealed: nothing of it can be changed later without the log telling. Who signed which text stands in it,
-- who voted how does not.
CREATE OR REPLACE FUNCTION appeals_ruling_leaf(of_case bigint) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object('number', c.number, 'outcome', r.outcome, 'lines', r.lines, 'seats', r.seats, 'present', r.present,
        'in_favour', r.in_favour, 'signed_by', r.signed_by_id,
        'sha256', encode(sha256(convert_to(r.reasons, 'UTF8')), 'hex'),
        'signatures', (SELECT jsonb_agg(jsonb_build_array(g.member_id, g.sha256, g.unable) ORDER BY g.member_id)
            FROM appeals_signature g WHERE g.case_id = c.id AND g.sha256 = appeals_ruling_hash(c.id))))
    FROM appeals_case c JOIN appeals_ruling r ON r.case_id = c.id WHERE c.id = of_case;
$$;

-- A ruling of the committee says what was carried and how many were there: whatever writes it.
CREATE OR REPLACE FUNCTION appeals_check_ruling() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.seats > 0 AND NEW.status = 'draft' AND NOT EXISTS (
        SELECT FROM appeals_tally t JOIN appeals_panel p ON p.id = t.panel_id
        WHERE t.case_id = NEW.case_id AND t.carried = NEW.outcome AND p.seats = NEW.seats
          AND NEW.present = (SELECT count(*) FROM appeals_vote v WHERE v.tally_id = t.id)) THEN
        RAISE EXCEPTION 'the votes say otherwise' USING ERRCODE = 'check_violation', CONSTRAINT = 'appeals_ruling_carried';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS check_ruling ON appeals_ruling;
CREATE TRIGGER check_ruling BEFORE INSERT OR UPDATE ON appeals_ruling FOR EACH ROW EXECUTE FUNCTION appeals_check_ruling();

GRANT EXECUTE ON FUNCTION appeals_standing(bigint), appeals_who_signs(bigint), appeals_session_wanted(), appeals_seals(bigint),
    appeals_open_tally(bigint, timestamptz),
    appeals_vote(bigint, text, timestamptz), appeals_close_tally(bigint, timestamptz),
    appeals_write_note(bigint, text, timestamptz), appeals_name_drafter(bigint, bigint), appeals_ruling_hash(bigint),
    appeals_sign_as_member(bigint, text, timestamptz), appeals_note_unable(bigint, bigint, text, timestamptz) TO etax_office;
GRANT EXECUTE ON FUNCTION appeals_ruling_leaf(bigint), appeals_ruling_hash(bigint) TO etax_worker;
