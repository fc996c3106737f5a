-- What the files of a rendition count towards their owner's quota; those made before count nothing.

ALTER TABLE track_details ADD COLUMN charged_bytes bigint NOT NULL DEFAULT 0;
