-- Links by e-mail. A face asks, the worker makes the token and mails it: no face knows a token it was not shown, and
-- nothing that it answers tells whether an address has an account.
CREATE OR REPLACE FUNCTION accounts_ask_for_link(email text, language text, address text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    new_id bigint;
    often boolean;
BEGIN
    often := accounts_too_often('link', accounts_ask_for_link.email, 3, interval '1 hour');
    often := accounts_too_often('link_from', accounts_ask_for_link.address, 30, interval '1 hour') OR often;
    IF often OR accounts_face() IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO accounts_mailrequest (face, email, language)
    VALUES (accounts_face(), accounts_ask_for_link.email, accounts_ask_for_link.language)
    RETURNING id INTO new_id;
    PERFORM core_publish('accounts.link_asked.v1', jsonb_build_object('request_id', new_id));
END $$;

-- The address a token was sent to, or NULL: whether the page for a new password makes sense.
CREATE OR REPLACE FUNCTION accounts_link_email(token text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.email FROM accounts_mailrequest m
    WHERE m.token_hash = accounts_hash(token) AND m.status = 'sent' AND m.expires_at > now() AND m.face = accounts_face();
$$;

-- Use a token up: set the password of its account, or (public face) open an account for a verified address.
-- Ends every session of the account. False: the token is no longer good.
CREATE OR REPLACE FUNCTION accounts_set_password(token text, fresh text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    wanted accounts_mailrequest;
    owner_id bigint;
BEGIN
    UPDATE accounts_mailrequest m SET status = 'used'
    WHERE m.token_hash = accounts_hash(token) AND m.status = 'sent' AND m.expires_at > now() AND m.face = accounts_face()
    RETURNING * INTO wanted;
    IF wanted.id IS NULL OR NOT accounts_bearable_hash(fresh) THEN
        RETURN false;
    END IF;
    IF wanted.face = 'public' THEN
        INSERT INTO accounts_account (email, password, kind, assurance, is_active)
        VALUES (wanted.email, fresh, 'citizen', 1, true) ON CONFLICT (email) DO NOTHING;
    END IF;
    UPDATE accounts_account a SET password = fresh, assurance = greatest(a.assurance, 1)
    WHERE a.email = wanted.email AND a.kind = accounts_kind_of_face() AND a.is_active
    RETURNING a.id INTO owner_id;
    IF owner_id IS NULL THEN
        RETURN false;
    END IF;
    DELETE FROM accounts_session s WHERE s.account_id = owner_id;
    DELETE FROM accounts_attempt t
    WHERE t.kind = 'sign_in:' || wanted.face AND t.mark = accounts_hash(wanted.email);
    PERFORM core_audit('accounts.password_set', 'account:' || owner_id, owner_id, NULL, 'link by e-mail', '{}', '', '');
    RETURN true;
END $$;
