-- Whom core's audit trail, events and log serve at the faces with people: core grants, and knows nobody; here stands who.
-- The trail is read by auditors: the city's all of it, a district's what its officers did or whom it deals with.
DROP POLICY IF EXISTS office_reads ON core_auditrecord;
CREATE POLICY office_reads ON core_auditrecord FOR SELECT TO etax_office
    USING ((SELECT accounts_session_has_role('auditor')) AND (
        (SELECT accounts_session_of_the_city())
        OR EXISTS (SELECT FROM accounts_taxpayerbody d WHERE d.taxpayer_id = core_auditrecord.taxpayer_id)
        OR EXISTS (SELECT FROM accounts_officer o WHERE o.account_id = actor_id
                   AND o.body_id = ANY ((SELECT accounts_session_bodies())::text[]))));
-- Nobody writes a record in another's name.
DROP POLICY IF EXISTS own_name ON core_auditrecord;
CREATE POLICY own_name ON core_auditrecord AS RESTRICTIVE FOR INSERT TO etax_public, etax_office, etax_intake
    WITH CHECK (actor_id IS NULL OR actor_id = (SELECT accounts_session_account()));

-- Officers publish and append; a process without an officer does neither. What they tell of is what they do by themselves: what
-- a bank, a partner or a court said, and that money is to leave, is told by the worker or by functions that asked whose session
-- it is, and its handlers believe it.
REVOKE SELECT ON core_event, core_delivery FROM etax_office;
DROP POLICY IF EXISTS office_publishes ON core_event;
CREATE POLICY office_publishes ON core_event FOR INSERT TO etax_office
    WITH CHECK ((SELECT accounts_session_account()) IS NOT NULL
                AND split_part(topic, '.', 1) IN ('accounts', 'appeals', 'billing', 'receipts')
                AND topic NOT LIKE 'appeals.upheld.%');
DROP POLICY IF EXISTS office_appends ON core_logleaf;
CREATE POLICY office_appends ON core_logleaf FOR INSERT TO etax_office
    WITH CHECK ((SELECT accounts_session_account()) IS NOT NULL);
REVOKE SELECT ON core_logleaf FROM etax_office;

GRANT EXECUTE ON FUNCTION accounts_session_account() TO etax_intake;
