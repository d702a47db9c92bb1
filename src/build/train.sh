#!/usr/bin/env bash
# Makes the ahead-of-time cache of the image (JEP 483, 514): one orderly life of the service, with a token handed out,
# against servers of its own. Not as root: PostgreSQL would refuse.
#   train.sh JAR CACHE [JVM OPTION…]     wants initdb, pg_ctl, redis-server, curl and java in PATH
set -euo pipefail
jar=$1 cache=$2
shift 2

for program in initdb pg_ctl redis-server curl java; do
  command -v "$program" > /dev/null || { echo "$program is not in PATH" >&2; exit 1; }
done

folder=$(mktemp -d)
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null || true; done
  pg_ctl -D "$folder/postgres" -m immediate stop > /dev/null 2>&1 || true
  rm -rf "$folder"
}
trap finish EXIT

initdb -D "$folder/postgres" -U evertoken --auth=trust > "$folder/initdb.log"
pg_ctl -D "$folder/postgres" -w -l "$folder/postgres.log" \
  -o "-p 15432 -c listen_addresses=127.0.0.1 -c unix_socket_directories=''" start > "$folder/pg_ctl.log"
redis-server --port 16379 --bind 127.0.0.1 --save '' --dir "$folder" > "$folder/redis.log" &
pids+=($!)
java -cp "$jar" dev.evertoken.dev.SimulatedProviderMain --port 18081 > "$folder/provider.log" 2>&1 &
pids+=($!)
cat > "$folder/providers.yaml" <<'YAML'
providers:
  training: {token_url: "http://127.0.0.1:18081/token", client_id: evertoken-dev, client_secret: evertoken-dev-secret}
YAML
java -jar "$jar" keyset new > "$folder/keyset.json"

key=training-key-of-the-image-0123456789
export EVERTOKEN_ADMIN_KEY=$key EVERTOKEN_HTTP_HOST=127.0.0.1 EVERTOKEN_HTTP_PORT=18080 EVERTOKEN_DATA_DIR=$folder/data \
  EVERTOKEN_POSTGRES_URI=postgresql://evertoken:none@127.0.0.1:15432/postgres EVERTOKEN_REDIS_URI=redis://127.0.0.1:16379 \
  EVERTOKEN_PROVIDERS_FILE=$folder/providers.yaml EVERTOKEN_ENCRYPTION_KEYSET_FILE=$folder/keyset.json
java "$@" -XX:AOTCacheOutput="$cache" -jar "$jar" serve > "$folder/service.log" 2>&1 &
service=$!
pids+=("$service")

api() { curl -sSf -H "Authorization: Bearer $key" -H 'Content-Type: application/json' "$@"; }
url=http://127.0.0.1:18080
until curl -sf -o /dev/null "$url/health/ready" && curl -s -o /dev/null http://127.0.0.1:18081/_ledger; do
  kill -0 "$service" || { cat "$folder/service.log" >&2; exit 1; }
  sleep 0.2
done
token=$(curl -sSf -X POST -d '{"prefix":"training"}' http://127.0.0.1:18081/_family | sed -E 's/.*"refresh_token":"([^"]+)".*/\1/')
api -o /dev/null -d '{"name":"one","platform":"training","type":"oauth","credentials":{"refresh_token":"'"$token"'"}}' "$url/v1/accounts"
for _ in 1 2 3; do
  api -o /dev/null "$url/v1/accounts/1/token"
  api -o /dev/null -d '{"pool":"training"}' "$url/v1/token"
  api -o /dev/null "$url/v1/accounts"
  api -o /dev/null "$url/metrics"
done
kill "$service"
wait "$service"
[ -s "$cache" ] || { cat "$folder/service.log" >&2; exit 1; }
