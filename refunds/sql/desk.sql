-- What one officer asks for about a refund and another decides, whatever the office's process has become: the account into
-- which money of nobody goes, and the end of what is claimed back.

SELECT core_secure(name) FROM unnest(ARRAY['refunds_destination', 'refunds_recovery']) AS name;
SELECT core_open('refunds_destination', 'etax_worker', 'SELECT'), core_open('refunds_recovery', 'etax_worker', 'SELECT, INSERT');
GRANT SELECT ON refunds_destination, refunds_recovery TO etax_office;
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['refunds_destination', 'refunds_recovery'] LOOP
        EXECUTE format('DROP POLICY IF EXISTS with_refund ON %I', name);
        EXECUTE format('CREATE POLICY with_refund ON %I FOR SELECT TO etax_office
            USING (EXISTS (SELECT FROM refunds_refund r WHERE r.id = refund_id))', name);
        EXECUTE format('SELECT core_kept(%L, ''id'')', name);
    END LOOP;
END $$;
SELECT core_fixed('refunds_destination', name)
FROM unnest(ARRAY['refund_id', 'bank', 'number', 'holder', 'asked_by_id', 'asked_at']) AS name;
SELECT core_fixed('refunds_recovery', name)
FROM unnest(ARRAY['refund_id', 'amount', 'way', 'source_id', 'leg_id', 'asked_by_id', 'asked_at']) AS name;

CREATE OR REPLACE FUNCTION refunds_may_ask(refund refunds_refund) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT (refund).id IS NOT NULL AND refunds_mine_to_decide(refund)
       AND (accounts_session_has_role('collector') OR accounts_session_has_role('assessor'));
$$;

-- An account for money that belongs to nobody known here. Its id; NULL: not theirs, somebody's known, over, or one waits.
CREATE OR REPLACE FUNCTION refunds_ask_destination(
    of_refund bigint, to_bank text, to_number text, to_holder text, why text, at timestamptz
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    refund refunds_refund%ROWTYPE;
    made bigint;
BEGIN
    SELECT * INTO refund FROM refunds_refund r WHERE r.id = of_refund FOR UPDATE;
    IF NOT refunds_may_ask(refund) OR refund.taxpayer_id IS NOT NULL OR refund.status IN ('paid', 'rejected', 'lapsed') THEN
        RETURN NULL;
    END IF;
    INSERT INTO refunds_destination AS d (refund_id, bank, number, holder, reason, status, asked_by_id, asked_at)
    VALUES (of_refund, to_bank, to_number, trim(to_holder), left(trim(why), 300), 'asked', accounts_session_account(), at)
    ON CONFLICT DO NOTHING RETURNING d.id INTO made;
    RETURN made;
END $$;

-- Decided by an approver who is not the one who asked. False: not theirs, or decided.
CREATE OR REPLACE FUNCTION refunds_decide_destination(wish bigint, granting boolean, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE refunds_destination d
    SET status = CASE WHEN granting THEN 'done' ELSE 'rejected' END, decided_by_id = accounts_session_account(),
        decided_at = at
    FROM refunds_refund r
    WHERE d.id = wish AND r.id = d.refund_id AND d.status = 'asked' AND d.asked_by_id <> accounts_session_account()
      AND refunds_mine_to_decide(r) AND accounts_session_has_role('refund_approver');
    RETURN FOUND;
END $$;

-- Won of a refund that left, were lost, and did not come back.
CREATE OR REPLACE FUNCTION refunds_claimed(of_refund bigint) RETURNS bigint
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT ((SELECT coalesce(sum(l.claimed_back), 0) FROM refunds_loss l WHERE l.refund_id = of_refund)
          - (SELECT coalesce(sum(c.amount), 0) FROM refunds_recovery c
             WHERE c.refund_id = of_refund AND c.status = 'done'))::bigint;
$$;

-- Whether another refund can keep so many won for a claim: nobody has decided about it, and it is the same person's, or money
-- of nobody, which two officers say came for this.
CREATE OR REPLACE FUNCTION refunds_can_keep(claim refunds_refund, source refunds_refund, amount bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce((source).id <> (claim).id AND (source).status IN ('opened', 'assessed')
        AND (source).amount - (source).lost >= amount AND (source).interest = 0
        AND ((source).taxpayer_id IS NULL OR (source).taxpayer_id = (claim).taxpayer_id), false);
$$;

-- The end of a claim, asked for. Its id; NULL: not theirs, not so much is claimed, the other refund can't keep it, or one waits.
CREATE OR REPLACE FUNCTION refunds_ask_recovery(
    of_refund bigint, won bigint, ends text, kept_from text, why text, at timestamptz
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    refund refunds_refund%ROWTYPE;
    source refunds_refund%ROWTYPE;
    made bigint;
BEGIN
    SELECT * INTO refund FROM refunds_refund r WHERE r.id = of_refund FOR UPDATE;
    SELECT * INTO source FROM refunds_refund r WHERE ends = 'kept' AND r.reference = kept_from;
    IF NOT refunds_may_ask(refund) OR NOT coalesce(won BETWEEN 1 AND refunds_claimed(of_refund), false)
       OR NOT coalesce(ends = 'written_off' OR ends = 'kept' AND refunds_mine_to_decide(source)
                       AND refunds_can_keep(refund, source, won), false) THEN
        RETURN NULL;
    END IF;
    INSERT INTO refunds_recovery AS c (refund_id, amount, way, source_id, reason, status, asked_by_id, asked_at)
    VALUES (of_refund, won, ends, source.id, left(trim(why), 300), 'asked', accounts_session_account(), at)
    ON CONFLICT DO NOTHING RETURNING c.id INTO made;
    RETURN made;
END $$;

-- Decided by an approver who is not the one who asked, in the books too. 'done', 'rejected'; 'stale': not so much is claimed by
-- now, or the other refund can't keep it any more; NULL: not theirs, or decided. Refunds are locked in the order of their keys.
CREATE OR REPLACE FUNCTION refunds_decide_recovery(wish bigint, granting boolean, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    decided refunds_recovery%ROWTYPE;
    refund refunds_refund%ROWTYPE;
    source refunds_refund%ROWTYPE;
BEGIN
    PERFORM FROM refunds_refund r JOIN refunds_recovery c ON r.id IN (c.refund_id, c.source_id)
    WHERE c.id = wish ORDER BY r.id FOR UPDATE OF r;
    SELECT * INTO decided FROM refunds_recovery c WHERE c.id = wish FOR UPDATE;
    SELECT * INTO refund FROM refunds_refund r WHERE r.id = decided.refund_id;
    SELECT * INTO source FROM refunds_refund r WHERE r.id = decided.source_id;
    IF NOT coalesce(decided.status = 'asked' AND decided.asked_by_id <> accounts_session_account()
                    AND refunds_mine_to_decide(refund) AND accounts_session_has_role('refund_approver')
                    AND (source.id IS NULL OR refunds_mine_to_decide(source)), false) THEN
        RETURN NULL;
    ELSIF granting AND (decided.amount > refunds_claimed(refund.id)
                        OR decided.way = 'kept' AND NOT refunds_can_keep(refund, source, decided.amount)) THEN
        RETURN 'stale';
    END IF;
    UPDATE refunds_recovery c
    SET status = CASE WHEN granting THEN 'done' ELSE 'rejected' END, decided_by_id = accounts_session_account(),
        decided_at = at
    WHERE c.id = wish;
    IF granting THEN
        PERFORM refunds_post_recovery(decided, refund, source, at);
    END IF;
    RETURN CASE WHEN granting THEN 'done' ELSE 'rejected' END;
END $$;

-- The claim is a debit where the money of the refund stood; it is paid by what another refund keeps back, or given up.
CREATE OR REPLACE FUNCTION refunds_post_recovery(
    done refunds_recovery, refund refunds_refund, keeper refunds_refund, at timestamptz
) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    body text := coalesce((keeper).body_id, (refund).body_id);
    tax text := coalesce((keeper).tax, (refund).tax);
    purpose text := coalesce((keeper).origin, 'revenue');
    kept refunds_refund%ROWTYPE;
BEGIN
    IF (body, tax, purpose) IS DISTINCT FROM ((refund).body_id, (refund).tax, (refund).origin) THEN
        PERFORM ledger_post_entry('refund_recovered', (refund).reference || '/' || (done).id, billing_local_date(at), at,
            jsonb_build_array(
                jsonb_build_object('body', body, 'tax', tax, 'purpose', purpose, 'amount', (done).amount),
                jsonb_build_object('body', (refund).body_id, 'tax', (refund).tax, 'purpose', (refund).origin,
                                   'amount', -(done).amount)));
    END IF;
    IF (keeper).id IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO refunds_loss (refund_id, amount, claimed_back) VALUES ((keeper).id, (done).amount, 0);
    UPDATE refunds_refund r
    SET lost = r.lost + (done).amount, figures_on = NULL, assessed_by_id = NULL, assessed_at = NULL, approved_by_id = NULL,
        approved_at = NULL, third_by_id = NULL, third_at = NULL, needs_third = false,
        status = CASE WHEN r.lost + (done).amount = r.amount THEN 'lapsed' ELSE 'opened' END
    WHERE r.id = (keeper).id RETURNING * INTO kept;
    PERFORM refunds_note(kept, kept.status, (refund).reference, at);
    PERFORM core_publish('refunds.figures_asked.v1', jsonb_build_object('refund_id', kept.id));
END $$;

GRANT EXECUTE ON FUNCTION refunds_ask_destination(bigint, text, text, text, text, timestamptz),
    refunds_decide_destination(bigint, boolean, timestamptz),
    refunds_ask_recovery(bigint, bigint, text, text, text, timestamptz),
    refunds_decide_recovery(bigint, boolean, timestamptz) TO etax_office;
