-- Many entries by one statement a table, each of them balanced by itself: a bank's file of deposits. Side n belongs to entry
-- `places[n]` and puts `amounts[n]` (debit positive) on the account of `bodies[n]`, `taxes[n]` and `purposes[n]`.
CREATE OR REPLACE FUNCTION ledger_post_entries(
    kind text, entry_references text[], business_dates date[], moments timestamptz[],
    places integer[], bodies text[], taxes text[], purposes text[], amounts bigint[]
) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_variable
DECLARE
    ids bigint[] := core_next_ids('ledger_journalentry', cardinality(entry_references));
BEGIN
    WITH entries AS (
        INSERT INTO ledger_journalentry (id, kind, reference, business_date, occurred_at)
        SELECT e.id, kind, e.label, e.day, e.moment
        FROM unnest(ids, entry_references, business_dates, moments) AS e(id, label, day, moment)
    ), sides AS MATERIALIZED (
        SELECT * FROM unnest(places, bodies, taxes, purposes, amounts) AS s(place, body, tax, purpose, amount)
    ), accounts AS MATERIALIZED ( -- each is looked up, or opened, once
        SELECT k.*, ledger_account(k.body, k.tax, k.purpose) AS id
        FROM (SELECT DISTINCT s.body, s.tax, s.purpose FROM sides s) AS k
    )
    INSERT INTO ledger_posting (entry_id, account_id, amount)
    SELECT ids[s.place], a.id, s.amount
    FROM sides s JOIN accounts a ON a.body = s.body AND a.tax = s.tax AND a.purpose = s.purpose
    ORDER BY s.place;
END $$;
GRANT EXECUTE ON FUNCTION ledger_post_entries(
    text, text[], date[], timestamptz[], integer[], text[], text[], text[], bigint[]
) TO etax_worker;
