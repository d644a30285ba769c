-- What one officer may do alone is decided here, whatever a program says: how many won a change weighs, what the officer
-- did alone for that taxpayer within the days of the city's dated table `second_officer`, and so whether another has to
-- decide. And nothing is done to a bill by the office's login but what a decided change says.

SELECT core_secure('billing_officerturn');
REVOKE ALL ON billing_officerturn FROM etax_public, etax_office, etax_intake, etax_worker;

-- How many won a change is about, read from the bill; the bill's row is locked. What gives nothing away weighs nothing.
CREATE OR REPLACE FUNCTION billing_weight(of_bill bigint, kind text, details jsonb, on_date date) RETURNS bigint
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH standing AS (
        SELECT l.id, l.amount - coalesce(a.amount, 0) AS amount, coalesce(p.tax_part, 0) - coalesce(a.returned, 0) AS paid
        FROM billing_billline l
        LEFT JOIN LATERAL (
            SELECT sum(r.amount) AS amount, sum(r.returned) AS returned FROM billing_billadjustment r WHERE r.line_id = l.id
        ) AS a ON true
        LEFT JOIN LATERAL (
            SELECT sum(q.tax_part) AS tax_part FROM billing_billpaymentpart q WHERE q.line_id = l.id
        ) AS p ON true
        WHERE l.bill_id = of_bill
    )
    SELECT coalesce(CASE
        WHEN kind = 'cancel' THEN (SELECT sum(s.amount) FROM standing s)
        WHEN kind = 'reduce' THEN ( -- what is left of a tax is cut to 10 won
            SELECT sum(s.amount - trunc((s.amount - w.won::numeric) / 10) * 10)
            FROM jsonb_each_text(details -> 'lines') AS w (line, won) JOIN standing s ON s.id = w.line::bigint)
        WHEN kind = 'reissue' THEN (
            SELECT sum(greatest(o.surcharge - o.surcharge_paid, 0)) FROM billing_owed(ARRAY[of_bill], on_date) o)
        WHEN kind IN ('revive', 'contest', 'hold', 'remind', 'seize', 'end') THEN 0
        ELSE (SELECT sum(greatest(s.amount - s.paid, 0)) FROM standing s)
    END, 0)::bigint
$$;

-- Every change is weighed as it is asked for. One officer's changes for one taxpayer are added up one after the other:
-- each takes the officer's turn, a row that no payment and no other officer waits for.
CREATE OR REPLACE FUNCTION billing_weigh_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    payer bigint;
    rule jsonb;
    alone bigint;
BEGIN
    IF session_user = 'etax_office' THEN
        NEW.asked_at := now(); -- no office asks in the past
        IF NOT accounts_session_keeps_records() THEN
            RAISE EXCEPTION 'bills are changed by assessors and collectors' USING ERRCODE = 'insufficient_privilege';
        END IF;
    END IF;
    SELECT b.taxpayer_id INTO STRICT payer FROM billing_bill b WHERE b.id = NEW.bill_id FOR UPDATE;
    NEW.amount := billing_weight(NEW.bill_id, NEW.kind, NEW.details, billing_local_date(NEW.asked_at));
    IF NEW.asked_by_id IS NULL THEN
        NEW.needs_second := true;
    ELSE
        INSERT INTO billing_officerturn (officer_id, taxpayer_id, turns) VALUES (NEW.asked_by_id, payer, 1)
        ON CONFLICT (officer_id, taxpayer_id) DO UPDATE SET turns = billing_officerturn.turns + 1;
        SELECT t.body INTO STRICT rule FROM billing_datedtable t
        WHERE t.name = 'second_officer' AND t.valid_from <= billing_local_date(NEW.asked_at)
          AND (t.valid_to IS NULL OR billing_local_date(NEW.asked_at) <= t.valid_to);
        SELECT coalesce(sum(c.amount), 0) INTO alone
        FROM billing_billchange c JOIN billing_bill b ON b.id = c.bill_id
        WHERE c.asked_by_id = NEW.asked_by_id AND NOT c.needs_second AND b.taxpayer_id = payer
          AND c.asked_at > NEW.asked_at - make_interval(days => (rule ->> 'within_days')::integer);
        NEW.needs_second := NEW.amount > 0 AND alone + NEW.amount > (rule ->> 'above')::bigint;
    END IF;
    NEW.status := CASE WHEN NEW.needs_second THEN 'proposed' ELSE 'decided' END;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS weigh ON billing_billchange;
CREATE TRIGGER weigh BEFORE INSERT ON billing_billchange FOR EACH ROW EXECUTE FUNCTION billing_weigh_change();

-- A change goes its ways forward only, and who decides about a colleague's is an approver.
CREATE OR REPLACE FUNCTION billing_move_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (OLD.status, NEW.status) NOT IN (('proposed', 'decided'), ('proposed', 'rejected'), ('decided', 'done'),
                                        ('decided', 'rejected')) THEN
        RAISE EXCEPTION 'a change that is % does not become %', OLD.status, NEW.status USING ERRCODE = 'check_violation';
    END IF;
    IF session_user = 'etax_office' AND OLD.status = 'proposed' THEN
        IF NOT accounts_session_has_role('approver') THEN
            RAISE EXCEPTION 'changes are decided by approvers' USING ERRCODE = 'insufficient_privilege';
        END IF;
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS move_on ON billing_billchange;
CREATE TRIGGER move_on BEFORE UPDATE ON billing_billchange FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION billing_move_change();

-- The change of that kind and bill that the signed-in officer may carry out now; null if there is none.
CREATE OR REPLACE FUNCTION billing_in_hand(of_bill bigint, kinds text[]) RETURNS SETOF billing_billchange
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.* FROM billing_billchange c
    WHERE c.bill_id = of_bill AND c.kind = ANY (kinds) AND c.status = 'decided'
      AND accounts_session_account() = CASE WHEN c.needs_second THEN c.decided_by_id ELSE c.asked_by_id END
$$;

CREATE OR REPLACE FUNCTION billing_as_decided() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    allowed boolean;
BEGIN
    CASE TG_TABLE_NAME
    WHEN 'billing_bill' THEN
        SELECT EXISTS (
            SELECT FROM (VALUES ('cancel', 'issued', 'cancelled'), ('write_off', 'issued', 'written_off'),
                                ('revive', 'written_off', 'issued'), ('prescribe', 'issued', 'prescribed'),
                                ('prescribe', 'written_off', 'prescribed')) AS w (kind, was, becomes)
            JOIN billing_in_hand(NEW.id, ARRAY[w.kind]) ON true
            WHERE w.was = OLD.status AND w.becomes = NEW.status)
            OR OLD.status = 'draft' AND NEW.status = 'cancelled' AND EXISTS ( -- intended, and given up (intended.sql)
                SELECT FROM billing_intendedbill i WHERE i.bill_id = NEW.id AND i.dropped_at IS NOT NULL) INTO allowed;
    WHEN 'billing_billfact' THEN
        IF TG_OP = 'INSERT' THEN
            SELECT EXISTS (
                SELECT FROM billing_in_hand(NEW.bill_id, ARRAY[CASE NEW.kind
                    WHEN 'deferral' THEN 'defer' WHEN 'reminder' THEN 'remind' WHEN 'seizure' THEN 'seize'
                    ELSE NEW.kind END]) c
                WHERE c.id = NEW.change_id AND NEW.ended_on IS NULL AND (NEW.kind = 'instalments' OR (
                    NEW.from_on = (c.details ->> 'from_on')::date
                    AND NEW.until_on IS NOT DISTINCT FROM (c.details ->> 'until_on')::date))) INTO allowed;
        ELSE
            SELECT EXISTS (
                SELECT FROM billing_in_hand(NEW.bill_id, ARRAY['end']) c
                WHERE c.id = NEW.ended_by_id AND (c.details ->> 'fact_id')::bigint = NEW.id AND OLD.ended_on IS NULL
            ) INTO allowed;
        END IF;
    WHEN 'billing_instalment' THEN
        SELECT EXISTS (
            SELECT FROM billing_billfact f JOIN billing_billline l ON l.bill_id = f.bill_id
            JOIN billing_in_hand(f.bill_id, ARRAY['instalments']) c ON c.id = f.change_id
            WHERE f.id = NEW.fact_id AND l.id = NEW.line_id) INTO allowed;
    END CASE;
    IF NOT allowed THEN
        RAISE EXCEPTION 'no decided change of this officer says so' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
DO $$
DECLARE
    place record;
BEGIN
    FOR place IN SELECT * FROM (VALUES ('billing_bill', 'UPDATE OF status'), ('billing_billfact', 'INSERT OR UPDATE'),
                                       ('billing_instalment', 'INSERT')) AS v (name, events) LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS as_decided ON %I', place.name);
        EXECUTE format('CREATE TRIGGER as_decided BEFORE %s ON %I FOR EACH ROW
            WHEN (session_user = ''etax_office'') EXECUTE FUNCTION billing_as_decided()', place.events, place.name);
    END LOOP;
END $$;

-- What is taken off a bill is at most what its decided change weighs, and what goes back was paid.
CREATE OR REPLACE FUNCTION billing_as_weighed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF session_user <> 'etax_office' THEN
        RETURN NULL;
    END IF;
    IF EXISTS (
        SELECT FROM made m LEFT JOIN LATERAL billing_in_hand(m.bill_id, ARRAY['reduce', 'cancel']) c ON c.id = m.change_id
        WHERE c.id IS NULL OR m.credit OR m.returned < 0 OR m.surcharge_returned < 0
           OR NOT EXISTS (SELECT FROM billing_billline l WHERE l.id = m.line_id AND l.bill_id = m.bill_id)
           OR c.amount < (SELECT sum(a.amount) FROM billing_billadjustment a WHERE a.change_id = c.id)
           OR (SELECT sum(a.returned) FROM billing_billadjustment a WHERE a.line_id = m.line_id)
               > (SELECT coalesce(sum(p.tax_part), 0) FROM billing_billpaymentpart p WHERE p.line_id = m.line_id)
           OR (SELECT sum(a.surcharge_returned) FROM billing_billadjustment a WHERE a.line_id = m.line_id)
               > (SELECT coalesce(sum(p.surcharge_part), 0) FROM billing_billpaymentpart p WHERE p.line_id = m.line_id)
    ) THEN
        RAISE EXCEPTION 'no decided change of this officer takes that off' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS as_weighed ON billing_billadjustment;
CREATE TRIGGER as_weighed AFTER INSERT ON billing_billadjustment REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION billing_as_weighed();
