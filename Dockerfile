# One image for every app and for the `engine` command; the command chooses:
#   docker run ... financial-analysis-engine node apps/silver/dist/main.js
# Without one it is `engine up`: the whole pipeline in one container, on the embedded log in /data.
# Builds with and without BuildKit.

# The manifests alone: what is installed depends on them and not on the sources, and so does the cache.
FROM node:24-bookworm-slim AS manifests
WORKDIR /app
COPY . .
RUN find . -type f ! -name package.json ! -name package-lock.json -delete && find . -type d -empty -delete

FROM node:24-bookworm-slim AS build
WORKDIR /app
ENV NX_DAEMON=false NX_ISOLATE_PLUGINS=false NX_TUI=false
COPY --from=manifests /app ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npx nx run-many -t build --output-style=static
# What runs of it: no types, no maps, no records of the compiler.
RUN mkdir /built && cp -r --parents apps/*/dist apps/*/bin libs/*/dist docker/healthcheck.mjs /built \
 && find /built -type f \( -name '*.d.ts' -o -name '*.map' -o -name '*.tsbuildinfo' \) -delete

FROM node:24-bookworm-slim AS production
WORKDIR /app
COPY --from=manifests /app ./
# LMDB and msgpackr ship a binary for every C library and Node.js version; the one of Node-API and glibc serves here. The
# compiler comes along because @nestjs/swagger can use it where it is.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
      -w apps/producer -w apps/bronze -w apps/silver -w apps/gold -w apps/dashboard -w apps/cli \
 && find node_modules -type f \( -name '*.musl.node' -o -name 'node.abi*.node' -o -name '*.map' -o -name '*.md' \
      -o -name '*.ts' -o -name '*.mts' -o -name '*.cts' -o -name '*.c' -o -name '*.h' -o -name '*.cpp' \) -delete \
# echarts and zrender are imported by their modules; their bundles are for pages.
 && rm -rf node_modules/typescript node_modules/*/test node_modules/*/tests node_modules/echarts/dist node_modules/zrender/dist

# Node.js alone, without npm: nothing is installed in here any more.
FROM debian:bookworm-slim
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Financial Analysis Engine" \
      org.opencontainers.image.description="A real-time market-data pipeline in the medallion pattern: every tick kept, every figure explainable." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="docker.io/library/debian:bookworm-slim" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
COPY --from=production /usr/local/bin/node /usr/local/bin/node
RUN node --version \
 && groupadd --gid 1000 node && useradd --uid 1000 --gid node --no-create-home --home-dir /tmp node \
 && install -d -o node -g node /data \
 && ln -s /app/apps/cli/bin/engine.mjs /usr/local/bin/engine
WORKDIR /app
COPY --from=production /app ./
COPY --from=build /built ./
# UV_THREADPOOL_SIZE: DuckDB's queries occupy Node.js' worker threads; with its 4, files and zlib would wait behind them.
# NODE_OPTIONS, MALLOC_ARENA_MAX: ticks are short-lived; larger spaces for what is young, and more arenas, would only keep what is done with.
ENV NODE_ENV=production DATA_DIR=/data HTTP_HOST=0.0.0.0 UV_THREADPOOL_SIZE=16 \
    NODE_OPTIONS=--max-semi-space-size=4 MALLOC_ARENA_MAX=1
USER 1000:1000
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=10s --start-period=60s --retries=3 CMD ["node", "docker/healthcheck.mjs"]
CMD ["engine", "up"]
