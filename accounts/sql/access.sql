-- Who may touch the tables of people and offices. What is not granted here is closed.
SELECT core_secure(name) FROM unnest(ARRAY[
    'accounts_account', 'accounts_levyingbody', 'accounts_taxpayer', 'accounts_taxpayeraddress', 'accounts_authority',
    'accounts_officer', 'accounts_rolegrant', 'accounts_relative', 'accounts_session', 'accounts_attempt',
    'accounts_mailrequest', 'accounts_identityreturn', 'accounts_claim', 'accounts_vaultrecord',
    'axes_accessattempt', 'axes_accessattemptexpiration', 'axes_accessfailurelog', 'axes_accesslog',
    'otp_totp_totpdevice', 'otp_static_staticdevice', 'otp_static_statictoken'
]) AS name;

-- Public: oneself, one's records, their addresses and who holds authority over them. Everything else by functions.
SELECT core_open('accounts_levyingbody', role, 'SELECT')
FROM unnest(ARRAY['etax_public', 'etax_office', 'etax_intake']) AS role;
GRANT SELECT ON accounts_taxpayer, accounts_taxpayeraddress, accounts_authority TO etax_public;
GRANT SELECT (id, email, kind, assurance, is_active, taxpayer_id, created_at) ON accounts_account TO etax_public;
DROP POLICY IF EXISTS public_own ON accounts_account;
CREATE POLICY public_own ON accounts_account FOR SELECT TO etax_public
    USING (id = (SELECT accounts_session_account()));
DROP POLICY IF EXISTS public_own ON accounts_taxpayer;
CREATE POLICY public_own ON accounts_taxpayer FOR SELECT TO etax_public
    USING (id = ANY ((SELECT accounts_session_taxpayers())::bigint[]));
DROP POLICY IF EXISTS public_own ON accounts_taxpayeraddress;
CREATE POLICY public_own ON accounts_taxpayeraddress FOR SELECT TO etax_public
    USING (taxpayer_id = ANY ((SELECT accounts_session_taxpayers())::bigint[]));
DROP POLICY IF EXISTS public_own ON accounts_authority;
CREATE POLICY public_own ON accounts_authority FOR SELECT TO etax_public
    USING (principal_id = ANY ((SELECT accounts_session_taxpayers())::bigint[]));

-- The office's rights stand in office.sql.

-- Second factor, on both faces: one's own code generator, also between password and code. Backup codes by functions.
-- Rights to change are given by column: on a whole table they would also allow LOCK TABLE.
REVOKE UPDATE ON otp_totp_totpdevice, axes_accessattempt FROM etax_public, etax_office;
GRANT SELECT, INSERT ON otp_totp_totpdevice TO etax_public, etax_office;
GRANT UPDATE (user_id, name, confirmed, key, step, t0, digits, tolerance, drift, last_t, throttling_failure_count,
              throttling_failure_timestamp, created_at, last_used_at) ON otp_totp_totpdevice TO etax_public, etax_office;
DROP POLICY IF EXISTS own ON otp_totp_totpdevice;
CREATE POLICY own ON otp_totp_totpdevice TO etax_public, etax_office
    USING (user_id = (SELECT accounts_session_person())) WITH CHECK (user_id = (SELECT accounts_session_person()));
SELECT core_open(name, 'etax_worker', 'SELECT, INSERT, UPDATE, DELETE') FROM unnest(ARRAY[
    'otp_totp_totpdevice', 'otp_static_staticdevice', 'otp_static_statictoken'
]) AS name;

-- Lock-out after failed sign-ins: rows carry a keyed hash of the e-mail address, and the face it was tried on.
GRANT SELECT, INSERT ON axes_accessattempt TO etax_public, etax_office;
GRANT UPDATE (user_agent, ip_address, username, http_accept, path_info, attempt_time, get_data, post_data,
              failures_since_start) ON axes_accessattempt TO etax_public, etax_office;
DROP POLICY IF EXISTS public_attempts ON axes_accessattempt;
CREATE POLICY public_attempts ON axes_accessattempt TO etax_public
    USING (username LIKE 'public:%') WITH CHECK (username LIKE 'public:%');
DROP POLICY IF EXISTS office_attempts ON axes_accessattempt;
CREATE POLICY office_attempts ON axes_accessattempt TO etax_office
    USING (username LIKE 'office:%') WITH CHECK (username LIKE 'office:%');

-- Worker: jobs, and the vault, which no other login reads.
SELECT core_open(name, 'etax_worker', 'SELECT, INSERT, UPDATE') FROM unnest(ARRAY[
    'accounts_account', 'accounts_levyingbody', 'accounts_taxpayer', 'accounts_taxpayeraddress', 'accounts_authority',
    'accounts_officer', 'accounts_rolegrant', 'accounts_relative', 'accounts_vaultrecord'
]) AS name;
SELECT core_open(name, 'etax_worker', 'SELECT, INSERT, UPDATE, DELETE') FROM unnest(ARRAY[
    'accounts_session', 'accounts_mailrequest', 'accounts_identityreturn', 'accounts_claim', 'accounts_attempt'
]) AS name;
GRANT SELECT, DELETE ON axes_accessattempt TO etax_worker;
DROP POLICY IF EXISTS worker_clears ON axes_accessattempt;
CREATE POLICY worker_clears ON axes_accessattempt TO etax_worker USING (true);

GRANT EXECUTE ON FUNCTION accounts_face(), accounts_hash(text), accounts_session_account(), accounts_session_person(),
    accounts_session_taxpayers(), accounts_session_bodies(), accounts_load_session(text),
    accounts_save_session(text, text, text, text), accounts_delete_session(text), accounts_rotate_session(text, text),
    accounts_my_sessions(), accounts_end_my_sessions(bigint), accounts_password_parameters(text, text),
    accounts_pass_code(text, text),
    accounts_change_password(text, text), accounts_forget_failures(text, timestamptz), accounts_next_step_of_mine(),
    accounts_keep_backup_codes(text[]), accounts_use_backup_code(text), accounts_backup_codes_left(),
    accounts_drop_code_generator(text)
    TO etax_public, etax_office;
GRANT EXECUTE ON FUNCTION accounts_session_has_role(text), accounts_suspend(bigint, boolean),
    accounts_take_away_generator(bigint) TO etax_office;
GRANT EXECUTE ON FUNCTION accounts_ask_for_link(text, text, text), accounts_link_email(text),
    accounts_set_password(text, text) TO etax_public, etax_office;
GRANT EXECUTE ON FUNCTION accounts_keep_identity(text, text), accounts_identity_status(),
    accounts_ask_claim(text, bytea, text), accounts_claim_status() TO etax_public;
