# A worker: its workflow bundle is built in, it runs as another user than root, and writes nowhere but below /data (staging) and /tmp.
#   docker build -t om-ingest .
#   docker run --read-only --tmpfs /tmp -v om-ingest:/data -v ./recipes:/app/recipes:ro -e TEMPORAL_ADDRESS=… om-ingest
# Debian, not Alpine: the Temporal SDK's core needs glibc.
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY src ./src
COPY test ./test
COPY bench ./bench
RUN npm run build
RUN rm -rf dist/test dist/bench && npm prune --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    OM_INGEST_RECIPES=/app/recipes \
    OM_INGEST_STAGING=/data/staging
WORKDIR /app
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
COPY recipes ./recipes
RUN mkdir -p /data && chown node:node /data && ln -s /app/dist/src/client/cli/main.js /usr/local/bin/om-ingest
USER node
VOLUME /data
# SIGTERM ends it within OM_INGEST_SHUTDOWN_GRACE_MS and OM_INGEST_SHUTDOWN_FORCE_MS: give it 45 seconds (docker stop -t 45).
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "--enable-source-maps", "/app/dist/src/client/cli/main.js"]
CMD ["worker"]
