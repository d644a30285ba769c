-- Uses that leave the house in a file: one officer draws it up, another approves those very bytes, it is sent once, and what
-- the partner answers is read back. The office decides; the worker moves the points.
SELECT core_secure(name) FROM unnest(ARRAY['mileage_batch', 'mileage_expirynotice']) AS name;
SELECT core_open('mileage_batch', 'etax_worker', 'SELECT, UPDATE');
SELECT core_open('mileage_expirynotice', 'etax_worker', 'SELECT, INSERT, UPDATE');
GRANT SELECT ON mileage_batch TO etax_office;
DROP POLICY IF EXISTS office_reads ON mileage_batch;
CREATE POLICY office_reads ON mileage_batch FOR SELECT TO etax_office USING ((SELECT mileage_may_read()));

CREATE OR REPLACE FUNCTION mileage_keep_batch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.way, OLD.partner, OLD.uses_count, OLD.points, OLD.content, OLD.digest, OLD.drawn_by_id)
           IS DISTINCT FROM (NEW.way, NEW.partner, NEW.uses_count, NEW.points, NEW.content, NEW.digest, NEW.drawn_by_id)
       OR OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
           ('drawn', 'approved'), ('drawn', 'rejected'), ('approved', 'sent'), ('sent', 'answered'))
       OR OLD.sent_at IS NOT NULL AND OLD.sent_at IS DISTINCT FROM NEW.sent_at THEN
        RAISE EXCEPTION 'batch % stays as it is', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS keep_batch ON mileage_batch;
CREATE TRIGGER keep_batch BEFORE UPDATE OR DELETE ON mileage_batch FOR EACH ROW EXECUTE FUNCTION mileage_keep_batch();

-- A use goes into one batch, and leaves it only if that is not approved.
CREATE OR REPLACE FUNCTION mileage_keep_in_batch() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.batch_id IS NOT NULL AND NOT EXISTS (
           SELECT FROM mileage_batch b WHERE b.id = OLD.batch_id AND b.status = 'rejected') THEN
        RAISE EXCEPTION 'use % is in another batch', OLD.reference USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS keep_in_batch ON mileage_use;
CREATE TRIGGER keep_in_batch BEFORE UPDATE OF batch_id ON mileage_use
    FOR EACH ROW WHEN (OLD.batch_id IS DISTINCT FROM NEW.batch_id) EXECUTE FUNCTION mileage_keep_in_batch();

-- Draw up the file of everything that waits for a partner; its id, NULL where nothing waits. By a treasurer of the city.
CREATE OR REPLACE FUNCTION mileage_draw_batch(of_way text, of_partner text, at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    made bigint;
    waiting bigint[];
    told text;
BEGIN
    IF NOT (accounts_session_of_the_city() AND accounts_session_has_role('treasurer')) THEN
        RAISE EXCEPTION 'files are drawn up by the city''s treasurers' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT array_agg(w.id ORDER BY w.id) INTO waiting FROM (
        SELECT u.id FROM mileage_use u
        WHERE u.way = of_way AND u.way <> 'bill' AND u.status = 'reserved' AND u.batch_id IS NULL
          AND coalesce(u.target ->> 'partner', '') = of_partner
        ORDER BY u.id LIMIT 10000 FOR UPDATE
    ) AS w;
    IF waiting IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT 'reference,number,points' || E'\r\n' || string_agg(
               concat_ws(',', u.reference, coalesce(u.target ->> 'number', ''), u.points) || E'\r\n', '' ORDER BY u.id)
    INTO told FROM mileage_use u WHERE u.id = ANY (waiting);
    INSERT INTO mileage_batch (way, partner, status, uses_count, points, content, digest, drawn_by_id, drawn_at, results)
    SELECT of_way, of_partner, 'drawn', count(*), sum(u.points), told, encode(sha256(convert_to(told, 'UTF8')), 'hex'),
           accounts_session_account(), at, '{}'
    FROM mileage_use u WHERE u.id = ANY (waiting) RETURNING id INTO made;
    UPDATE mileage_use u SET batch_id = made WHERE u.id = ANY (waiting);
    PERFORM core_audit('mileage.batch_drawn', 'batch:' || made, accounts_session_account(), NULL, '', '{}', '', '');
    RETURN made;
END $$;

-- A second officer (an approver of the city) approves the bytes that `digest` names, or not: then its uses wait again.
-- False: not theirs to decide, decided already, or other bytes.
CREATE OR REPLACE FUNCTION mileage_decide_batch(of_batch bigint, of_digest text, granting boolean, at timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    officer bigint := accounts_session_account();
BEGIN
    IF NOT (accounts_session_of_the_city() AND accounts_session_has_role('approver')) THEN
        RETURN false;
    END IF;
    UPDATE mileage_batch b
    SET status = CASE WHEN granting THEN 'approved' ELSE 'rejected' END, decided_by_id = officer, decided_at = at
    WHERE b.id = of_batch AND b.status = 'drawn' AND b.digest = of_digest AND b.drawn_by_id <> officer
      AND NOT EXISTS (SELECT FROM mileage_use u
                      WHERE u.batch_id = b.id AND u.holder_id = ANY (accounts_session_own_files()));
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF NOT granting THEN
        UPDATE mileage_use u SET batch_id = NULL WHERE u.batch_id = of_batch;
    END IF;
    PERFORM core_audit('mileage.batch_' || CASE WHEN granting THEN 'approved' ELSE 'rejected' END, 'batch:' || of_batch,
                       officer, NULL, '', jsonb_build_object('digest', of_digest), '', '');
    RETURN true;
END $$;

-- Send an approved batch, once; money to accounts is ordered by the worker then. False: not approved, or sent before.
CREATE OR REPLACE FUNCTION mileage_send_batch(of_batch bigint, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT (accounts_session_of_the_city() AND accounts_session_has_role('treasurer')) THEN
        RETURN false;
    END IF;
    UPDATE mileage_batch b SET status = 'sent', sent_at = at WHERE b.id = of_batch AND b.status = 'approved';
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM core_publish('mileage.batch_sent.v1', jsonb_build_object('batch_id', of_batch));
    PERFORM core_audit('mileage.batch_sent', 'batch:' || of_batch, accounts_session_account(), NULL, '', '{}', '', '');
    RETURN true;
END $$;

-- Keep what a partner answered: {"reference": "" where it was done, else why not}. What was answered before stays. False:
-- it was not sent, names no use of it, or one of the officer's own or a relative's, or no officer of the city's treasury says so.
CREATE OR REPLACE FUNCTION mileage_answer_batch(of_batch bigint, answers jsonb, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT (accounts_session_of_the_city() AND accounts_session_has_role('treasurer')) THEN
        RETURN false;
    END IF;
    UPDATE mileage_batch b SET results = answers || b.results
    WHERE b.id = of_batch AND b.status = 'sent' AND b.way <> 'cash' AND jsonb_typeof(answers) = 'object'
      AND NOT EXISTS (SELECT FROM jsonb_each(answers) a WHERE jsonb_typeof(a.value) <> 'string' OR NOT EXISTS (
          SELECT FROM mileage_use u WHERE u.batch_id = b.id AND u.reference = a.key
                                                        AND u.holder_id <> ALL (accounts_session_own_files())));
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM core_publish('mileage.batch_answered.v1', jsonb_build_object('batch_id', of_batch));
    PERFORM core_audit('mileage.batch_answered', 'batch:' || of_batch, accounts_session_account(), NULL, '', '{}', '', '');
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION mileage_draw_batch(text, text, timestamptz),
    mileage_decide_batch(bigint, text, boolean, timestamptz), mileage_send_batch(bigint, timestamptz),
    mileage_answer_batch(bigint, jsonb, timestamptz) TO etax_office;

-- A citizen takes back what they asked for, as long as it is in no file. That makes no point live longer.
DROP FUNCTION IF EXISTS mileage_withdraw(text, integer, timestamptz);
CREATE OR REPLACE FUNCTION mileage_withdraw(of_reference text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    used mileage_use%ROWTYPE := mileage_lock_use(of_reference);
BEGIN
    IF used.holder_id IS DISTINCT FROM mileage_own() OR used.batch_id IS NOT NULL OR used.way = 'bill'
       OR at NOT BETWEEN now() - interval '1 day' AND now() + interval '1 day' THEN
        RETURN false;
    END IF;
    RETURN mileage_release(of_reference, 'withdrawn', NULL, at);
END $$;
GRANT EXECUTE ON FUNCTION mileage_withdraw(text, timestamptz) TO etax_public;
