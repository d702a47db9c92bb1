package dev.evertoken.chaos;

import dev.evertoken.rig.TcpFaultProxy;

/** What one node reaches the others through, so that each way can fail by itself. */
record Links(TcpFaultProxy toPostgres, TcpFaultProxy toRedis, TcpFaultProxy toProvider)
    implements AutoCloseable {

  enum Way {
    POSTGRES,
    REDIS,
    PROVIDER
  }

  TcpFaultProxy to(Way way) {
    return switch (way) {
      case POSTGRES -> toPostgres;
      case REDIS -> toRedis;
      case PROVIDER -> toProvider;
    };
  }

  @Override
  public void close() {
    toPostgres.close();
    toRedis.close();
    toProvider.close();
  }
}
