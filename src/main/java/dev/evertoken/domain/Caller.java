package dev.evertoken.domain;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Who asks, and what it may see; empty pools and accounts mean no limit.
 *
 * @param actor for the audit: {@code key:<id>}, {@code bus:<node>} or {@code system}
 */
public record Caller(String actor, Set<Scope> scopes, Set<String> pools, Set<Long> accounts) {

  public Caller {
    // Asked of every call: a set of bits needs to compare nothing.
    scopes = Collections.unmodifiableSet(bits(scopes));
    pools = Set.copyOf(pools);
    accounts = Set.copyOf(accounts);
  }

  private static Set<Scope> bits(Set<Scope> scopes) {
    Set<Scope> bits = EnumSet.noneOf(Scope.class);
    bits.addAll(scopes);
    return bits;
  }

  /** A caller with every right, such as the service itself or a member of the bus. */
  public static Caller trusted(String actor) {
    return new Caller(actor, Set.of(Scope.ADMIN), Set.of(), Set.of());
  }

  public boolean has(Scope scope) {
    return scopes.contains(Scope.ADMIN) || scopes.contains(scope);
  }

  public boolean limited() {
    return !pools.isEmpty() || !accounts.isEmpty();
  }

  /** Whether it may see the account; what it may not see looks missing. */
  public boolean sees(Account account) {
    return !limited()
        || accounts.contains(account.id())
        || pools.stream().anyMatch(account::inPool);
  }
}
