-- Undoes 20261101091900_domains.sql.

drop domain public.ssml;
drop domain public.plain_name;
drop domain public.unit;
drop domain public.note;
drop domain public.summary;
drop domain public.title;
drop domain public.remark;
drop domain public.severity;
drop domain public.category;
drop domain public.stage_status;
