-- Every filter of the list of accounts finds its page by index, however many accounts there are.
-- See docs/decisions/0019-accounts-by-the-file.md.

create index accounts_live on accounts (id) where deleted_at is null;
create index accounts_by_name on accounts (name, id) where deleted_at is null;
create index accounts_not_active on accounts (status, id) where deleted_at is null and status <> 'active';
-- All that a row itself can say against being picked; the rest are suspensions.
create index accounts_exceptional on accounts (id)
  where deleted_at is null and (status <> 'active' or paused or benches <> '{}');
create index accounts_by_proxy on accounts (proxy_id, id) where deleted_at is null and proxy_id is not null;
drop index accounts_of_proxy;

-- The members of every pool, the platforms' own too, in the order of their ids, which no index on an array can tell.
create table account_pools (
  pool text not null,
  account_id bigint not null,
  primary key (pool, account_id)
);

create function account_pools_follow() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    delete from account_pools where account_id = old.id and pool = any (old.pools || old.platform);
  end if;
  if new.deleted_at is null then
    insert into account_pools (pool, account_id)
    select distinct unnest(new.pools || new.platform), new.id
    on conflict do nothing;
  end if;
  return null;
end
$$;

-- By trigger, so that a node of the release before keeps it right too while both run.
create trigger account_pools_follow after insert or update of pools, deleted_at on accounts
  for each row execute function account_pools_follow();

insert into account_pools (pool, account_id)
select distinct unnest(pools || platform), id from accounts where deleted_at is null;
