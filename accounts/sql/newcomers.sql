-- People of a roll get their ids in one go, so that their numbers can follow in a second statement.
GRANT USAGE ON SEQUENCE accounts_taxpayer_id_seq TO etax_worker;
