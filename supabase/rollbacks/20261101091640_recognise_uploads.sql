-- Undoes 20261101091640_recognise_uploads.sql.

drop function pipeline.recognise_uploads(interval);
