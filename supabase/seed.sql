-- Local conveniences, run by `supabase db reset` and `npm start`; product data is in migrations.

-- Where dispatch() reaches the functions of `supabase start`, and the secret key which the CLI
-- gives to every local project. A place that knows better has set or will set its own.
select vault.create_secret('http://kong:8000', 'sideline_project_url')
where not exists (select from vault.secrets where name = 'sideline_project_url');

select vault.create_secret('sb_secret_N7UND0UgjKTVK-Uodkm0Hg_xSvEMPvz', 'sideline_secret_key')
where not exists (select from vault.secrets where name = 'sideline_secret_key');
