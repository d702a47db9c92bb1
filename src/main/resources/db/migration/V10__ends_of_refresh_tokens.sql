-- When refresh tokens end, which accounts are in doubt, and what has been told of both.

-- When the refresh token ends unless it is used; refresh_expires_at is when it ends in any case.
alter table accounts add column refresh_idle_at timestamptz;
-- Of which mark before the end a notice was sent: 0 none, 1 seven days, 2 one day.
alter table accounts add column refresh_end_told smallint not null default 0;

create index accounts_refresh_token_ends
  on accounts (refresh_end_told, (least(refresh_expires_at, refresh_idle_at)), platform)
  where deleted_at is null and least(refresh_expires_at, refresh_idle_at) is not null;

-- Without it the planner takes a third of them to end before any given time.
create statistics accounts_refresh_token_end on (least(refresh_expires_at, refresh_idle_at)) from accounts;

-- It is not known whether their refresh token was spent, or an answer cannot be read.
create index accounts_in_doubt on accounts (id)
  where deleted_at is null and unknown_since is not null;

-- On which day (UTC) it was last told that a provider differs from its template in that way.
create table unlike_template (
  platform text not null,
  kind text not null,
  told_on date not null,
  primary key (platform, kind)
);
