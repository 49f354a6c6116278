-- Undoes 20261101101200_alerts.sql.

drop function pipeline.evaluate_alerts();
drop function pipeline.update_alerts(timestamptz);
drop function pipeline.tell_alert(pipeline.alerts, pipeline.alert_rules);
-- Deletes: the setting of a table that is gone.
delete from pipeline.retention where table_name = 'alerts';
drop table pipeline.alerts;
drop table pipeline.alert_rules;
