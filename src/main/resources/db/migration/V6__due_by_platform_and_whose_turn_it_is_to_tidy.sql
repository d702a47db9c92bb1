-- The background takes so many due accounts of each platform, so that one platform's never stand before another's.
create index accounts_due_of_platform on accounts (platform, refresh_due_at)
  where deleted_at is null and status = 'active' and refresh_due_at is not null;
drop index accounts_due;

-- When a node last tidied; whoever moves it has the turn.
alter table installation add column tidied_at timestamptz not null default '-infinity';

create index idempotency_keys_at on idempotency_keys (created_at);
