-- Backup codes: ten, each good once. The table keeps hashes; faces make, count and use them by these functions only.
CREATE OR REPLACE FUNCTION accounts_backup_mark(account_id bigint, code text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT left(accounts_hash('backup:' || account_id || ':' || code), 16);
$$;

-- Keep these codes and forget older ones. Only with a code generator that works.
CREATE OR REPLACE FUNCTION accounts_keep_backup_codes(codes text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    own bigint := accounts_session_account();
    new_device bigint;
BEGIN
    IF own IS NULL OR cardinality(codes) > 20 OR accounts_next_step(own) <> 'code' THEN
        RAISE EXCEPTION 'no backup codes for this session' USING ERRCODE = 'check_violation';
    END IF;
    DELETE FROM otp_static_statictoken t USING otp_static_staticdevice d WHERE d.id = t.device_id AND d.user_id = own;
    DELETE FROM otp_static_staticdevice d WHERE d.user_id = own;
    INSERT INTO otp_static_staticdevice (user_id, name, confirmed, throttling_failure_count, created_at)
    VALUES (own, 'backup', true, 0, now()) RETURNING id INTO new_device;
    INSERT INTO otp_static_statictoken (device_id, token)
    SELECT new_device, accounts_backup_mark(own, code) FROM unnest(codes) AS code;
    PERFORM core_audit('accounts.backup_codes_made', 'account:' || own, own, NULL, '', '{}', '', '');
END $$;

CREATE OR REPLACE FUNCTION accounts_backup_codes_left() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*) FROM otp_static_statictoken t JOIN otp_static_staticdevice d ON d.id = t.device_id
    WHERE d.user_id = accounts_session_account();
$$;

-- Use a code up; true if it was one. Ten wrong ones in an hour, and no more are looked at.
CREATE OR REPLACE FUNCTION accounts_use_backup_code(code text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    own bigint := accounts_session_person();
BEGIN
    IF own IS NULL OR accounts_too_often('backup', own::text, 10, interval '1 hour') THEN
        RETURN false;
    END IF;
    DELETE FROM otp_static_statictoken t USING otp_static_staticdevice d
    WHERE d.id = t.device_id AND d.user_id = own AND t.token = accounts_backup_mark(own, code);
    IF FOUND THEN
        PERFORM core_audit('accounts.backup_code_used', 'account:' || own, own, NULL, '', '{}', '', '');
        RETURN true;
    END IF;
    RETURN false;
END $$;

-- Turn the second factor off; citizens only, and with their password.
CREATE OR REPLACE FUNCTION accounts_drop_code_generator(proof text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    own bigint := accounts_session_account();
BEGIN
    IF own IS NULL OR accounts_too_often('password:change', own::text, 10, interval '1 hour')
       OR NOT EXISTS (SELECT FROM accounts_account a WHERE a.id = own AND a.kind = 'citizen'
                      AND (a.password = '' OR accounts_hash(a.password) = accounts_hash(proof))) THEN
        RETURN false;
    END IF;
    DELETE FROM otp_static_statictoken t USING otp_static_staticdevice d WHERE d.id = t.device_id AND d.user_id = own;
    DELETE FROM otp_static_staticdevice d WHERE d.user_id = own;
    DELETE FROM otp_totp_totpdevice d WHERE d.user_id = own;
    PERFORM core_audit('accounts.second_factor_off', 'account:' || own, own, NULL, '', '{}', '', '');
    RETURN true;
END $$;

-- One code generator for each person: a second one can't be added beside the first.
CREATE UNIQUE INDEX IF NOT EXISTS accounts_one_code_generator ON otp_totp_totpdevice (user_id);
