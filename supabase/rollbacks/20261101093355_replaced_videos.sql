-- Undoes 20261101093355_replaced_videos.sql.

drop function pipeline.recognise_replacements();
drop sequence pipeline.replacements_looked_at;
