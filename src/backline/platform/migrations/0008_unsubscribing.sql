-- Where mail programs say that somebody wants no more of such messages (RFC 8058).
ALTER TABLE outbox ADD COLUMN unsubscribe_url text;
