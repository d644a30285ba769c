-- Bills that are noticed before they are assessed (과세예고: 지방세기본법 제88조). Apps above decide about them by these functions;
-- what may become a bill, and when, is held here.
SELECT core_secure('billing_intendedbill');
SELECT core_open('billing_intendedbill', 'etax_worker', 'SELECT');
SELECT core_kept('billing_intendedbill', 'bill_id');

-- A draft with its lines, [{"tax", "amount"}, …]. Its numbers are of no institution; it gets its own when
-- it is issued, and until then nobody can pay it. Who wrote
-- and who confirmed it stand in the audit trail as hands in the bill. Granted to no face.
CREATE OR REPLACE FUNCTION billing_plan_bill(
    of_taxpayer bigint, of_body text, of_tax text, of_year integer, of_term integer, of_object text, liability date,
    known jsonb, lines jsonb, notice text, hands bigint[], at timestamptz
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    made bigint := nextval('billing_bill_id_seq');
    today date := billing_local_date(at);
BEGIN
    INSERT INTO billing_bill (id, taxpayer_id, body_id, tax_id, tax_year, term, status, tax_number, epay_number, roll_ref,
        object_ref, facts, amount, liability_on, nominal_due_on, due_on, issued_at)
    SELECT made, of_taxpayer, of_body, of_tax, of_year, of_term, 'draft', '99999' || lpad(made::text, 26, '0'), '99999' || lpad(made::text, 14, '0'),
           notice, left(of_object, 24) || '~' || made, known, sum(l.amount), liability, today, today, at
    FROM jsonb_to_recordset(lines) AS l(tax text, amount bigint);
    INSERT INTO billing_billline (bill_id, position, tax_id, amount)
    SELECT made, l.place, l.tax, l.amount
    FROM ROWS FROM (jsonb_to_recordset(lines) AS (tax text, amount bigint)) WITH ORDINALITY AS l(tax, amount, place);
    INSERT INTO billing_intendedbill (bill_id, held) VALUES (made, false);
    PERFORM core_audit('billing.change_noticed', 'bill:' || made, hand, of_taxpayer, '', '{}', '', '') FROM unnest(hands) AS hand;
    RETURN made;
END $$;

-- The notice was served: its payer may ask for a review until that day; `at_once`: the law leaves no review. Granted to no face.
CREATE OR REPLACE FUNCTION billing_await_review(of_bill bigint, until date, at_once boolean, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE billing_intendedbill i SET waits_until = until, released_at = CASE WHEN at_once THEN at END
    WHERE i.bill_id = of_bill AND i.waits_until IS NULL;
    RETURN FOUND;
END $$;

-- A review was asked for: the assessment waits. False: the days are over, it was released, or it is a bill by now. The bill's row
-- is locked first, as whoever issues it locks it. Granted to no face.
CREATE OR REPLACE FUNCTION billing_hold_intended(of_bill bigint, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM billing_bill b WHERE b.id = of_bill AND b.status = 'draft' FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE billing_intendedbill i SET held = true
    WHERE i.bill_id = of_bill AND NOT i.held AND i.released_at IS NULL AND i.waits_until >= billing_local_date(at);
    RETURN FOUND;
END $$;

-- It need not wait any more: its payer asked for that, or the review is over. False: it is released, or a bill by now.
CREATE OR REPLACE FUNCTION billing_release_intended(of_bill bigint, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM billing_bill b WHERE b.id = of_bill AND b.status = 'draft' FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE billing_intendedbill i SET held = false, released_at = at
    WHERE i.bill_id = of_bill AND i.released_at IS NULL AND i.waits_until IS NOT NULL;
    RETURN FOUND;
END $$;

-- It is given up, and never becomes a bill. False: it is no draft.
CREATE OR REPLACE FUNCTION billing_drop_intended(of_bill bigint, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM billing_bill b WHERE b.id = of_bill AND b.status = 'draft' FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE billing_intendedbill i SET dropped_at = at WHERE i.bill_id = of_bill;
    UPDATE billing_bill b SET status = 'cancelled' WHERE b.id = of_bill;
    RETURN true;
END $$;

-- Whatever writes it: a draft becomes a bill once it need not wait, and in no other way.
CREATE OR REPLACE FUNCTION billing_check_intended() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.status <> 'cancelled' AND NOT EXISTS (
        SELECT FROM billing_intendedbill i WHERE i.bill_id = NEW.id AND NOT i.held
        AND (i.released_at IS NOT NULL OR i.waits_until < billing_local_date(NEW.issued_at))) THEN
        RAISE EXCEPTION 'bill % waits for its payer', NEW.id USING ERRCODE = 'check_violation', CONSTRAINT = 'billing_intended_waits';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS intended ON billing_bill;
CREATE TRIGGER intended BEFORE UPDATE OF status ON billing_bill FOR EACH ROW
    WHEN (OLD.status = 'draft' AND NEW.status <> 'draft') EXECUTE FUNCTION billing_check_intended();

GRANT EXECUTE ON FUNCTION billing_release_intended(bigint, timestamptz), billing_drop_intended(bigint, timestamptz) TO etax_worker;
