# The program alone with git, for CI jobs: built in one stage, run in another by a user without rights.
#   docker build -t gabion .
#   docker run --rm -v "$PWD:/src:ro" gabion scan
FROM debian:12-slim AS build
# Packages first: they stay when the sources change.
COPY cmake/setup-debian.sh /setup-debian.sh
RUN apt-get update && /setup-debian.sh
COPY . /gabion
RUN cmake -S /gabion -B /build -G Ninja -DCMAKE_BUILD_TYPE=Release -DGABION_TESTS=OFF \
    && cmake --build /build --target gabion \
    && strip /build/gabion

FROM debian:12-slim
# Checkouts of CI services belong to other users; git is only asked about them.
RUN apt-get update \
    && apt-get install -y --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/* \
    && git config --system --add safe.directory '*' \
    && useradd --uid 10001 --no-create-home gabion
COPY --from=build /build/gabion /usr/local/bin/gabion
USER 10001
WORKDIR /src
ENTRYPOINT ["gabion"]
CMD ["scan"]
