# Tried: amd64, built with buildah over a Debian base of debootstrap in place of NODE_IMAGE. Not tried: the image that NODE_IMAGE names, arm64.
ARG NODE_IMAGE=docker.io/library/node:24.21.0-bookworm-slim

# The program: JavaScript only, the same for every architecture, so it is built once.
FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS program
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN node scripts/build.ts && npm prune --omit=dev --ignore-scripts && sh deploy/image/prune.sh node_modules dist console/dist

# The root of the image, on the architecture that it is for: Node.js, the libraries that it loads, certificates of authorities.
FROM ${NODE_IMAGE} AS root
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends binutils ca-certificates && rm -rf /var/lib/apt/lists/*
COPY deploy/image/ /build/
RUN sh /build/collect-root.sh "$(command -v node)" /root-of-image
COPY --from=program /build/package.json /build/LICENSE /root-of-image/app/
COPY --from=program /build/bin /root-of-image/app/bin
COPY --from=program /build/console/dist /root-of-image/app/console/dist
COPY --from=program /build/node_modules /root-of-image/app/node_modules
COPY --from=program /build/dist /root-of-image/app/dist

# No shell, no package manager, no file that the user of the process owns but the volume.
FROM scratch
COPY --from=root /root-of-image/ /
ENV NODE_ENV=production PATH=/usr/local/bin
LABEL org.opencontainers.image.title="Evenkeel" org.opencontainers.image.licenses="Apache-2.0"
USER 10001:10001
WORKDIR /var/lib/evenkeel
VOLUME /var/lib/evenkeel
EXPOSE 8080 8081 9220
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 CMD ["/usr/local/bin/node", "/app/bin/evenkeel.js", "health", "--config", "/etc/evenkeel/evenkeel.yaml"]
ENTRYPOINT ["/usr/local/bin/node", "/app/bin/evenkeel.js"]
CMD ["serve", "--config", "/etc/evenkeel/evenkeel.yaml"]
