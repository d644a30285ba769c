-- Many entries by one statement, each of them balanced by itself and with sides of its own: a bank's file of deposits.
-- `sides`: for each entry what ledger_post_entry takes, [{"body", "tax", "purpose", "amount"}, …].
CREATE OR REPLACE FUNCTION ledger_post_entries(
    kind text, entry_references text[], business_dates date[], moments timestamptz[], sides jsonb[]
) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_variable
DECLARE
    ids bigint[] := core_next_ids('ledger_journalentry', cardinality(entry_references));
BEGIN
    WITH entries AS (
        INSERT INTO ledger_journalentry (id, kind, reference, business_date, occurred_at)
        SELECT e.id, kind, e.label, e.day, e.moment
        FROM unnest(ids, entry_references, business_dates, moments) AS e(id, label, day, moment)
    )
    INSERT INTO ledger_posting (entry_id, account_id, amount)
    SELECT e.id, coalesce(a.id, ledger_account(p.body, p.tax, p.purpose)), p.amount
    FROM unnest(ids, sides) AS e(id, side)
    CROSS JOIN LATERAL jsonb_to_recordset(e.side) AS p(body text, tax text, purpose text, amount bigint)
    LEFT JOIN ledger_ledgeraccount a ON a.body_id = p.body AND a.tax = p.tax AND a.purpose = p.purpose;
END $$;
GRANT EXECUTE ON FUNCTION ledger_post_entries(text, text[], date[], timestamptz[], jsonb[]) TO etax_worker;
