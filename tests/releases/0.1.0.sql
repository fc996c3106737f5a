SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.cache_invalidations (
    id bigint NOT NULL,
    tag text NOT NULL,
    xid bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT cache_invalidations_tag_check CHECK ((octet_length(tag) <= 200))
);
ALTER TABLE public.cache_invalidations ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.cache_invalidations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.idempotency_keys (
    user_id uuid NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    status smallint,
    headers json,
    body bytea,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT idempotency_keys_key_check CHECK ((octet_length(key) <= 255))
);
CREATE TABLE public.instance (
    key text NOT NULL,
    value text NOT NULL
);
CREATE TABLE public.job_schedules (
    name text NOT NULL,
    slot timestamp with time zone NOT NULL
);
CREATE TABLE public.jobs (
    id uuid NOT NULL,
    owner_id uuid,
    kind text NOT NULL,
    payload json NOT NULL,
    state text DEFAULT 'queued'::text NOT NULL,
    priority smallint DEFAULT 0 NOT NULL,
    run_at timestamp with time zone DEFAULT now() NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    max_attempts integer NOT NULL,
    crashes smallint DEFAULT 0 NOT NULL,
    worker uuid,
    lease_until timestamp with time zone,
    progress_done bigint DEFAULT 0 NOT NULL,
    progress_total bigint DEFAULT 0 NOT NULL,
    progress_message text DEFAULT ''::text NOT NULL,
    unique_key text,
    subject_kind text,
    subject_id uuid,
    error text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    CONSTRAINT jobs_max_attempts_check CHECK ((max_attempts > 0)),
    CONSTRAINT jobs_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'done'::text, 'dead'::text, 'cancelled'::text])))
)
WITH (fillfactor='80', autovacuum_vacuum_scale_factor='0.05', autovacuum_vacuum_insert_scale_factor='0.2', autovacuum_analyze_scale_factor='0.1');
CREATE TABLE public.login_failures (
    at timestamp with time zone DEFAULT now() NOT NULL,
    email_key text NOT NULL,
    address text NOT NULL
);
CREATE TABLE public.schema_migrations (
    package text NOT NULL,
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE public.sessions (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    generation integer DEFAULT 1 NOT NULL,
    rotated_at timestamp with time zone DEFAULT now() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone,
    ended_at timestamp with time zone,
    end_reason text,
    user_agent text DEFAULT ''::text NOT NULL,
    address text DEFAULT ''::text NOT NULL
);
CREATE TABLE public.track_details (
    track_id uuid NOT NULL,
    owner_id uuid NOT NULL,
    codec text NOT NULL,
    sample_rate_hz integer NOT NULL,
    channels smallint NOT NULL,
    duration_samples bigint NOT NULL,
    peaks bytea NOT NULL,
    warnings text[] DEFAULT '{}'::text[] NOT NULL,
    files jsonb NOT NULL,
    rendered_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE public.tracks (
    id uuid NOT NULL,
    owner_id uuid NOT NULL,
    title text NOT NULL,
    artist text DEFAULT ''::text NOT NULL,
    album text DEFAULT ''::text NOT NULL,
    album_artist text DEFAULT ''::text NOT NULL,
    genre text DEFAULT ''::text NOT NULL,
    year smallint,
    track_number smallint,
    disc_number smallint,
    duration_ms integer,
    status text DEFAULT 'processing'::text NOT NULL,
    error text,
    job_id uuid,
    filename text NOT NULL,
    content_type text NOT NULL,
    size_bytes bigint NOT NULL,
    sha256 bytea NOT NULL,
    loudness_lufs double precision,
    true_peak_dbtp double precision,
    gain_db double precision,
    generation text,
    has_cover boolean DEFAULT false NOT NULL,
    edited boolean DEFAULT false NOT NULL,
    title_key text NOT NULL COLLATE pg_catalog."C",
    artist_key text NOT NULL COLLATE pg_catalog."C",
    album_key text NOT NULL COLLATE pg_catalog."C",
    search tsvector NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    version bigint DEFAULT 1 NOT NULL,
    CONSTRAINT tracks_status_check CHECK ((status = ANY (ARRAY['processing'::text, 'ready'::text, 'failed'::text])))
);
CREATE TABLE public.uploads (
    id uuid NOT NULL,
    owner_id uuid NOT NULL,
    filename text NOT NULL,
    content_type text NOT NULL,
    length_bytes bigint NOT NULL,
    offset_bytes bigint DEFAULT 0 NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    track_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT uploads_check CHECK (((offset_bytes >= 0) AND (offset_bytes <= length_bytes))),
    CONSTRAINT uploads_check1 CHECK (((track_id IS NOT NULL) = (offset_bytes = length_bytes))),
    CONSTRAINT uploads_length_bytes_check CHECK ((length_bytes > 0))
);
CREATE TABLE public.users (
    id uuid NOT NULL,
    email text NOT NULL,
    email_key text NOT NULL,
    name text NOT NULL,
    password_hash text NOT NULL,
    role text DEFAULT 'user'::text NOT NULL,
    disabled_at timestamp with time zone,
    deleted_at timestamp with time zone,
    quota_bytes bigint,
    used_bytes bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    CONSTRAINT users_quota_bytes_check CHECK ((quota_bytes >= 0)),
    CONSTRAINT users_role_check CHECK ((role = ANY (ARRAY['user'::text, 'admin'::text]))),
    CONSTRAINT users_used_bytes_check CHECK ((used_bytes >= 0))
);
ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (user_id, key);
ALTER TABLE ONLY public.instance
    ADD CONSTRAINT instance_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.job_schedules
    ADD CONSTRAINT job_schedules_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (package, name);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.track_details
    ADD CONSTRAINT track_details_pkey PRIMARY KEY (track_id);
ALTER TABLE ONLY public.tracks
    ADD CONSTRAINT tracks_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.uploads
    ADD CONSTRAINT uploads_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_email_key_key UNIQUE (email_key);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);
CREATE INDEX cache_invalidations_old ON public.cache_invalidations USING btree (at);
CREATE INDEX cache_invalidations_visible ON public.cache_invalidations USING btree (xid);
CREATE INDEX idempotency_keys_old ON public.idempotency_keys USING btree (created_at);
CREATE INDEX jobs_finished ON public.jobs USING btree (kind, state, finished_at) WHERE (finished_at IS NOT NULL);
CREATE INDEX jobs_queued ON public.jobs USING btree (kind, priority, run_at) WHERE (state = 'queued'::text);
CREATE INDEX jobs_running ON public.jobs USING btree (worker) WHERE (state = 'running'::text);
CREATE INDEX jobs_suspect ON public.jobs USING btree (priority, run_at) WHERE ((state = 'queued'::text) AND (crashes > 1));
CREATE UNIQUE INDEX jobs_unique ON public.jobs USING btree (kind, unique_key) WHERE ((unique_key IS NOT NULL) AND (state = ANY (ARRAY['queued'::text, 'running'::text])));
CREATE INDEX login_failures_account ON public.login_failures USING btree (email_key, at);
CREATE INDEX login_failures_address ON public.login_failures USING btree (address, at);
CREATE INDEX sessions_changed ON public.sessions USING btree (changed_at) WHERE (changed_at IS NOT NULL);
CREATE INDEX sessions_expiring ON public.sessions USING btree (expires_at);
CREATE INDEX sessions_of_user ON public.sessions USING btree (user_id) WHERE (ended_at IS NULL);
CREATE INDEX tracks_by_album ON public.tracks USING btree (owner_id, album_key, id) WHERE (deleted_at IS NULL);
CREATE INDEX tracks_by_artist ON public.tracks USING btree (owner_id, artist_key, id) WHERE (deleted_at IS NULL);
CREATE INDEX tracks_by_creation ON public.tracks USING btree (owner_id, created_at, id) WHERE (deleted_at IS NULL);
CREATE INDEX tracks_by_title ON public.tracks USING btree (owner_id, title_key, id) WHERE (deleted_at IS NULL);
CREATE INDEX tracks_deleted ON public.tracks USING btree (deleted_at) WHERE (deleted_at IS NOT NULL);
CREATE INDEX tracks_search ON public.tracks USING gin (search);
CREATE INDEX uploads_expiring ON public.uploads USING btree (expires_at);
CREATE INDEX uploads_of_owner ON public.uploads USING btree (owner_id);
CREATE INDEX users_admins ON public.users USING btree (id) WHERE (role = 'admin'::text);
CREATE INDEX users_in_order ON public.users USING btree (created_at DESC, id DESC);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.track_details
    ADD CONSTRAINT track_details_track_id_fkey FOREIGN KEY (track_id) REFERENCES public.tracks(id) ON DELETE CASCADE;
INSERT INTO public.schema_migrations VALUES ('platform', '0001_jobs', '62bfbeea3c533d9906e3d06e1c2a59869c60bb7064aa3a6c60d2768dde99955e', '2026-11-23 01:15:11.410335+00');
INSERT INTO public.schema_migrations VALUES ('platform', '0002_cache_and_keys', '6aeb6a2517685b70dfc2c10157d8e8369f46b769c0fb31b29e96d79df30d719e', '2026-11-23 01:15:11.434578+00');
INSERT INTO public.schema_migrations VALUES ('accounts', '0001_accounts', 'f926c28690dc972c6cebab3f5d64ffa63d03dcaf69ef24b9c361a6072ca938c2', '2026-11-23 01:15:11.44061+00');
INSERT INTO public.schema_migrations VALUES ('audio', '0001_audio', 'bb331e85e7f7a54c989a177ef1e4efbe2189db7a8441ae2c01a1343e460624f5', '2026-11-23 01:15:11.459467+00');
INSERT INTO public.schema_migrations VALUES ('audio', '0002_uploads', '8f8492bc7f85f6c29e134526d76bc872b70742508b075409ebd6c252b7acbb4c', '2026-11-23 01:15:11.466935+00');
