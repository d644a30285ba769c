-- Deciding about refunds, whatever the office's process has become: one officer assesses, another approves, above the pack's
-- sum a third. Nobody decides twice about one, nor in their own or a relative's file, nor for another body.

CREATE OR REPLACE FUNCTION refunds_mine_to_decide(refund refunds_refund) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT accounts_session_account() IS NOT NULL AND (refund).body_id = ANY (accounts_session_bodies())
       AND NOT coalesce((refund).taxpayer_id = ANY (accounts_session_own_files()), false);
$$;

-- Its course, for its owner and whoever listens.
CREATE OR REPLACE FUNCTION refunds_note(refund refunds_refund, became text, reason text, at timestamptz) RETURNS void
LANGUAGE sql SET search_path = public, pg_temp AS $$
    INSERT INTO refunds_decision (refund_id, became, officer_id, reason, amount, interest, decided_at)
    VALUES ((refund).id, became, accounts_session_account(), left(reason, 300), (refund).amount - (refund).lost,
            (refund).interest, at);
$$;

-- Whether a refund can be what an officer says: an overpayment is one whatever anybody says, interest hangs on no day that
-- has not come, and only a reduction follows from a judgment.
CREATE OR REPLACE FUNCTION refunds_can_be(refund refunds_refund, cause text, event date, final date) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce(CASE
        WHEN (refund).taxpayer_id IS NULL THEN cause = 'no_tax'
        WHEN (refund).origin = 'overpayment' THEN cause IN ('paid_twice', 'paid_by_mistake')
        ELSE cause IN ('corrected', 'cancelled', 'amended', 'year_paid_ahead', 'reduced', 'law_changed', 'claimed',
                       'grievance')
    END AND (event IS NULL) = (cause NOT IN ('year_paid_ahead', 'reduced', 'law_changed', 'claimed', 'grievance'))
        AND coalesce(event <= billing_local_date(now()), true)
        AND (final IS NULL OR final <= billing_local_date(now()) AND (refund).origin = 'refund_payable'
             AND cause NOT IN ('grievance', 'no_tax')), false);
$$;

-- Whether it can go back in a way: what its owner gives away, or pays another bill with, is theirs to say.
CREATE OR REPLACE FUNCTION refunds_can_go(refund refunds_refund, way text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce(CASE way
        WHEN 'account' THEN true
        WHEN 'card' THEN (refund).by_card
        WHEN 'donation' THEN (refund).way = 'donation' AND (refund).asked_by_id IS NOT NULL
        WHEN 'set_off' THEN (refund).way = 'set_off'
    END, false);
$$;

-- The first officer: what it is, and by which way it goes back. 'done'; 'stale': less is owed than was believed, or it is no
-- longer open; 'impossible': it can't be that, or go so; NULL: not theirs. Its sums are computed anew by the worker, and
-- without them nobody approves. What the law says of it stands in law.sql.
DROP FUNCTION IF EXISTS refunds_assess(bigint, bigint, text, date, date, text, text, timestamptz);
CREATE OR REPLACE FUNCTION refunds_assess(
    of_refund bigint, believed bigint, new_cause text, new_event date, new_final date, new_way text, reason text,
    at timestamptz, new_arrived date DEFAULT NULL
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    refund refunds_refund%ROWTYPE;
BEGIN
    SELECT * INTO refund FROM refunds_refund r WHERE r.id = of_refund FOR UPDATE;
    IF refund.id IS NULL OR NOT refunds_mine_to_decide(refund)
       OR NOT (accounts_session_has_role('collector') OR accounts_session_has_role('assessor')) THEN
        RETURN NULL;
    ELSIF refund.status <> 'opened' OR refund.amount - refund.lost IS DISTINCT FROM believed THEN
        RETURN 'stale';
    ELSIF NOT (refund.told_by IN ('appeal', 'claim') OR refunds_can_be(refund, new_cause, new_event, new_final))
          OR NOT refunds_law_allows(refund, new_cause, new_event, new_final, new_arrived)
          OR NOT refunds_can_go(refund, new_way) THEN
        RETURN 'impossible';
    END IF;
    UPDATE refunds_refund r
    SET status = 'assessed', cause = new_cause, event_on = new_event, final_on = new_final, arrived_on = new_arrived, way = new_way,
        to_bill_id = CASE WHEN new_way = 'set_off' THEN r.to_bill_id END, figures_on = NULL,
        assessed_by_id = accounts_session_account(), assessed_at = at, approved_by_id = NULL, approved_at = NULL,
        third_by_id = NULL, third_at = NULL, needs_third = false, note = left(reason, 300)
    WHERE r.id = refund.id RETURNING * INTO refund;
    PERFORM refunds_note(refund, 'assessed', reason, at);
    PERFORM core_publish('refunds.figures_asked.v1', jsonb_build_object('refund_id', refund.id));
    RETURN 'done';
END $$;

-- Whether another refund of the same person comes first: arrears are set off with the one that is prescribed first (decree of
-- the Framework Act, article 37 paragraph 4), and nobody has decided about that one.
CREATE OR REPLACE FUNCTION refunds_comes_after(refund refunds_refund) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT (refund).plan @? '$.set_offs[*] ? (@.by_law == true)' AND EXISTS (
        SELECT FROM refunds_refund o
        WHERE o.taxpayer_id = (refund).taxpayer_id AND o.body_id = (refund).body_id AND o.status IN ('opened', 'assessed')
          AND o.amount > o.lost AND o.expires_on < (refund).expires_on);
$$;

-- The second officer, and the third. 'approved'; 'third': one more has to; 'rejected'; 'returned': to be assessed again;
-- 'stale': the sums are not those that were believed, or not today's; 'earlier': another one comes first; NULL: not theirs to
-- decide, or decided already.
CREATE OR REPLACE FUNCTION refunds_decide(
    of_refund bigint, verdict text, believed bigint, reason text, at timestamptz
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    refund refunds_refund%ROWTYPE;
    officer bigint := accounts_session_account();
    most bigint;
BEGIN
    SELECT * INTO refund FROM refunds_refund r WHERE r.id = of_refund FOR UPDATE;
    IF refund.id IS NULL OR refund.status <> 'assessed' OR NOT refunds_mine_to_decide(refund)
       OR NOT accounts_session_has_role('refund_approver') OR officer IN (refund.assessed_by_id, refund.approved_by_id)
       OR coalesce(verdict, '') NOT IN ('approve', 'reject', 'return')
       OR verdict <> 'approve' AND coalesce(trim(reason), '') = ''
    THEN
        RETURN NULL;
    ELSIF refund.amount - refund.lost + refund.interest IS DISTINCT FROM believed
          OR refund.figures_on IS DISTINCT FROM billing_local_date(at) AND verdict = 'approve' THEN
        RETURN 'stale';
    ELSIF verdict = 'approve' AND refunds_comes_after(refund) THEN
        RETURN 'earlier';
    ELSIF verdict = 'approve' THEN
        SELECT (t.body ->> 'third_above')::bigint INTO STRICT most FROM billing_datedtable t
        WHERE t.name = 'refund_desk' AND t.valid_from <= billing_local_date(at)
          AND (t.valid_to IS NULL OR billing_local_date(at) <= t.valid_to);
        RETURN refunds_grant(refund, believed > most, reason, at);
    ELSIF verdict = 'reject' THEN
        UPDATE refunds_refund r SET status = 'rejected', note = left(reason, 300)
        WHERE r.id = refund.id RETURNING * INTO refund;
        PERFORM refunds_note(refund, 'rejected', reason, at);
        PERFORM core_publish('refunds.ended.v1', jsonb_build_object(
            'refund_id', refund.id, 'taxpayer_id', refund.taxpayer_id, 'status', 'rejected'));
        RETURN 'rejected';
    END IF;
    UPDATE refunds_refund r
    SET status = 'opened', assessed_by_id = NULL, assessed_at = NULL, approved_by_id = NULL, approved_at = NULL
    WHERE r.id = refund.id RETURNING * INTO refund;
    PERFORM refunds_note(refund, 'opened', reason, at);
    RETURN 'returned';
END $$;

-- What was rejected is looked at anew, because somebody objected with success or it was a mistake. False: not theirs, or not
-- rejected.
CREATE OR REPLACE FUNCTION refunds_reopen(of_refund bigint, reason text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    refund refunds_refund%ROWTYPE;
BEGIN
    SELECT * INTO refund FROM refunds_refund r WHERE r.id = of_refund FOR UPDATE;
    IF refund.id IS NULL OR refund.status <> 'rejected' OR refund.amount = refund.lost OR coalesce(trim(reason), '') = ''
       OR NOT refunds_mine_to_decide(refund)
       OR NOT (accounts_session_has_role('collector') OR accounts_session_has_role('assessor')) THEN
        RETURN false;
    END IF;
    UPDATE refunds_refund r
    SET status = 'opened', figures_on = NULL, assessed_by_id = NULL, assessed_at = NULL, approved_by_id = NULL,
        approved_at = NULL, third_by_id = NULL, third_at = NULL, needs_third = false, note = ''
    WHERE r.id = refund.id RETURNING * INTO refund;
    PERFORM refunds_note(refund, 'opened', reason, at);
    PERFORM core_publish('refunds.figures_asked.v1', jsonb_build_object('refund_id', refund.id));
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION refunds_reopen(bigint, text, timestamptz) TO etax_office;

CREATE OR REPLACE FUNCTION refunds_grant(refund refunds_refund, large boolean, reason text, at timestamptz) RETURNS text
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    granted refunds_refund%ROWTYPE;
    last boolean := NOT large OR (refund).approved_by_id IS NOT NULL;
BEGIN
    IF (refund).approved_by_id IS NULL THEN
        UPDATE refunds_refund r
        SET approved_by_id = accounts_session_account(), approved_at = at, needs_third = large,
            status = CASE WHEN large THEN 'assessed' ELSE 'approved' END
        WHERE r.id = (refund).id RETURNING * INTO granted;
    ELSE
        UPDATE refunds_refund r
        SET third_by_id = accounts_session_account(), third_at = at, needs_third = true, status = 'approved'
        WHERE r.id = (refund).id RETURNING * INTO granted;
    END IF;
    PERFORM refunds_note(granted, CASE WHEN last THEN 'approved' ELSE 'assessed' END, reason, at);
    IF last THEN
        PERFORM core_publish('refunds.approved.v1', jsonb_build_object('refund_id', granted.id));
    END IF;
    RETURN CASE WHEN last THEN 'approved' ELSE 'third' END;
END $$;

GRANT EXECUTE ON FUNCTION refunds_assess(bigint, bigint, text, date, date, text, text, timestamptz, date),
    refunds_decide(bigint, text, bigint, text, timestamptz) TO etax_office;
