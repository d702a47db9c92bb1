package dev.evertoken.adapter.postgres;

/** When refresh tokens end by themselves, as the index of these rows has it. */
final class RefreshEndSql {

  private RefreshEndSql() {}

  static final String END = "least(refresh_expires_at, refresh_idle_at)";

  /** A condition on live accounts: an end before that time; wants the index whole. */
  static String before(String time) {
    return """
    refresh_end_told = any ('{0,1,2}') and least(refresh_expires_at, refresh_idle_at) is not null
      and least(refresh_expires_at, refresh_idle_at) < %s\
    """
        .formatted(time);
  }

  /** Near its end, of which an operator is told. */
  static final String NEAR = before("clock_timestamp() + interval '7 days'");

  /** What was told of an end that moves: a later one is told of again. */
  static String told(String expires, String idle) {
    return """
    refresh_end_told = least(refresh_end_told, case
      when coalesce(least(%1$s, %2$s) > clock_timestamp() + interval '7 days', true) then 0
      when least(%1$s, %2$s) > clock_timestamp() + interval '1 day' then 1 else 2 end)\
    """
        .formatted(expires, idle);
  }

  private static String untold(int told, String within) {
    return """
    select id from accounts
        where deleted_at is null and refresh_end_told = %1$d and %2$s is not null
          and %2$s <= now() + interval '%3$s'
        order by %2$s limit $1 for update skip locked\
    """
        .formatted(told, END, within);
  }

  /** Marks those that were not told of, and answers them; another node passes them over. */
  static final String TELL =
      """
      with first as (
        %s
      ), last as (
        %s
      ), ending as (
        select id as ending_id from first union select id from last
      )
      update accounts set refresh_end_told =
        case when %s <= now() + interval '1 day' then 2 else 1 end
      from ending where id = ending_id
      returning %s
      """
          .formatted(untold(0, "7 days"), untold(1, "1 day"), END, AccountRows.COLUMNS);
}
