-- The office's login and payments: what belongs to bills of the officer's bodies; the rest (messages of gateways, money that
-- fits nothing) is the city's. Nothing without a session.
DROP POLICY IF EXISTS office_own ON payments_attemptitem;
CREATE POLICY office_own ON payments_attemptitem FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM billing_bill b WHERE b.id = bill_id));
DROP POLICY IF EXISTS office_own ON payments_attempt;
CREATE POLICY office_own ON payments_attempt FOR SELECT TO etax_office
    USING ((SELECT accounts_session_of_the_city())
           OR EXISTS (SELECT FROM payments_attemptitem i WHERE i.attempt_id = payments_attempt.id));
DROP POLICY IF EXISTS office_own ON payments_virtualaccount;
CREATE POLICY office_own ON payments_virtualaccount FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM payments_attempt a WHERE a.id = attempt_id));
DROP POLICY IF EXISTS office_own ON payments_payment;
CREATE POLICY office_own ON payments_payment FOR SELECT TO etax_office
    USING ((SELECT accounts_session_of_the_city())
           OR EXISTS (SELECT FROM payments_attempt a WHERE a.id = attempt_id));
DROP POLICY IF EXISTS office_of_the_city ON payments_inboxmessage;
CREATE POLICY office_of_the_city ON payments_inboxmessage FOR SELECT TO etax_office
    USING ((SELECT accounts_session_of_the_city()));
-- Which gateway serves a channel: the city's administrators decide.
DROP POLICY IF EXISTS office_reads ON payments_gatewaychannel;
CREATE POLICY office_reads ON payments_gatewaychannel FOR SELECT TO etax_office
    USING ((SELECT accounts_session_account()) IS NOT NULL);
DROP POLICY IF EXISTS office_decides ON payments_gatewaychannel;
CREATE POLICY office_decides ON payments_gatewaychannel TO etax_office
    USING ((SELECT accounts_session_of_the_city()) AND (SELECT accounts_session_has_role('administrator')));
