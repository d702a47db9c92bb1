-- The counts over all accounts read what is out of the ordinary, and take the rest from sums.
-- See docs/decisions/0022-counts-that-follow-what-changes.md.

-- How many live accounts of a platform are in a pool: the sum of the rows of that pair. A change adds a row and touches
-- none, so nobody waits for anybody; the tidying puts the rows of a pair together.
create table pool_sizes (
  platform text not null,
  pool text not null,
  n bigint not null
);

-- Nobody may come or go between the filling and the trigger that follows from then on.
lock table accounts in share row exclusive mode;

create or replace function account_pools_follow() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    with gone as (
      delete from account_pools where account_id = old.id and pool = any (old.pools || old.platform) returning pool
    )
    insert into pool_sizes (platform, pool, n) select old.platform, pool, -1 from gone;
  end if;
  if new.deleted_at is null then
    with come as (
      insert into account_pools (pool, account_id)
      select distinct unnest(new.pools || new.platform), new.id
      on conflict do nothing
      returning pool
    )
    insert into pool_sizes (platform, pool, n) select new.platform, pool, 1 from come;
  end if;
  return null;
end
$$;

insert into pool_sizes (platform, pool, n)
select a.platform, p.pool, count(*) from account_pools p join accounts a on a.id = p.account_id group by 1, 2;

-- The first expiry of each platform, and whose token has ended.
create index accounts_expiring on accounts (platform, expires_at)
  where deleted_at is null and status = 'active' and expires_at is not null;

-- Those that have nothing to give, whatever the time is.
create index accounts_without_token on accounts (id)
  where deleted_at is null and status = 'active' and not coalesce(
    case type when 'upstream' then api_key_sealed is not null
      else access_sealed is not null and expires_at is not null
        and coalesce(generation > rejected_generation, true) end, false);

-- Without it the planner takes that to be half of them.
create statistics accounts_with_token on (coalesce(
    case type when 'upstream' then api_key_sealed is not null
      else access_sealed is not null and expires_at is not null
        and coalesce(generation > rejected_generation, true) end, false)) from accounts;
analyze accounts;

-- account_pools has taken its place; each refresh paid for it.
drop index accounts_in_pools;
