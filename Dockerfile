# The image of web, worker and beat: one build, three commands.

FROM python:3.11-slim AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements/base.txt /tmp/base.txt
RUN /opt/venv/bin/pip install --require-hashes -r /tmp/base.txt

FROM python:3.11-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STATIC_ROOT=/srv/static
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin backbone
# A new volume takes over whose folder it is put upon.
RUN install --directory --owner backbone --mode 700 /srv/files
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/backbone
COPY . .
# The two values are for this command alone and stay out of the image.
RUN SECRET_KEY=only-for-collectstatic DATABASE_URL=postgresql://nobody@/nothing \
    python manage.py collectstatic --noinput
USER backbone
EXPOSE 8000
# The server answers only to names it knows, so the question carries one of them.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:' + os.environ.get('PORT', '8000') + '/livez', headers={'Host': os.environ['ALLOWED_HOSTS'].split(',')[0].strip().lstrip('.').replace('*', 'localhost')}), timeout=4)"]
CMD ["gunicorn", "--config", "python:backbone.gunicorn"]
