-- Who deals with whom names its parents by statement, not by the row (core/sql/references.sql).
SELECT core_reference('accounts_taxpayerbody', 'taxpayer_id', 'accounts_taxpayer', 'id'),
       core_reference('accounts_taxpayerbody', 'body_id', 'accounts_levyingbody', 'code');
