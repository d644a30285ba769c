-- A bill as a signed file, for whoever may see the bill: row-level security can't be asked by a function of the owner's, so
-- it is asked here in words. `token` is the hash of the secret of the asker's link. Ten a day of one bill; false beyond.
CREATE OR REPLACE FUNCTION billing_ask_paper(of_bill bigint, token bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    request bigint;
BEGIN
    PERFORM FROM billing_bill b
    WHERE b.id = of_bill AND b.status = 'issued' AND (
        b.taxpayer_id = ANY ((SELECT accounts_session_taxpayers())::bigint[])
        OR b.id = ANY ((SELECT billing_session_bills())::bigint[])) AND b.id <> ALL (billing_session_pays_only());
    IF NOT FOUND OR length(token) <> 32 THEN
        RETURN false;
    END IF;
    IF 10 <= (SELECT count(*) FROM billing_paperrequest r
              WHERE r.bill_id = of_bill AND r.asked_at > now() - interval '1 day') THEN
        RETURN false;
    END IF;
    INSERT INTO billing_paperrequest (bill_id, token) VALUES (of_bill, billing_ask_paper.token) RETURNING id INTO request;
    PERFORM core_publish('billing.paper_asked.v1', jsonb_build_object('request_id', request));
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION billing_ask_paper(bigint, bytea) TO etax_public;
