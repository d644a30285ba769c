-- Whether a notification shows the secret that the gateway gave when it issued the order's account; null: none is known.
CREATE OR REPLACE FUNCTION payments_secret_fits(of_gateway text, of_reference text, shown text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (SELECT v.secret_hash = sha256(convert_to(shown, 'UTF8'))
            FROM payments_attempt a JOIN payments_virtualaccount v ON v.attempt_id = a.id
            WHERE a.reference = of_reference AND a.gateway = of_gateway);
END $$;
GRANT EXECUTE ON FUNCTION payments_secret_fits(text, text, text) TO etax_intake, etax_worker;
