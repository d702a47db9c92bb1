package dev.evertoken.adapter.redis;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The commands on the hash of one account; the only place that knows keys and fields. */
final class CacheEntry {

  /** Longer than anything that was read before a removal can take to be written. */
  private static final Duration TOMBSTONE = Duration.ofHours(2);

  /**
   * Replaces what an account has, if that is older. ARGV: the revision, 1 if an equal one is
   * replaced too, 1 if nothing is written where nothing is, the time to live in milliseconds, then
   * the other fields. HSET comes first, for a full Redis refuses it only as a script's first write.
   */
  private static final String REPLACE_OLDER =
      """
      local held = tonumber(redis.call('HGET', KEYS[1], 'rev'))
      local new = tonumber(ARGV[1])
      if held and (held > new or (held == new and ARGV[2] ~= '1')) then return 0 end
      if not held and ARGV[3] == '1' then return 0 end
      redis.call('HSET', KEYS[1], 'rev', ARGV[1], unpack(ARGV, 5))
      if ARGV[5] == 'gone' then redis.call('HDEL', KEYS[1], 'sealed', 'bench')
      else redis.call('HDEL', KEYS[1], 'gone') end
      redis.call('PEXPIRE', KEYS[1], ARGV[4])
      return 1
      """;

  private static final String REPLACE_OLDER_SHA = sha1(REPLACE_OLDER);

  /** The same content under another key; whatever else has been written meanwhile stays. */
  private static final String RESEAL =
      """
      if redis.call('HGET', KEYS[1], 'sealed') ~= ARGV[1] then return 0 end
      redis.call('HSET', KEYS[1], 'sealed', ARGV[2])
      return 1
      """;

  private final String key;

  CacheEntry(String installation, long account) {
    this.key = "evertoken:" + installation + ":{" + account + "}";
  }

  /** The revision, the sealed account and its benches; each null where it is not there. */
  Request read() {
    return Request.cmd(Command.HMGET).arg(key).arg("rev").arg("sealed").arg("bench");
  }

  Future<@Nullable Response> write(
      RedisCommands redis, long revision, byte[] sealed, String bench, Duration ttl) {
    return run(
        redis,
        command ->
            replace(command, revision, false, false, ttl)
                .arg("sealed")
                .arg(Buffer.buffer(sealed))
                .arg("bench")
                .arg(bench));
  }

  /** Nothing up to that revision is read or written any more. */
  Future<@Nullable Response> bury(RedisCommands redis, long revision) {
    return run(redis, c -> replace(c, revision, true, false, TOMBSTONE).arg("gone").arg("1"));
  }

  /** The same, where there is something. */
  Future<@Nullable Response> buryHeld(RedisCommands redis, long revision) {
    return run(redis, c -> replace(c, revision, true, true, TOMBSTONE).arg("gone").arg("1"));
  }

  /** Always safe: what is not there is read from PostgreSQL. */
  Request delete() {
    return Request.cmd(Command.DEL).arg(key);
  }

  Request reseal(byte[] old, byte[] fresh) {
    return Request.cmd(Command.EVAL)
        .arg(RESEAL)
        .arg(1)
        .arg(key)
        .arg(Buffer.buffer(old))
        .arg(Buffer.buffer(fresh));
  }

  private Request replace(
      Request script, long revision, boolean equalToo, boolean onlyHeld, Duration ttl) {
    return script
        .arg(1)
        .arg(key)
        .arg(revision)
        .arg(equalToo ? "1" : "0")
        .arg(onlyHeld ? "1" : "0")
        .arg(Math.max(1, ttl.toMillis()));
  }

  private interface Arguments {
    Request to(Request script);
  }

  private static Future<@Nullable Response> run(RedisCommands redis, Arguments arguments) {
    return redis
        .send(arguments.to(Request.cmd(Command.EVALSHA).arg(REPLACE_OLDER_SHA)))
        .recover(
            failure ->
                RedisAway.says(failure, "NOSCRIPT")
                    ? redis.send(arguments.to(Request.cmd(Command.EVAL).arg(REPLACE_OLDER)))
                    : Future.failedFuture(failure));
  }

  private static String sha1(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
