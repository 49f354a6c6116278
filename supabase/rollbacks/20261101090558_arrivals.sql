-- Undoes 20261101090558_arrivals.sql.

drop sequence pipeline.arrivals_dispatched;
drop sequence pipeline.arrivals;
