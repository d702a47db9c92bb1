-- How a pool is picked from. A pool without a row is as the defaults say; its members are in the accounts.
create table pools (
  name text collate "C" primary key,
  strategy text not null check (strategy in ('priority', 'round_robin')),
  -- Null: what pool.max_switches says.
  max_switches integer,
  -- 1 is the pool without a row, so that If-Match can tell it from a stored one.
  revision bigint not null default 2,
  updated_at timestamptz not null default clock_timestamp()
);

-- What an account itself says of reports, before its platform: [{"status", "keywords", "minutes"}].
alter table accounts add column rules jsonb not null default '[]';

-- Every way upstream that is left alone now: what failures suspended, and the proxies that an operator switched off or
-- deleted while accounts used them. The latter have no probe.
create view closed_ways as
  select kind, platform, proxy_id, reason, since, probe_at from suspensions
  where kind <> 'throttled' or probe_at > clock_timestamp()
  union all
  select 'proxy_disabled', null, id, 'switched off by an operator', updated_at, updated_at
  from proxies where disabled;

create index proxies_disabled on proxies (id) where disabled;
