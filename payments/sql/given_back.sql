-- A deposit goes back to an account that refunds name; what officers ask for by themselves goes back to the card.
GRANT INSERT (bank, number, holder) ON payments_cancellation TO etax_office;
DROP POLICY IF EXISTS office_by_card ON payments_cancellation;
CREATE POLICY office_by_card ON payments_cancellation AS RESTRICTIVE FOR INSERT TO etax_office WITH CHECK (number = '');
