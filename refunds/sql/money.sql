-- What keeps refunds from paying back more than was paid, whoever writes the rows and however many at once.

-- No more is found for a bill than stands on it, nor more for money out of suspense than it was. What a card gave back has
-- left the bill already. The bill's row is locked, as a payment locks it.
CREATE OR REPLACE FUNCTION refunds_check_found() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    found bigint;
    paid bigint;
BEGIN
    IF NEW.bill_id IS NOT NULL THEN
        PERFORM FROM billing_bill b WHERE b.id = NEW.bill_id FOR UPDATE;
        SELECT sum(r.amount - r.lost - (SELECT coalesce(sum(g.principal), 0) FROM refunds_leg g
                   WHERE g.refund_id = r.id AND g.by_gateway AND g.status IN ('sent', 'unknown', 'paid')))
        INTO found FROM refunds_refund r WHERE r.bill_id = NEW.bill_id;
        SELECT coalesce(sum(p.applied + p.excess), 0) INTO paid FROM billing_billpayment p WHERE p.bill_id = NEW.bill_id;
    ELSE
        PERFORM FROM payments_payment p WHERE p.id = NEW.payment_id FOR UPDATE;
        SELECT sum(r.amount - r.lost) INTO found FROM refunds_refund r
        WHERE r.payment_id = NEW.payment_id AND r.bill_id IS NULL;
        SELECT coalesce(sum(p.amount), 0) INTO paid FROM payments_payment p WHERE p.id = NEW.payment_id;
    END IF;
    IF found > paid THEN
        RAISE EXCEPTION 'refund % would give back more than was paid', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'refunds_within_payment';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS check_found ON refunds_refund;
CREATE TRIGGER check_found AFTER INSERT ON refunds_refund FOR EACH ROW EXECUTE FUNCTION refunds_check_found();

-- Won of a refund, without interest, that left or leave otherwise than by its gateway and are not owed back to the city; or that
-- it kept, by two officers' decision, for what its owner owes back of another.
CREATE OR REPLACE FUNCTION refunds_gone_otherwise(of_refund bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN -- in a language that looks for a table of a later migration only when it is called
    RETURN greatest(0, (SELECT coalesce(sum(s.principal), 0) FROM refunds_setoff s WHERE s.refund_id = of_refund)
        + (SELECT coalesce(sum(d.principal), 0) FROM refunds_donation d WHERE d.refund_id = of_refund)
        + (SELECT coalesce(sum(g.principal), 0) FROM refunds_leg g WHERE g.refund_id = of_refund AND NOT g.by_gateway
           AND g.status IN ('waiting', 'ready', 'sent', 'unknown', 'paid'))
        + (SELECT coalesce(sum(c.amount), 0) FROM refunds_recovery c
           WHERE c.source_id = of_refund AND c.way = 'kept' AND c.status = 'done')
        - (SELECT coalesce(sum(l.claimed_back), 0) FROM refunds_loss l WHERE l.refund_id = of_refund))::bigint;
END $$;

-- What was found stays what was found.
CREATE OR REPLACE FUNCTION refunds_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.reference, OLD.source, OLD.taxpayer_id, OLD.body_id, OLD.tax, OLD.bill_id, OLD.payment_id,
                            OLD.origin, OLD.amount, OLD.opened_at)
        IS DISTINCT FROM (NEW.reference, NEW.source, NEW.taxpayer_id, NEW.body_id, NEW.tax, NEW.bill_id, NEW.payment_id,
                          NEW.origin, NEW.amount, NEW.opened_at) OR NEW.lost < OLD.lost THEN
        RAISE EXCEPTION 'refund % stays as it was found', OLD.reference USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS keep ON refunds_refund;
CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON refunds_refund FOR EACH ROW EXECUTE FUNCTION refunds_keep();

-- What leaves a refund, together, is never more than was found and its approved interest. What was lost after it had left
-- is claimed back; it doesn't make room, and what of it the bank sent back makes none again.
CREATE OR REPLACE FUNCTION refunds_check_out() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    refund refunds_refund%ROWTYPE;
    gone record;
    claimed bigint;
BEGIN
    SELECT * INTO refund FROM refunds_refund r WHERE r.id = NEW.refund_id FOR UPDATE;
    SELECT coalesce(sum(o.principal), 0) AS principal, coalesce(sum(o.interest), 0) AS interest INTO gone FROM (
        SELECT s.principal, s.interest FROM refunds_setoff s WHERE s.refund_id = refund.id
        UNION ALL SELECT d.principal, d.interest FROM refunds_donation d WHERE d.refund_id = refund.id
        UNION ALL SELECT g.principal, g.interest FROM refunds_leg g
        WHERE g.refund_id = refund.id AND g.status IN ('waiting', 'ready', 'sent', 'unknown', 'paid')
    ) AS o;
    SELECT (SELECT coalesce(sum(l.claimed_back), 0) FROM refunds_loss l WHERE l.refund_id = refund.id)
         - (SELECT coalesce(sum(c.amount), 0) FROM refunds_recovery c
            WHERE c.refund_id = refund.id AND c.way = 'returned' AND c.status = 'done')
    INTO claimed;
    IF gone.principal > refund.amount - refund.lost + claimed OR gone.interest > refund.interest
       OR refund.approved_by_id IS NULL THEN
        RAISE EXCEPTION 'more would leave refund % than was approved', refund.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'refunds_out_within_refund';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS check_out ON refunds_setoff;
CREATE TRIGGER check_out AFTER INSERT ON refunds_setoff FOR EACH ROW EXECUTE FUNCTION refunds_check_out();
DROP TRIGGER IF EXISTS check_out ON refunds_donation;
CREATE TRIGGER check_out AFTER INSERT ON refunds_donation FOR EACH ROW EXECUTE FUNCTION refunds_check_out();
DROP TRIGGER IF EXISTS check_out ON refunds_leg;
CREATE TRIGGER check_out AFTER INSERT OR UPDATE ON refunds_leg FOR EACH ROW EXECUTE FUNCTION refunds_check_out();

-- What a refund gave back of a bill's money is not given back by a card's cancellation too: that money stands on the bill as
-- long as nobody takes it back.
CREATE OR REPLACE FUNCTION refunds_check_cancellation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    bills bigint[] := ARRAY(
        SELECT b.id FROM payments_payment p JOIN payments_attemptitem i ON i.attempt_id = p.attempt_id
        JOIN LATERAL unnest(billing_chain(i.bill_id)) AS b (id) ON true WHERE p.id = NEW.payment_id);
    gone bigint;
    held bigint;
    mine bigint; -- a cancellation takes what its payment has too much first, and so does its refund
BEGIN
    PERFORM FROM billing_bill b WHERE b.id = ANY (bills) ORDER BY b.id FOR UPDATE;
    SELECT coalesce(sum(refunds_gone_otherwise(r.id)), 0) INTO gone FROM refunds_refund r WHERE r.bill_id = ANY (bills);
    SELECT coalesce(sum(p.applied + p.excess), 0) INTO held FROM billing_billpayment p WHERE p.bill_id = ANY (bills);
    SELECT p.amount - coalesce((SELECT sum(r.amount) FROM payments_reversalpart r WHERE r.payment_id = p.id), 0)
        - coalesce((SELECT sum(refunds_gone_otherwise(r.id)) FROM refunds_refund r WHERE r.payment_id = p.id), 0)
    INTO mine FROM payments_payment p WHERE p.id = NEW.payment_id;
    IF gone > 0 AND (held - NEW.amount < gone OR NEW.amount > mine) THEN
        RAISE EXCEPTION 'of payment % a refund has given back what would be cancelled', NEW.payment_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'refunds_not_cancelled_too';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS not_refunded ON payments_cancellation;
CREATE TRIGGER not_refunded BEFORE INSERT OR UPDATE OF status ON payments_cancellation
    FOR EACH ROW WHEN (NEW.status IN ('asked', 'approved')) EXECUTE FUNCTION refunds_check_cancellation();

SELECT core_append_only(name) FROM unnest(ARRAY[
    'refunds_part', 'refunds_loss', 'refunds_decision', 'refunds_setoff', 'refunds_donation', 'refunds_notice']) AS name;
