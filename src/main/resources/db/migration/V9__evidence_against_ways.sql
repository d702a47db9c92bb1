-- What the cluster knows of the ways upstream, and what an account knows of its own failures.

alter table accounts add column token_type text;
alter table accounts add column refresh_expires_at timestamptz;
-- Counts only while unknown_since is set: a node of the release before ends the doubt by that column alone.
alter table accounts add column unreadable_since timestamptz;
-- {"previous", "latest", "own", "refusals", "refused_since"}; null: the latest exchange did not fail.
alter table accounts add column history jsonb;

-- Whether a refresh replaced the token. Null: it was replaced from outside, or by a node of the release before.
alter table refresh_tokens add column refreshed boolean;

-- A platform and a proxy name a route, no proxy the direct one, and no platform the proxy itself.
create table ways (
  platform text,
  proxy_id bigint,
  -- Failures since the last understood answer, oldest first: [{"account", "at", "fault"}].
  evidence jsonb not null default '[]',
  -- Exchanges of the last minute: [{"start", "exchanges", "failures"}].
  buckets jsonb not null default '[]',
  -- Of the two accounts that succeeded last: [{"account", "at"}].
  successes jsonb not null default '[]',
  updated_at timestamptz not null default clock_timestamp()
);

create unique index ways_once on ways (coalesce(platform, ''), coalesce(proxy_id, 0));

-- By a keyed digest of token URL, client id and secrets, so that nodes with other settings do not mix.
create table clients (
  platform text not null,
  digest bytea not null,
  -- [{"account", "at", "code"}], oldest first.
  refusals jsonb not null default '[]',
  successes jsonb not null default '[]',
  updated_at timestamptz not null default clock_timestamp(),
  primary key (platform, digest)
);

-- Null: since the suspension itself.
alter table suspensions add column outage_since timestamptz;
alter table suspensions add column failed_probes integer not null default 0;
-- When the probe of an account failed, by its id.
alter table suspensions add column probed jsonb not null default '{}';
alter table suspensions add column probe_account bigint;

-- Who could refresh on a direct route, which may be a small part of its platform.
create index accounts_of_direct_route on accounts (platform, id)
  where deleted_at is null and status = 'active' and proxy_id is null and refresh_sealed is not null;

-- Every way upstream that is left alone now. One that was throttled stays so until its probe succeeded.
create view suspended_ways as
  select kind, platform, proxy_id, reason, since, probe_at, coalesce(outage_since, since) as outage_since, failed_probes
  from suspensions
  union all
  select 'proxy_disabled', null, id, 'switched off by an operator', updated_at, updated_at, updated_at, 0
  from proxies where disabled;

-- What nodes of the release before read: the same ways under the kinds that they know.
create or replace view closed_ways as
  select case kind when 'unreadable' then 'route' when 'route_throttled' then 'route'
      when 'platform' then 'provider_config' else kind end as kind,
    platform, proxy_id, reason, since, probe_at
  from suspended_ways
  where kind <> 'throttled' or probe_at > clock_timestamp();
