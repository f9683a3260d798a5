#!/usr/bin/env bash
# Creates the topics that are missing, and leaves those that are there as they are. It is told what the apps are told:
# KAFKA_BROKERS, LANES, TOPIC_PREFIX, KAFKA_REPLICATION_FACTOR, and for TLS and SASL the KAFKA_SSL and KAFKA_SASL ones.
set -euo pipefail
client=/tmp/client.properties

# Backslashes and quotes have a meaning in the login's text, and backslashes once more in a properties file.
quoted() { printf '%s' "$1" | sed -e 's/[\\"]/\\&/g' -e 's/\\/\\\\/g'; }

login() {
  local module=scram.ScramLoginModule password=${KAFKA_SASL_PASSWORD:-}
  [ "$KAFKA_SASL_MECHANISM" != plain ] || module=plain.PlainLoginModule
  [ -z "${KAFKA_SASL_PASSWORD_FILE:-}" ] || password=$(<"$KAFKA_SASL_PASSWORD_FILE")
  echo "sasl.mechanism=${KAFKA_SASL_MECHANISM^^}"
  echo "sasl.jaas.config=org.apache.kafka.common.security.$module required" \
    "username=\"$(quoted "$KAFKA_SASL_USERNAME")\" password=\"$(quoted "$password")\";"
}

client_properties() {
  local layers=PLAINTEXT
  [ "${KAFKA_SSL:-false}" != true ] || layers=SSL
  [ -z "${KAFKA_SASL_MECHANISM:-}" ] || layers=SASL_$layers
  echo "security.protocol=$layers"
  [ -z "${KAFKA_SSL_CA_FILE:-}" ] || printf 'ssl.truststore.type=PEM\nssl.truststore.location=%s\n' "$KAFKA_SSL_CA_FILE"
  [ -z "${KAFKA_SASL_MECHANISM:-}" ] || login
}

create() {
  local topic=${TOPIC_PREFIX:-}$1
  shift
  /opt/kafka/bin/kafka-topics.sh --bootstrap-server "$KAFKA_BROKERS" --command-config "$client" \
    --create --if-not-exists --topic "$topic" --partitions "$LANES" \
    ${KAFKA_REPLICATION_FACTOR:+--replication-factor "$KAFKA_REPLICATION_FACTOR"} "$@"
}

umask 077
client_properties >"$client"
# "Future" is judged by the broker's clock, which is in the log, and not by the sender's.
create stock-ticks --config message.timestamp.type=LogAppendTime
create bronze-ticks
create silver-ticks
create gold-updates --config retention.ms=86400000
create dead-letters
