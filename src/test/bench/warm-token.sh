#!/usr/bin/env bash
# Warm GET /v1/accounts/{id}/token against a bare Vert.x server that answers the same bytes, in turns.
# Wants: target/evertoken.jar (mvn -q package -DskipTests), a JDK 25 (JAVA), wrk, curl. Prints a table.
#   ROUNDS=3 SECONDS_EACH=10 CONNECTIONS=32 src/test/bench/warm-token.sh
set -euo pipefail
cd "$(dirname "$0")/../../.."
java=${JAVA:-$(ls -d /usr/lib/jvm/*25*/bin/java 2>/dev/null | head -n 1)}
java=${java:-java}
rounds=${ROUNDS:-3} each=${SECONDS_EACH:-10} connections=${CONNECTIONS:-32}
options=(-Xmx512m -XX:+UseSerialGC)
jar=$PWD/target/evertoken.jar
bench=$PWD/src/test/bench

folder=$(mktemp -d)
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2> /dev/null || true; done
  rm -rf "$folder"
}
trap finish EXIT

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
field() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }
until_up() {
  for _ in $(seq 300); do curl -s -o /dev/null "$1" && return 0; sleep 0.2; done
  echo "Nothing answers at $1" >&2
  cat "$folder"/*.log >&2
  exit 1
}

provider=$(free_port) service=$(free_port) bare=$(free_port)
key=bench-$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n')

"$java" -cp "$jar" dev.evertoken.dev.SimulatedProviderMain --port "$provider" > "$folder/provider.log" 2>&1 &
pids+=($!)
cat > "$folder/providers.yaml" <<YAML
providers:
  bench: {token_url: "http://127.0.0.1:$provider/token", client_id: evertoken-dev, client_secret: evertoken-dev-secret}
YAML
(cd "$folder" && EVERTOKEN_ADMIN_KEY=$key EVERTOKEN_HTTP_PORT=$service EVERTOKEN_PROVIDERS_FILE=$folder/providers.yaml \
  EVERTOKEN_LOG_LEVEL=warn exec "$java" "${options[@]}" -jar "$jar" > "$folder/service.log" 2>&1) &
pids+=($!)
until_up "http://127.0.0.1:$provider/_ledger"
until_up "http://127.0.0.1:$service/health/ready"

api() { curl -sf -H "Authorization: Bearer $key" -H 'Content-Type: application/json' "$@"; }
url=http://127.0.0.1:$service
token=$(curl -sf -X POST -d '{"prefix":"bench"}' "http://127.0.0.1:$provider/_family" | field refresh_token)
account=$(api -d '{"name":"bench","platform":"bench","type":"oauth","credentials":{"refresh_token":"'"$token"'"}}' \
  "$url/v1/accounts" | field id)
# As a caller has it: a key that may read tokens, kept in PostgreSQL.
reader=$(api -d '{"name":"bench","scopes":["token:read"]}' "$url/v1/keys" | field key)
path=/v1/accounts/$account/token
curl -sf -o /dev/null -H "Authorization: Bearer $reader" "$url$path"
curl -sf -D "$folder/headers" -o "$folder/body" -H "Authorization: Bearer $reader" "$url$path"

"$java" "${options[@]}" -cp "$jar" "$bench/Bare.java" "$bare" "$folder/headers" "$folder/body" > "$folder/bare.log" 2>&1 &
pids+=($!)
until_up "http://127.0.0.1:$bare/"
bare_url=http://127.0.0.1:$bare$path

[ "$(curl -s -i "$bare_url" | wc -c)" -eq "$(curl -s -i -H "Authorization: Bearer $reader" "$url$path" | wc -c)" ] \
  || { echo "The two do not answer the same number of bytes" >&2; exit 1; }

load() { wrk -t1 -c"$connections" -d"$2"s --latency -H "Authorization: Bearer $reader" "$1"; }
per_second() { awk '/Requests\/sec/ {print $2}'; }
answers() { api "$url/metrics" | awk -v from="source=\"$1\"" '/^evertoken_token_answers_total/ && index($0, from) {n += $NF} END {printf "%d", n}'; }
redis_conf=$(find "$folder/data/redis" -name 'redis.conf' | head -n 1)
redis() {
  local port password
  port=$(awk '$1 == "port" {print $2}' "$redis_conf"); password=$(awk '$1 == "requirepass" {gsub("\"", "", $2); print $2}' "$redis_conf")
  python3 - "$port" "$password" <<'PY'
import socket, sys
talk = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
if sys.argv[2]:
    talk.sendall(f"AUTH {sys.argv[2]}\r\n".encode())
    talk.recv(100)
talk.sendall(b"INFO commandstats\r\n")
text = b""
while not text.endswith(b"\r\n") or text.count(b"\r\n") < 3:
    text += talk.recv(65536)
# The read of a cached answer is one HMGET or script call; PING and INFO keep connections alive.
print(sum(int(line.split(b"calls=")[1].split(b",")[0]) for line in text.split(b"\r\n")
          if line.startswith(b"cmdstat_") and line.split(b":")[0] not in (b"cmdstat_ping", b"cmdstat_info", b"cmdstat_auth", b"cmdstat_hello")))
PY
}

echo "warming up"
load "$bare_url" 8 > /dev/null
load "$url$path" 8 > /dev/null

near=$(answers near) far=$(($(answers redis) + $(answers postgres) + $(answers refresh)))
redis_before=$(redis); began=$(date +%s)
echo "load average $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) cores"
: > "$folder/bare.rps"; : > "$folder/service.rps"
for round in $(seq "$rounds"); do
  load "$bare_url" "$each" > "$folder/out"; per_second < "$folder/out" >> "$folder/bare.rps"
  load "$url$path" "$each" > "$folder/out"; per_second < "$folder/out" >> "$folder/service.rps"
  grep -q 'Non-2xx' "$folder/out" && { cat "$folder/out" >&2; exit 1; }
  cp "$folder/out" "$folder/service.last"
  echo "round $round: bare $(tail -n 1 "$folder/bare.rps")/s, evertoken $(tail -n 1 "$folder/service.rps")/s"
done
seconds=$(($(date +%s) - began))
python3 - "$folder" <<'PY'
import statistics, sys
median = lambda name: statistics.median(float(line) for line in open(f"{sys.argv[1]}/{name}.rps"))
bare, service = median("bare"), median("service")
print(f"median: bare {bare:.0f}/s, evertoken {service:.0f}/s, ratio {service / bare:.2f}")
PY
awk '/Latency Distribution/,/99%/' "$folder/service.last"
echo "answers from memory: $(($(answers near) - near)); from Redis, PostgreSQL or a refresh:" \
  "$(($(answers redis) + $(answers postgres) + $(answers refresh) - far))"
echo "Redis commands in those $seconds s, everything included: $(($(redis) - redis_before))"
