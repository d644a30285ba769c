-- Sign-in by proof. A face never sees a stored password hash: it asks how to compute one, computes it from what was
-- typed, and the database compares. Guessing is counted here as well, so that a taken face can't guess either.

-- Count one try; true if there were more than `most` of its kind in `period`.
CREATE OR REPLACE FUNCTION accounts_too_often(kind text, subject text, most integer, period interval) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    tried integer;
BEGIN
    INSERT INTO accounts_attempt (kind, mark) VALUES (accounts_too_often.kind, accounts_hash(subject));
    SELECT count(*) INTO tried FROM accounts_attempt a
    WHERE a.kind = accounts_too_often.kind AND a.mark = accounts_hash(subject) AND a.at > now() - period;
    RETURN tried > most;
END $$;

CREATE OR REPLACE FUNCTION accounts_kind_of_face() RETURNS text LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT CASE accounts_face() WHEN 'public' THEN 'citizen' WHEN 'office' THEN 'officer' END;
$$;

-- 22 letters and digits that look like a salt and stay the same for an address that nobody has.
CREATE OR REPLACE FUNCTION accounts_invented_salt(email text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    letters constant text := 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
    digest bytea := sha512(convert_to(email || (SELECT s.value FROM accounts_pepper s), 'UTF8'));
    salt text := '';
BEGIN
    FOR place IN 0..21 LOOP
        salt := salt || substr(letters, 1 + (get_byte(digest, 2 * place) * 256 + get_byte(digest, 2 * place + 1)) % 62, 1);
    END LOOP;
    RETURN rtrim(encode(convert_to(salt, 'UTF8'), 'base64'), '=');
END $$;

-- How the password of `email` is hashed: algorithm, parameters and salt, without the hash.
CREATE OR REPLACE FUNCTION accounts_password_parameters(email text, fallback text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    stored text;
BEGIN
    SELECT a.password INTO stored FROM accounts_account a
    WHERE a.email = accounts_password_parameters.email AND a.kind = accounts_kind_of_face() AND a.password LIKE 'argon2$%';
    IF stored IS NULL THEN
        -- What others' passwords cost, not what the caller says: its own figures would tell who has no account.
        SELECT regexp_replace(a.password, '\$[^$]*\$[^$]*$', '') INTO stored FROM accounts_account a
        WHERE a.password LIKE 'argon2$%' ORDER BY a.id LIMIT 1;
        RETURN coalesce(stored, fallback) || '$' || accounts_invented_salt(accounts_password_parameters.email);
    END IF;
    RETURN regexp_replace(stored, '\$[^$]*$', '');
END $$;

-- Offer a proof of knowing a password: `proof` is the hash of what was typed. It is counted here, and answered by
-- accounts_open_session, which knows only offers that are committed: a face that was taken can't guess and roll back.
-- Strangers' tries are counted for the address, 30 an hour; tries from a browser where this person has signed in before
-- are counted for that browser. NULL: too many.
CREATE OR REPLACE FUNCTION accounts_offer_proof(email text, proof text, device text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    subject text := CASE WHEN accounts_knows_device(email, device) THEN 'device:' || device ELSE email END;
    offer bigint;
BEGIN
    INSERT INTO accounts_attempt (kind, mark, proof)
    VALUES ('sign_in:' || accounts_face(), accounts_hash(subject), accounts_hash(email || ' ' || proof)) RETURNING id INTO offer;
    RETURN CASE WHEN accounts_tries_left(offer) THEN offer END;
END $$;

-- Whether a try is among those that are looked at.
CREATE OR REPLACE FUNCTION accounts_tries_left(offer bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*) <= 30 FROM accounts_attempt mine
    JOIN accounts_attempt a ON a.kind = mine.kind AND a.mark = mine.mark AND a.at > now() - interval '1 hour'
    WHERE mine.id = offer;
$$;

-- Open a session for whoever proves to know the password, by an offer of a minute ago at most. Returns
-- `open`, `code` (a one-time code is still to come), `enrol` (an officer without a code generator), `wrong` or `later`.
-- The visitor's session, if there was one, goes on under the new secret; the old secret opens nothing any more.
CREATE OR REPLACE FUNCTION accounts_open_session(
    offer bigint, email text, proof text, old_secret text, new_secret text, address text, agent text
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    offered accounts_attempt;
    found_account accounts_account;
    next_step text;
BEGIN
    SELECT * INTO offered FROM accounts_attempt a
    WHERE a.id = offer AND a.kind = 'sign_in:' || accounts_face() AND a.at > now() - interval '1 minute'
      AND a.proof = accounts_hash(accounts_open_session.email || ' ' || accounts_open_session.proof);
    IF offered.id IS NULL OR NOT accounts_tries_left(offered.id) THEN
        RETURN 'later';
    END IF;
    IF offered.written_in = pg_current_xact_id()::text::bigint THEN
        RAISE EXCEPTION 'an offer is answered once it is committed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT * INTO found_account FROM accounts_account a
    WHERE a.email = accounts_open_session.email AND a.kind = accounts_kind_of_face() AND a.is_active
      AND a.password LIKE 'argon2$%' AND accounts_hash(a.password) = accounts_hash(accounts_open_session.proof);
    IF found_account.id IS NULL THEN
        PERFORM core_audit('accounts.sign_in_failed', 'account', NULL, NULL, '', '{}',
                           accounts_open_session.address, '');
        RETURN 'wrong';
    END IF;
    DELETE FROM accounts_attempt a WHERE a.kind = offered.kind AND a.mark = offered.mark;
    next_step := accounts_next_step(found_account.id);
    PERFORM accounts_bind_session(
        found_account.id, next_step <> 'open', old_secret, new_secret, accounts_open_session.address,
        accounts_open_session.agent);
    RETURN next_step;
END $$;

-- What a stored hash may look like: Argon2id with costs that a face bears to compute at each sign-in.
CREATE OR REPLACE FUNCTION accounts_bearable_hash(encoded text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SET search_path = public, pg_temp AS $$
DECLARE
    costs text[] := regexp_match(encoded, '^argon2\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})'
                                          '\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{43}$');
BEGIN
    RETURN costs IS NOT NULL AND costs[1]::integer <= 262144 AND costs[2]::integer <= 10 AND costs[3]::integer <= 16;
END $$;

-- The same password under the costs of today, for whoever has just proved to know it.
CREATE OR REPLACE FUNCTION accounts_renew_hash(proof text, fresh text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE accounts_account a SET password = fresh
    WHERE a.id = accounts_session_person() AND accounts_bearable_hash(fresh)
      AND a.password LIKE 'argon2$%' AND accounts_hash(a.password) = accounts_hash(proof);
    RETURN FOUND;
END $$;

-- What has to follow the password: nothing, a code, or (officers) a code generator of one's own.
CREATE OR REPLACE FUNCTION accounts_next_step(account_id bigint) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE
        WHEN EXISTS (SELECT FROM otp_totp_totpdevice d WHERE d.user_id = account_id AND d.confirmed) THEN 'code'
        WHEN accounts_face() = 'office' THEN 'enrol'
        ELSE 'open'
    END;
$$;

-- Not granted to anybody: only functions that have seen a proof call it.
CREATE OR REPLACE FUNCTION accounts_bind_session(
    account_id bigint, awaits_code boolean, old_secret text, new_secret text, address text, agent text
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    kept text := '';
BEGIN
    IF length(new_secret) < 32 THEN
        RAISE EXCEPTION 'the secret of a session is too short' USING ERRCODE = 'check_violation';
    END IF;
    DELETE FROM accounts_session s
    WHERE s.key_hash = accounts_hash(old_secret) AND s.face = accounts_face() AND s.account_id IS NULL
    RETURNING s.data INTO kept;
    DELETE FROM accounts_session s WHERE s.key_hash = accounts_hash(old_secret) AND s.face = accounts_face();
    INSERT INTO accounts_session (key_hash, face, account_id, awaits_code, data, expires_at, address, agent)
    VALUES (accounts_hash(new_secret), accounts_face(), account_id, awaits_code, coalesce(kept, ''),
            accounts_session_end(accounts_face(), now()), left(address, 64), left(agent, 200));
    PERFORM core_audit('accounts.signed_in', 'account:' || account_id, account_id, NULL, '',
                       jsonb_build_object('awaits_code', awaits_code), address, left(accounts_hash(new_secret), 16));
END $$;

-- The one-time code was right (the face checked it against the person's own device): go on under a new secret.
CREATE OR REPLACE FUNCTION accounts_pass_code(old_secret text, new_secret text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE accounts_session s
    SET awaits_code = false, code_at = now(), key_hash = accounts_hash(new_secret)
    WHERE s.key_hash = accounts_hash(old_secret) AND s.face = accounts_face() AND s.expires_at > now()
      AND length(new_secret) >= 32
      AND EXISTS (SELECT FROM otp_totp_totpdevice d WHERE d.user_id = s.account_id AND d.confirmed);
    RETURN FOUND;
END $$;

CREATE OR REPLACE FUNCTION accounts_next_step_of_mine() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT accounts_next_step(accounts_session_person());
$$;

-- Failed sign-ins that no longer count (django-axes): those of one mark before a moment.
CREATE OR REPLACE FUNCTION accounts_forget_failures(mark text, before timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM axes_accessattempt a
    WHERE a.username = mark AND mark LIKE accounts_face() || ':%' AND a.attempt_time < before;
$$;

-- Change one's own password; the present one proves that it is not somebody at an unlocked computer. Signs out elsewhere.
CREATE OR REPLACE FUNCTION accounts_change_password(proof text, fresh text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    own bigint := accounts_session_account();
BEGIN
    IF own IS NULL OR NOT accounts_bearable_hash(fresh)
       OR accounts_too_often('password:change', own::text, 10, interval '1 hour') THEN
        RETURN false;
    END IF;
    UPDATE accounts_account a SET password = fresh
    WHERE a.id = own AND (a.password = '' OR accounts_hash(a.password) = accounts_hash(proof));
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM accounts_end_my_sessions(NULL);
    PERFORM core_audit('accounts.password_changed', 'account:' || own, own, NULL, '', '{}', '', '');
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION accounts_offer_proof(text, text, text),
    accounts_open_session(bigint, text, text, text, text, text, text), accounts_renew_hash(text, text)
    TO etax_public, etax_office;
