-- What a rewrap waits for: the key that each node seals with, those that it can open with, and how many answers in its
-- escrow are still under another. Null: a node of an older version.
alter table nodes add column primary_key text;
alter table nodes add column known_keys text[];
alter table nodes add column escrow_left integer;

-- Names the cache beside the id once a backup was brought back: what Redis holds is of a history that did not happen.
alter table installation add column epoch uuid;
