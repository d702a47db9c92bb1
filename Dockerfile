# syntax=docker/dockerfile:1
FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /build
COPY . .
# The jar without embedded servers: a container has a PostgreSQL and a Redis of its own beside it.
RUN --mount=type=cache,target=/root/.m2 mvn -q -Pimage

FROM eclipse-temurin:25-jre AS runtime
LABEL org.opencontainers.image.title="Evertoken" \
      org.opencontainers.image.description="Keeps the OAuth credentials of many accounts and hands out an access token that is valid now." \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="Apache-2.0"

RUN groupadd --system --gid 10001 evertoken \
 && useradd --system --uid 10001 --gid evertoken --home-dir /opt/evertoken --shell /usr/sbin/nologin evertoken \
 && install --directory --owner=evertoken --group=evertoken --mode=0700 /var/lib/evertoken

WORKDIR /opt/evertoken
COPY LICENSE NOTICE ./
COPY conf conf
COPY --from=build /build/target/evertoken.jar .

# One life of the service, to keep its loaded and linked classes and the profiles of its methods: an image starts in a fraction of
# the time. The cache is good for this very JRE, this jar and these options, and is passed over by any other.
FROM runtime AS trained
RUN apt-get update && apt-get install -y --no-install-recommends curl postgresql redis-server && rm -rf /var/lib/apt/lists/*
COPY src/build/train.sh /usr/local/bin/
USER evertoken
RUN PATH="$PATH:$(echo /usr/lib/postgresql/*/bin)" train.sh /opt/evertoken/evertoken.jar /var/lib/evertoken/evertoken.aot \
    --sun-misc-unsafe-memory-access=allow

FROM runtime
COPY --from=trained /var/lib/evertoken/evertoken.aot .
USER evertoken
ENV EVERTOKEN_DATA_DIR=/var/lib/evertoken \
    EVERTOKEN_HTTP_HOST=0.0.0.0 \
    EVERTOKEN_HTTP_PORT=8080
# Escrowed answers of providers live here and must outlive the container.
VOLUME /var/lib/evertoken
# HTTP; between nodes Hazelcast and, as cluster.port, the event bus.
EXPOSE 8080 5701 15701

# Bash alone, since the image promises no curl and a JVM takes a second to start.
HEALTHCHECK --interval=10s --timeout=4s --start-period=60s --retries=3 CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$EVERTOKEN_HTTP_PORT && printf 'GET /health/live HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && IFS= read -r -t 3 answer <&3 && [[ $answer == *' 200 '* ]]"]

STOPSIGNAL SIGTERM
# No heap dump: it would hold every secret. Hazelcast still asks for Unsafe, as the JDK else warns.
ENTRYPOINT ["java", "-XX:+ExitOnOutOfMemoryError", "-XX:-HeapDumpOnOutOfMemoryError", "-XX:MaxRAMPercentage=70", "-XX:AOTCache=/opt/evertoken/evertoken.aot", "--sun-misc-unsafe-memory-access=allow", "-jar", "/opt/evertoken/evertoken.jar"]
CMD ["serve"]
