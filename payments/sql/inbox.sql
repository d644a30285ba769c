-- The inbox: a message is stored by one call in a commit of its own, and judged by another.
-- In plpgsql, which keeps its plans from call to call on every server version.

-- The same bytes again are the same message: counted, and looked at again, since the first may have been a forgery's.
-- The headers are the first ones, until they are refused: what proved a message stays beside it, whoever copies it.
-- A message that nobody judges within a minute (the process died) is taken up by the sweep.
CREATE OR REPLACE FUNCTION payments_receive(of_gateway text, of_digest text, of_body bytea, of_headers jsonb)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    stored bigint;
BEGIN
    INSERT INTO payments_inboxmessage AS m
        (gateway, digest, body, headers, reference, verdict, problem, times, asks, ask_at)
    VALUES (of_gateway, of_digest, of_body, of_headers, '', 'received', '', 1, 0, now() + interval '1 minute')
    ON CONFLICT (gateway, digest) DO UPDATE SET
        times = m.times + 1, last_received_at = now(),
        headers = CASE m.verdict WHEN 'refused' THEN excluded.headers ELSE m.headers END,
        ask_at = CASE WHEN m.verdict IN ('received', 'refused') THEN excluded.ask_at ELSE m.ask_at END
    RETURNING m.id INTO stored;
    RETURN stored;
END $$;

-- A verdict never goes back: what was processed stays processed, and what was once proved to be the gateway's is not refused
-- because somebody sends a copy of it without the proof.
CREATE OR REPLACE FUNCTION payments_judge(
    message_id bigint, new_verdict text, new_problem text, of_reference text, next_ask timestamptz
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    UPDATE payments_inboxmessage m
    SET verdict = new_verdict, problem = left(new_problem, 200), reference = left(of_reference, 64), ask_at = next_ask,
        processed_at = CASE WHEN new_verdict = 'processed' THEN now() END
    WHERE m.id = message_id AND m.verdict <> 'processed'
    AND (new_verdict <> 'refused' OR m.verdict IN ('received', 'refused'));
END $$;
