-- Who may touch core's tables. Where a right hangs on who is signed in, this grants it and accounts/sql/trail.sql says to whom.
SELECT core_secure(name) FROM unnest(ARRAY[
    'core_event', 'core_delivery', 'core_auditrecord', 'core_logleaf', 'core_logseal', 'core_lognode', 'core_treehead'
]) AS name;

SELECT core_append_only(name) FROM unnest(ARRAY[
    'core_auditrecord', 'core_logleaf', 'core_logseal', 'core_lognode', 'core_treehead'
]) AS name;

GRANT EXECUTE ON FUNCTION core_publish(text, jsonb) TO etax_public, etax_office, etax_intake, etax_worker;
GRANT EXECUTE ON FUNCTION core_audit(text, text, bigint, bigint, text, jsonb, text, text)
    TO etax_public, etax_office, etax_intake, etax_worker;
GRANT EXECUTE ON FUNCTION core_append_leaf(text, text, jsonb) TO etax_office, etax_worker;

-- The public face may publish requests only: their handlers take the payload for what a stranger says. Numbers and times
-- are the database's: a row with a number of its own choosing would stand in the way of everybody else's.
REVOKE INSERT ON core_event, core_auditrecord FROM etax_public, etax_intake, etax_office;
REVOKE INSERT ON core_logleaf FROM etax_office;
GRANT INSERT (topic, payload) ON core_event TO etax_public;
DROP POLICY IF EXISTS public_requests ON core_event;
CREATE POLICY public_requests ON core_event FOR INSERT TO etax_public WITH CHECK (topic LIKE 'public.%');
GRANT INSERT (topic, payload) ON core_event TO etax_intake;
DROP POLICY IF EXISTS intake_received ON core_event;
CREATE POLICY intake_received ON core_event FOR INSERT TO etax_intake WITH CHECK (topic LIKE 'intake.%');
GRANT INSERT (topic, payload) ON core_event TO etax_office;
SELECT core_open('core_event', 'etax_worker', 'SELECT, INSERT, UPDATE');
SELECT core_open('core_delivery', 'etax_worker', 'SELECT, INSERT, UPDATE');

GRANT INSERT (login, action, subject, actor_id, taxpayer_id, reason, details, address, session_mark)
    ON core_auditrecord TO etax_public, etax_intake, etax_office;
DROP POLICY IF EXISTS own_login ON core_auditrecord;
CREATE POLICY own_login ON core_auditrecord FOR INSERT TO etax_public, etax_intake, etax_office
    WITH CHECK (login = session_user);
GRANT SELECT ON core_auditrecord TO etax_office;
SELECT core_open('core_auditrecord', 'etax_worker', 'SELECT, INSERT');

GRANT INSERT (kind, reference, content, salt) ON core_logleaf TO etax_office;
SELECT core_open('core_logleaf', 'etax_worker', 'SELECT, INSERT');
SELECT core_open('core_logseal', 'etax_worker', 'SELECT, INSERT');
SELECT core_open('core_lognode', 'etax_worker', 'SELECT, INSERT');
SELECT core_open('core_treehead', 'etax_worker', 'SELECT, INSERT');
-- Heads and hashes are for everybody: a leaf's hash is salted and tells nothing.
SELECT core_open(name, 'etax_public', 'SELECT') FROM unnest(ARRAY['core_treehead', 'core_lognode', 'core_logseal']) AS name;
SELECT core_open('core_treehead', 'etax_office', 'SELECT');

-- Django's own book-keeping of migrations.
GRANT SELECT ON django_migrations TO etax_public, etax_office, etax_intake, etax_worker;
