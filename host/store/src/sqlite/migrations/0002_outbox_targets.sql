-- Where a delivery goes: the mail server or one endpoint of one site. What waits is claimed target by target, so that one that
-- is slow or gone never holds up what goes elsewhere. A target's name says nothing of any person and holds no secret.

ALTER TABLE outbox ADD COLUMN target TEXT NOT NULL DEFAULT 'mail';

DROP INDEX outbox_waiting;
CREATE INDEX outbox_waiting ON outbox (target, due_at, waiting_since) WHERE sent_at IS NULL AND dead_at IS NULL;
