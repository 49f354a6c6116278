-- Undoes 20261101101020_audit_log.sql.

drop function pipeline.log_refused_calls(text, text, int);
drop trigger video_recordings_910_log_deleted on public.video_recordings;
drop function pipeline.log_deleted_recordings();
drop trigger retries_200_log on pipeline.retries;
drop function pipeline.log_retries();
drop trigger user_quotas_200_log_change on pipeline.user_quotas;
drop trigger stages_200_log_change on pipeline.stages;
drop function pipeline.log_change();
drop function pipeline.log_security_event(text, text, jsonb);
drop table pipeline.audit_log;
