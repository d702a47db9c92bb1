#!/usr/bin/env bash
# Pages of the list of accounts at 1 000 000 accounts against 1 000, in turns, on an embedded PostgreSQL. Prints a table.
# Wants: a JDK 25 (JAVA), Maven.   ACCOUNTS=1000000 src/test/bench/million-accounts.sh
set -euo pipefail
cd "$(dirname "$0")/../../.."
java=${JAVA:-$(ls -d /usr/lib/jvm/*25*/bin/java 2>/dev/null | head -n 1)}
mvn -q test-compile org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath -Dmdep.outputFile=target/bench.classpath -Dmdep.includeScope=test
exec "${java:-java}" -Xmx512m -XX:+UseSerialGC -cp "target/test-classes:target/classes:$(cat target/bench.classpath)" \
  dev.evertoken.adapter.postgres.ListBench "${ACCOUNTS:-1000000}"
