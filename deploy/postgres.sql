-- Run once, when the database of compose.yaml is made: what PgBouncer can't pass on.
ALTER ROLE backline SET plan_cache_mode = force_generic_plan;
ALTER ROLE backline SET jit = off;
ALTER ROLE backline SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE backline SET statement_timeout = '30s';
