-- Undoes 20261101090900_claims.sql.

drop function pipeline.claim_audio(int, int, text);
drop function pipeline.claim_ssml(int, int, text);
drop function pipeline.claim_analysis(int, int, text);
