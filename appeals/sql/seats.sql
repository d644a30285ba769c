-- Seats for the public: asked for with an address of e-mail that is confirmed by a link which only the worker knew before. What is
-- free goes to who confirmed first. No face reads an address back.
SELECT core_secure('appeals_seat');
SELECT core_open('appeals_seat', 'etax_worker', 'SELECT, UPDATE, DELETE');

-- A seat has a number that its room has.
CREATE OR REPLACE FUNCTION appeals_keep_seat() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.place > (SELECT s.seats FROM appeals_session s WHERE s.id = NEW.session_id) THEN
        RAISE EXCEPTION 'session % has no seat %', NEW.session_id, NEW.place USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS keep_seat ON appeals_seat;
CREATE TRIGGER keep_seat BEFORE INSERT OR UPDATE ON appeals_seat FOR EACH ROW EXECUTE FUNCTION appeals_keep_seat();

-- Ask for a seat. 'asked', whether or not the address has one; 'often': too many tries from this address, or for it; 'closed':
-- nothing public is heard there, or it began; 'full': the list is as long as it gets.
CREATE OR REPLACE FUNCTION appeals_ask_seat(
    in_session bigint, mail text, in_language text, from_address text, at timestamptz
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    there appeals_session%ROWTYPE;
    often boolean;
BEGIN
    often := accounts_too_often('seat', mail, 5, interval '1 hour');
    often := accounts_too_often('seat_from', from_address, 30, interval '1 hour') OR often;
    SELECT * INTO there FROM appeals_session s WHERE s.id = in_session FOR UPDATE;
    IF often THEN
        RETURN 'often';
    ELSIF there.id IS NULL OR there.begins <= at OR there.seats = 0 OR NOT EXISTS (
           SELECT FROM appeals_slot x JOIN appeals_case c ON c.id = x.case_id
           WHERE x.session_id = there.id AND x.status IN ('set', 'begun') AND c.public_hearing AND NOT c.sealed) THEN
        RETURN 'closed';
    ELSIF (SELECT count(*) FROM appeals_seat l WHERE l.session_id = there.id) >= 5 * there.seats + 50
          AND NOT EXISTS (SELECT FROM appeals_seat l WHERE l.session_id = there.id AND l.email = mail) THEN
        RETURN 'full';
    END IF;
    INSERT INTO appeals_seat AS l (session_id, email, language, status, due, asked_at)
    VALUES (there.id, left(mail, 254), left(in_language, 5), 'asked', 'confirm', at)
    ON CONFLICT (session_id, email) DO UPDATE SET due = CASE l.status WHEN 'seated' THEN 'seated' ELSE 'confirm' END,
        language = EXCLUDED.language, taken_at = NULL;
    PERFORM core_publish('appeals.seat_asked.v1', jsonb_build_object('session_id', there.id));
    RETURN 'asked';
END $$;

-- What a link is about; NULL where it is over. `ahead`: how many wait before.
CREATE OR REPLACE FUNCTION appeals_look_at_seat(secret text) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_object('status', l.status, 'session', s.id, 'day', s.day, 'begins', s.begins, 'room_ko', s.room_ko,
        'room_en', s.room_en, 'way_ko', s.way_ko, 'way_en', s.way_en, 'place', l.place,
        'ahead', (SELECT count(*) FROM appeals_seat o WHERE o.session_id = s.id AND o.status = 'waiting'
                  AND (o.confirmed_at, o.id) < (l.confirmed_at, l.id)))
    FROM appeals_seat l JOIN appeals_session s ON s.id = l.session_id
    WHERE l.token_hash = encode(sha256(convert_to(secret, 'UTF8')), 'hex');
$$;

-- The lowest seat that nobody has; NULL where there is none.
CREATE OR REPLACE FUNCTION appeals_free_seat(of_session bigint) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT min(n) FROM appeals_session s, generate_series(1, s.seats::integer) AS n
    WHERE s.id = of_session AND NOT EXISTS (SELECT FROM appeals_seat l WHERE l.session_id = s.id AND l.place = n);
$$;

-- Whoever holds the link confirms the address: 'seated', or 'waiting' where no seat is left. NULL: the link is over.
CREATE OR REPLACE FUNCTION appeals_confirm_seat(secret text, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine appeals_seat%ROWTYPE;
    free integer;
BEGIN
    SELECT l.* INTO mine FROM appeals_seat l WHERE l.token_hash = encode(sha256(convert_to(secret, 'UTF8')), 'hex');
    PERFORM FROM appeals_session s WHERE s.id = mine.session_id FOR UPDATE;
    SELECT l.* INTO mine FROM appeals_seat l WHERE l.id = mine.id FOR UPDATE;
    IF mine.id IS NULL OR mine.status <> 'asked' THEN
        RETURN mine.status;
    ELSIF (SELECT s.begins FROM appeals_session s WHERE s.id = mine.session_id) <= at THEN
        RETURN NULL;
    END IF;
    free := appeals_free_seat(mine.session_id);
    UPDATE appeals_seat l SET status = CASE WHEN free IS NULL THEN 'waiting' ELSE 'seated' END, place = free, confirmed_at = at
    WHERE l.id = mine.id;
    RETURN CASE WHEN free IS NULL THEN 'waiting' ELSE 'seated' END;
END $$;

-- Give the seat up, or the wait; the row goes, and who waits longest gets the seat and a mail. False: the link is over.
CREATE OR REPLACE FUNCTION appeals_leave_seat(secret text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine appeals_seat%ROWTYPE;
    free integer;
    next_one bigint;
BEGIN
    SELECT l.* INTO mine FROM appeals_seat l WHERE l.token_hash = encode(sha256(convert_to(secret, 'UTF8')), 'hex');
    PERFORM FROM appeals_session s WHERE s.id = mine.session_id FOR UPDATE;
    DELETE FROM appeals_seat l WHERE l.id = mine.id;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    free := appeals_free_seat(mine.session_id);
    SELECT l.id INTO next_one FROM appeals_seat l WHERE l.session_id = mine.session_id AND l.status = 'waiting'
    ORDER BY l.confirmed_at, l.id LIMIT 1;
    IF free IS NOT NULL AND next_one IS NOT NULL THEN
        UPDATE appeals_seat l SET status = 'seated', place = free, due = 'seated', taken_at = NULL WHERE l.id = next_one;
        PERFORM core_publish('appeals.seat_asked.v1', jsonb_build_object('session_id', mine.session_id));
    END IF;
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION appeals_ask_seat(bigint, text, text, text, timestamptz), appeals_look_at_seat(text),
    appeals_confirm_seat(text, timestamptz), appeals_leave_seat(text, timestamptz) TO etax_public;
