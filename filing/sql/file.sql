-- Filing a return in the name of the running session: a citizen's for the records it may act for, an officer's for somebody who
-- is present. What it comes to is computed by the worker; nothing here is believed but who files and what was typed.

-- `made`: the return. `problem`: '' it is filed; 'not_yours', 'filed_before' (made: the newest about the thing), 'not_open' (the
-- one to be amended is amended or over), 'too_many'. The same form sent again is the same return.
CREATE OR REPLACE FUNCTION filing_file(
    of_taxpayer bigint, of_body text, of_kind text, of_thing text, declared jsonb, last_day date, shown bigint, instead_of bigint,
    form_key uuid, OUT made bigint, OUT problem text
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    who bigint := accounts_session_account();
    office boolean := session_user = 'etax_office';
    today date := billing_local_date(now());
BEGIN
    IF who IS NULL OR NOT coalesce(CASE WHEN office THEN
            accounts_session_keeps_records() AND of_body = ANY (accounts_session_bodies())
            AND of_taxpayer <> ALL (accounts_session_own_files())
            AND (accounts_session_of_the_city() OR EXISTS (
                SELECT FROM accounts_taxpayerbody d
                WHERE d.taxpayer_id = of_taxpayer AND d.body_id = ANY (accounts_session_bodies())))
        ELSE of_taxpayer = ANY (accounts_session_taxpayers()) END, false)
       OR octet_length(declared::text) > 4000 OR length(of_thing) NOT BETWEEN 1 AND 200
       OR NOT EXISTS (SELECT FROM accounts_levyingbody b WHERE b.code = of_body AND b.kind = 'district') THEN
        problem := 'not_yours';
        RETURN;
    END IF;
    SELECT r.id INTO made FROM filing_return r WHERE r.key = form_key AND r.filed_by_id = who;
    IF made IS NOT NULL THEN
        problem := '';
        RETURN;
    END IF;
    IF NOT office AND 50 <= (SELECT count(*) FROM filing_return r WHERE r.taxpayer_id = of_taxpayer AND r.filed_on = today) THEN
        problem := 'too_many';
        RETURN;
    END IF;
    IF instead_of IS NOT NULL AND NOT EXISTS (
        SELECT FROM filing_return r
        WHERE r.id = instead_of AND r.taxpayer_id = of_taxpayer AND r.kind = of_kind AND r.thing = of_thing
          AND r.body_id = of_body AND r.status IN ('billed', 'nothing')) THEN
        problem := 'not_open';
        RETURN;
    END IF;
    -- The indexes say what is filed once: of two forms at the same moment the second waits here for the first.
    INSERT INTO filing_return AS r (taxpayer_id, body_id, kind, thing, inputs, due_on, filed_on, filed_at, filed_by_id, at_counter,
                                    key, said, amends_id, status, why)
    VALUES (of_taxpayer, of_body, of_kind, of_thing, declared, last_day, today, now(), who, office, form_key, shown, instead_of,
            'filed', '')
    ON CONFLICT DO NOTHING RETURNING r.id INTO made;
    IF made IS NULL THEN
        SELECT r.id INTO made FROM filing_return r WHERE r.key = form_key AND r.filed_by_id = who;
        problem := CASE WHEN made IS NOT NULL THEN '' WHEN instead_of IS NOT NULL THEN 'not_open' ELSE 'filed_before' END;
        IF problem = 'filed_before' THEN
            SELECT max(r.id) INTO made FROM filing_return r
            WHERE r.taxpayer_id = of_taxpayer AND r.kind = of_kind AND r.thing = of_thing
              AND r.status NOT IN ('refused', 'cancelled', 'lapsed');
        END IF;
        RETURN;
    END IF;
    problem := '';
    PERFORM accounts_deal_with(ARRAY[of_taxpayer], of_body);
    PERFORM core_audit('filing.filed', 'return:' || made, who, of_taxpayer, '',
                       jsonb_build_object('kind', of_kind, 'amends', instead_of), '', '');
    PERFORM core_publish('filing.filed.v1', jsonb_build_object('return_id', made));
END $$;
GRANT EXECUTE ON FUNCTION filing_file(bigint, text, text, text, jsonb, date, bigint, bigint, uuid) TO etax_public, etax_office;
