-- A link to pay certain bills: asked for by an agent whose caller was checked, sent by the worker, which alone knows its
-- secret and its telephone, opened once by whoever got it. docs/adr/0025.

-- Answer: the link's number (of a form sent twice, the same), or -1 where too many messages went to this telephone (3 in the
-- hour) or from this agent (60), or NULL where these are not the bills of the caller who was checked.
CREATE OR REPLACE FUNCTION payments_ask_for_link(
    of_call bigint, of_form text, new_reference text, bills bigint[], telephone text, sealed bytea, language text
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine payments_call := payments_my_call(of_call, true);
    made bigint;
BEGIN
    SELECT l.id INTO made FROM payments_paylink l WHERE l.call_id = mine.id AND l.form_key = of_form;
    IF made IS NOT NULL THEN
        RETURN made;
    END IF;
    IF NOT payments_bills_of_caller(mine, bills) OR telephone !~ '^01[0-9]{8,9}$' OR octet_length(sealed) > 1000 THEN
        RETURN NULL;
    END IF;
    IF accounts_too_often('pay_link', telephone, 3, interval '1 hour')
       OR accounts_too_often('pay_links', mine.officer_id::text, 60, interval '1 hour') THEN
        RETURN -1;
    END IF;
    INSERT INTO payments_paylink (reference, call_id, form_key, language, telephone_shown, sealed_telephone, status,
                                  expires_at, ask_at)
    VALUES (new_reference, mine.id, of_form, payments_ask_for_link.language, payments_telephone_shown(telephone), sealed,
            'asked', now() + interval '1 day', now())
    RETURNING id INTO made;
    INSERT INTO payments_paylinkitem (link_id, bill_id) SELECT made, bill FROM unnest(bills) AS bill;
    PERFORM core_audit('call.link_asked', 'link:' || new_reference, mine.officer_id, mine.taxpayer_id, '',
                       jsonb_build_object('call', mine.id, 'bills', bills, 'telephone', payments_telephone_shown(telephone)),
                       '', '');
    PERFORM core_publish('payments.link_asked.v1', jsonb_build_object('link_id', made));
    RETURN made;
END $$;

-- The agent takes it back before it was opened: a wrong number, a caller who changed their mind.
CREATE OR REPLACE FUNCTION payments_withdraw_link(of_reference text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    taken payments_paylink;
BEGIN
    UPDATE payments_paylink l SET withdrawn_at = now()
    WHERE l.reference = of_reference AND l.withdrawn_at IS NULL AND l.opened_at IS NULL AND EXISTS (
        SELECT FROM payments_call c WHERE c.id = l.call_id AND c.officer_id = accounts_session_account())
    RETURNING * INTO taken;
    IF taken.id IS NULL THEN
        RETURN false;
    END IF;
    PERFORM core_audit('call.link_withdrawn', 'link:' || taken.reference, accounts_session_account(), NULL, '', '{}', '', '');
    RETURN true;
END $$;

-- The bills of a link that are in force: one that was cancelled or changed since keeps no other from being paid.
CREATE OR REPLACE FUNCTION payments_bills_of_link(of_link bigint) RETURNS bigint[]
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT array_agg(i.bill_id ORDER BY i.id) FROM payments_paylinkitem i JOIN billing_bill b ON b.id = i.bill_id
    WHERE i.link_id = of_link AND b.status = 'issued';
$$;

-- How a link stands for whoever holds it: `open`, `mine` (this browser opened it), `elsewhere`, `expired`, `withdrawn`,
-- `changed` (none of its bills is in force); NULL where there is none.
CREATE OR REPLACE FUNCTION payments_link_standing(link payments_paylink) RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT CASE
        WHEN link.id IS NULL THEN NULL
        WHEN link.withdrawn_at IS NOT NULL THEN 'withdrawn'
        WHEN link.expires_at <= now() THEN 'expired'
        WHEN payments_bills_of_link(link.id) IS NULL THEN 'changed'
        WHEN link.opened_at IS NULL THEN 'open'
        WHEN link.session_mark = billing_session_mark() THEN 'mine'
        ELSE 'elsewhere' END;
$$;

-- Looking shows how many bills it is about and until when, and opens nothing: programs look at links before people do.
CREATE OR REPLACE FUNCTION payments_look_at_link(secret text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (
        SELECT jsonb_build_object(
            'standing', payments_link_standing(l), 'expires_at', l.expires_at,
            'bills', coalesce(cardinality(payments_bills_of_link(l.id)), 0))
        FROM payments_paylink l WHERE l.token_hash = sha256(convert_to(secret, 'UTF8')));
END $$;

-- Open it in the running browser: from now on that session, and no other, sees exactly these bills, to pay them, for an hour
-- at most. Answer: the bills, or NULL where it does not open here (any more).
CREATE OR REPLACE FUNCTION payments_open_link(secret text) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    link payments_paylink;
    bills bigint[];
BEGIN
    SELECT * INTO link FROM payments_paylink l WHERE l.token_hash = sha256(convert_to(secret, 'UTF8')) FOR UPDATE;
    IF billing_session_mark() IS NULL OR coalesce(payments_link_standing(link), '') NOT IN ('open', 'mine') THEN
        RETURN NULL;
    END IF;
    bills := payments_bills_of_link(link.id);
    PERFORM billing_show_to_pay(bills, least(link.expires_at, now() + interval '1 hour'));
    IF link.opened_at IS NULL THEN
        UPDATE payments_paylink l SET opened_at = now(), session_mark = billing_session_mark() WHERE l.id = link.id;
        PERFORM core_audit('link.opened', 'link:' || link.reference, NULL, NULL, '', '{}', '', '');
    END IF;
    RETURN bills;
END $$;

GRANT EXECUTE ON FUNCTION payments_ask_for_link(bigint, text, text, bigint[], text, bytea, text),
    payments_withdraw_link(text) TO etax_office;
GRANT EXECUTE ON FUNCTION payments_look_at_link(text), payments_open_link(text) TO etax_public;
