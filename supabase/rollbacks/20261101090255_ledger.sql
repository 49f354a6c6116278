-- Undoes 20261101090255_ledger.sql.

drop function pipeline.drop_old_answers();
drop function pipeline.spent_on_day(text, uuid, timestamptz);
drop function pipeline.forget_answers(text[], bigint[], text);
drop function pipeline.find_answer(text, bigint, text);
drop function pipeline.record_call(jsonb);
drop function pipeline.cost_of(pipeline.provider_calls, pipeline.provider_prices);
drop function pipeline.price_of(text, text, timestamptz);
drop table pipeline.provider_calls;
drop table pipeline.provider_prices;
