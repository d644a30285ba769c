-- Due dates moved for everybody: all bills that an act in force names (or, for new bills, all such acts) in one statement.
-- Locks the bills in the order of their keys, as payments do. Answers how many were moved; again, it moves no more.
CREATE OR REPLACE FUNCTION billing_extend(of_extension bigint, of_bills bigint[]) RETURNS integer
LANGUAGE plpgsql SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    moved integer;
BEGIN
    IF NOT EXISTS (SELECT FROM billing_extension e WHERE e.status = 'done') THEN
        RETURN 0;
    END IF;
    -- Locked first, read afterwards: whoever waited here for another act or a payment sees the due date that it left.
    PERFORM FROM (
        SELECT b.id FROM billing_bill b
        WHERE b.status = 'issued' AND (of_bills IS NULL OR b.id = ANY (of_bills)) AND EXISTS (
            SELECT FROM billing_extension e
            WHERE e.status = 'done' AND (of_extension IS NULL OR e.id = of_extension)
              AND b.nominal_due_on BETWEEN e.nominal_from AND e.nominal_to AND b.due_on < e.due
              AND (e.taxes = '[]' OR e.taxes ? b.tax_id) AND (e.bodies = '[]' OR e.bodies ? b.body_id))
        ORDER BY b.id FOR UPDATE OF b
    ) AS locked;
    WITH named AS (
        SELECT DISTINCT ON (b.id) b.id, b.due_on, e.id AS extension_id, e.due
        FROM billing_extension e
        JOIN billing_bill b ON b.nominal_due_on BETWEEN e.nominal_from AND e.nominal_to
            AND b.status = 'issued' AND b.due_on < e.due
            AND (e.taxes = '[]' OR e.taxes ? b.tax_id) AND (e.bodies = '[]' OR e.bodies ? b.body_id)
        WHERE e.status = 'done' AND (of_extension IS NULL OR e.id = of_extension)
          AND (of_bills IS NULL OR b.id = ANY (of_bills))
        ORDER BY b.id, e.due DESC
    ), noted AS (
        INSERT INTO billing_duemove (bill_id, extension_id, old_due_on, new_due_on)
        SELECT n.id, n.extension_id, n.due_on, n.due FROM named n
    )
    UPDATE billing_bill b SET due_on = n.due FROM named n WHERE b.id = n.id;
    GET DIAGNOSTICS moved = ROW_COUNT;
    RETURN moved;
END $$;
GRANT EXECUTE ON FUNCTION billing_extend(bigint, bigint[]) TO etax_worker;
