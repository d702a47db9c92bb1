package dev.evertoken.http;

import dev.evertoken.app.Administration;
import dev.evertoken.app.Core;
import java.util.List;
import java.util.stream.Stream;

/** Every endpoint of the API. */
final class Endpoints {

  private Endpoints() {}

  static List<Endpoint> of(Services services, Flight flight) {
    Core core = services.core();
    Administration admin = services.administration();
    return Stream.of(
            new TokenEndpoints(core.tokens(), core.reports(), services.time()).all(),
            new AccountEndpoints(admin, services.time()).all(),
            new AccountFileEndpoints(admin.imports(), admin.exports(), services.time()).all(),
            new BenchEndpoints(admin.visible(), admin.benches(), services.time()).all(),
            new ProxyEndpoints(admin.proxies(), admin.proxyTests(), core.routes()::suspensions)
                .all(),
            new PoolEndpoints(admin.pools()).all(),
            new ProviderEndpoints(admin.providers()).all(),
            new KeyEndpoints(admin.keys(), services.time()).all(),
            new AuditEndpoints(admin.audit()).all(),
            new EventEndpoints(core.events(), admin.visible(), services.callers(), flight).all(),
            new KeysetEndpoints(admin.rewrap()).all(),
            new ServiceEndpoints(services.readiness(), services.metrics(), flight).all())
        .flatMap(List::stream)
        .toList();
  }
}
