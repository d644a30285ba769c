-- Transaction numbers order sealing and adding up. A logical restore into a new cluster brings rows whose numbers are of
-- the old one; this makes them older than everything that is to come (`manage.py after_restore`).
CREATE OR REPLACE FUNCTION core_forget_transactions(target text) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    EXECUTE format('ALTER TABLE %I DISABLE TRIGGER append_only', target);
    EXECUTE format('UPDATE %I SET written_in = 1', target);
    EXECUTE format('ALTER TABLE %I ENABLE TRIGGER append_only', target);
END $$;
