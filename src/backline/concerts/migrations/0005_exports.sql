-- Histories as files: made by a job, kept for some days. A person has twenty at the most.
CREATE TABLE concert_exports (
  owner_id uuid NOT NULL,
  id uuid NOT NULL,
  format text NOT NULL CHECK (format IN ('csv', 'json', 'pdf')),
  filters jsonb NOT NULL,
  status text NOT NULL CHECK (status IN ('running', 'ready', 'failed')),
  error text,
  warnings text[] NOT NULL DEFAULT '{}',   -- what the file lacks, in words for people
  job_id uuid NOT NULL,
  generation text,                         -- the folder of the file; set when it is whole
  count bigint,                            -- concerts in it
  size_bytes bigint,
  created_at timestamptz NOT NULL DEFAULT now(),
  ready_at timestamptz,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (owner_id, id)
);
CREATE INDEX concert_exports_expiring ON concert_exports (expires_at);
CREATE INDEX concert_exports_by_file ON concert_exports (generation) WHERE generation IS NOT NULL;
