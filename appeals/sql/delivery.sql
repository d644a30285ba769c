-- Service with proof (지방세기본법 제28조, 제30조, 제32조, 제33조). What is served on the site reaches who it is for when it is stored there;
-- a letter when the post says that it was delivered; a public notice once its days have passed. A ruling is served on the proven day.
SELECT core_secure(name) FROM unnest(ARRAY['appeals_delivery', 'appeals_opened']) AS name;
SELECT core_append_only('appeals_opened');
SELECT core_kept('appeals_delivery', 'id');
SELECT core_open(name, 'etax_worker', 'SELECT') FROM unnest(ARRAY['appeals_delivery', 'appeals_opened']) AS name;

GRANT SELECT ON appeals_delivery, appeals_opened TO etax_office;
GRANT SELECT (id, case_id, line_id, way, status, tracking, sent_on, served_on, told_on) ON appeals_delivery TO etax_public;
DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['etax_office', 'etax_public'] LOOP
        EXECUTE format('DROP POLICY IF EXISTS %I ON appeals_delivery', role || '_of_case');
        EXECUTE format('CREATE POLICY %I ON appeals_delivery FOR SELECT TO %I
            USING (EXISTS (SELECT FROM appeals_case c WHERE c.id = case_id))', role || '_of_case', role);
    END LOOP;
END $$;
DROP POLICY IF EXISTS office_of_case ON appeals_opened;
CREATE POLICY office_of_case ON appeals_opened FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM appeals_entry e WHERE e.id = line_id));

-- A ruling is served: from here its terms run, and the worker carries it out.
CREATE OR REPLACE FUNCTION appeals_is_served(of_case bigint, by_side text, served_how text, track text, on_day date, at timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE appeals_case c SET status = 'served' WHERE c.id = of_case AND c.status = 'decided';
    IF NOT FOUND THEN
        RETURN;  -- served another way meanwhile
    END IF;
    UPDATE appeals_ruling r SET status = 'served', served_on = on_day, how = served_how WHERE r.case_id = of_case;
    INSERT INTO appeals_entry (case_id, event, side, account_id, at, text, how, tracking)
    VALUES (of_case, 'served', by_side, accounts_session_account(), at, '', served_how, track);
    PERFORM core_publish('appeals.ruling_served.v1', jsonb_build_object('case_id', of_case));
END $$;

-- A registered letter with the ruling, or with what a line of the docket tells. 'known': its number was sent before; NULL: not
-- theirs, no such line, or a day that can't be.
CREATE OR REPLACE FUNCTION appeals_post(of_case bigint, of_line bigint, track text, on_day date, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_case%ROWTYPE;
BEGIN
    SELECT * INTO here FROM appeals_case c WHERE c.id = of_case FOR UPDATE;
    IF here.id IS NULL OR NOT appeals_hears(here, 'court_clerk') OR track = '' OR on_day > billing_local_date(at)
       OR of_line IS NULL AND (here.status <> 'decided' OR on_day < (
              SELECT billing_local_date(r.signed_at) FROM appeals_ruling r WHERE r.case_id = here.id))
       OR of_line IS NOT NULL AND NOT EXISTS (SELECT FROM appeals_entry e WHERE e.id = of_line AND e.case_id = here.id
              AND e.event NOT IN ('drafted', 'not_carried_out') AND billing_local_date(e.at) <= on_day) THEN
        RETURN NULL;
    END IF;
    INSERT INTO appeals_delivery (case_id, line_id, way, status, tracking, reason, sent_on, sent_by_id)
    VALUES (here.id, of_line, 'post', 'sent', left(track, 40), '', on_day, accounts_session_account())
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN 'known';
    END IF;
    PERFORM appeals_enter(here.id, 'posted', 'clerk', '', at, 'post', track);
    RETURN 'done';
END $$;

-- What the post says of a letter. 'done' also where that was recorded before; 'other': something else was; NULL: no such letter of
-- theirs, or a day before it was sent or still to come.
CREATE OR REPLACE FUNCTION appeals_record_delivery(track text, outcome text, on_day date, said text, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_case%ROWTYPE;
    sent appeals_delivery%ROWTYPE;
BEGIN
    SELECT c.* INTO here FROM appeals_case c JOIN appeals_delivery d ON d.case_id = c.id WHERE d.tracking = track FOR UPDATE OF c;
    SELECT * INTO sent FROM appeals_delivery d WHERE d.tracking = track FOR UPDATE;
    IF sent.id IS NULL OR NOT appeals_hears(here, 'court_clerk') OR outcome NOT IN ('delivered', 'returned', 'refused')
       OR on_day < sent.sent_on OR on_day > billing_local_date(at) THEN
        RETURN NULL;
    ELSIF sent.status <> 'sent' THEN
        RETURN CASE WHEN (sent.status, sent.told_on) = (outcome, on_day) THEN 'done' ELSE 'other' END;
    END IF;
    UPDATE appeals_delivery d SET status = outcome, told_on = on_day, reason = left(said, 300),
        served_on = CASE outcome WHEN 'delivered' THEN on_day END, told_by_id = accounts_session_account(), told_at = at
    WHERE d.id = sent.id;
    IF outcome <> 'delivered' THEN
        PERFORM appeals_enter(here.id, 'undelivered', 'clerk', '', at, 'post', track);
    ELSIF sent.line_id IS NULL THEN
        PERFORM appeals_is_served(here.id, 'clerk', 'post', track, on_day, at);
    END IF;
    RETURN 'done';
END $$;

-- The ruling is served by public notice where a letter with it came back (제33조). False: not theirs, none came back, or one stands.
CREATE OR REPLACE FUNCTION appeals_notice_in_public(of_case bigint, why text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_case%ROWTYPE;
BEGIN
    SELECT * INTO here FROM appeals_case c WHERE c.id = of_case AND c.status = 'decided' FOR UPDATE;
    IF here.id IS NULL OR why = '' OR NOT appeals_hears(here, 'court_clerk') OR NOT EXISTS (
           SELECT FROM appeals_delivery d WHERE d.case_id = here.id AND d.line_id IS NULL AND d.status = 'returned') THEN
        RETURN false;
    END IF;
    INSERT INTO appeals_delivery (case_id, way, status, tracking, reason, sent_on, sent_by_id)
    VALUES (here.id, 'public', 'published', '', left(why, 300), billing_local_date(at), accounts_session_account())
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM appeals_enter(here.id, 'public_notice', 'clerk', '', at, 'public');
    RETURN true;
END $$;

-- The day on which a public notice serves: the first after its days have passed.
CREATE OR REPLACE FUNCTION appeals_notice_serves_on(published date) RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT published + (t.body ->> 'days')::integer + 1 FROM billing_datedtable t
    WHERE t.name = 'public_notice' AND t.valid_from <= published AND (t.valid_to IS NULL OR published <= t.valid_to);
$$;

-- Worker: a public notice whose days have passed has served the ruling. False: not yet, or done.
CREATE OR REPLACE FUNCTION appeals_end_public_notice(of_delivery bigint, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    stands appeals_delivery%ROWTYPE;
    serves date;
BEGIN
    PERFORM FROM appeals_case c WHERE c.id = (SELECT d.case_id FROM appeals_delivery d WHERE d.id = of_delivery) FOR UPDATE;
    SELECT * INTO stands FROM appeals_delivery d WHERE d.id = of_delivery AND d.status = 'published' FOR UPDATE;
    serves := appeals_notice_serves_on(stands.sent_on);
    IF stands.id IS NULL OR serves IS NULL OR billing_local_date(at) < serves THEN
        RETURN false;
    END IF;
    UPDATE appeals_delivery d SET status = 'over', served_on = serves, told_on = serves, told_at = at WHERE d.id = stands.id;
    PERFORM appeals_is_served(stands.case_id, 'system', 'public', '', serves, at);
    RETURN true;
END $$;

-- Public notices that run, for everybody: what is served, by whom, when; of a sealed case no number. A name stands nowhere.
CREATE OR REPLACE FUNCTION appeals_public_notices() RETURNS TABLE (
    id bigint, number text, authority_ko text, authority_en text, published_on date, serves_on date
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT d.id, CASE WHEN NOT c.sealed THEN c.number END, l.name_ko, l.name_en, d.sent_on, appeals_notice_serves_on(d.sent_on)
    FROM appeals_delivery d JOIN appeals_case c ON c.id = d.case_id JOIN accounts_levyingbody l ON l.code = c.authority_id
    WHERE d.status = 'published' ORDER BY d.sent_on DESC, d.id DESC LIMIT 500;
$$;

-- The petitioner opens what was served on the site: the first time is kept.
CREATE OR REPLACE FUNCTION appeals_note_opened(of_case bigint, at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO appeals_opened (line_id, opened_at)
    SELECT e.id, appeals_note_opened.at FROM appeals_entry e JOIN appeals_case c ON c.id = e.case_id
    WHERE c.id = of_case AND e.how = 'site' AND session_user = 'etax_public' AND c.taxpayer_id = ANY (accounts_session_taxpayers())
      AND NOT EXISTS (SELECT FROM appeals_opened o WHERE o.line_id = e.id)
    ON CONFLICT DO NOTHING;
$$;

-- A letter has one outcome, a notice one end.
CREATE OR REPLACE FUNCTION appeals_keep_delivery() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (OLD.status, NEW.status) NOT IN (('sent', 'delivered'), ('sent', 'returned'), ('sent', 'refused'), ('published', 'over'))
       OR (OLD.case_id, OLD.line_id, OLD.way, OLD.tracking, OLD.sent_on, OLD.sent_by_id)
           IS DISTINCT FROM (NEW.case_id, NEW.line_id, NEW.way, NEW.tracking, NEW.sent_on, NEW.sent_by_id) THEN
        RAISE EXCEPTION 'a delivery that is % does not become %', OLD.status, NEW.status USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS keep_delivery ON appeals_delivery;
CREATE TRIGGER keep_delivery BEFORE UPDATE ON appeals_delivery FOR EACH ROW EXECUTE FUNCTION appeals_keep_delivery();

GRANT EXECUTE ON FUNCTION appeals_public_notices() TO etax_public;
GRANT EXECUTE ON FUNCTION appeals_note_opened(bigint, timestamptz) TO etax_public;
GRANT EXECUTE ON FUNCTION appeals_notice_serves_on(date) TO etax_office, etax_worker;
GRANT EXECUTE ON FUNCTION appeals_end_public_notice(bigint, timestamptz) TO etax_worker;
GRANT EXECUTE ON FUNCTION appeals_post(bigint, bigint, text, date, timestamptz),
    appeals_record_delivery(text, text, date, text, timestamptz), appeals_notice_in_public(bigint, text, timestamptz) TO etax_office;
