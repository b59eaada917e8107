# syntax=docker/dockerfile:1
# Stage 1 builds a virtual environment from pinned, hashed wheels; stage 2 is that environment and nothing else.
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements/production.txt /requirements.txt
RUN /venv/bin/python -m pip install --require-hashes -r /requirements.txt

FROM python:3.11-slim
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin portside \
 && mkdir /data && chown portside:portside /data
COPY --from=build /venv /venv
WORKDIR /portside
COPY simulator simulator
COPY content content
COPY quizzes quizzes
COPY bot bot
RUN /venv/bin/python -m compileall -q .
USER portside
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PORTSIDE_DATABASE=/data/portside.db
VOLUME /data
# Healthy while the bot has touched its heartbeat lately.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-m", "bot", "health"]
# The token comes from the environment: docker run -e DISCORD_TOKEN -v portside:/data portside
CMD ["python", "-m", "bot"]
