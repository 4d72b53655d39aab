{# For apps of Python frameworks. A Space's container runs as user 1000 and is asked on one port. #}
FROM python:3.13-slim
{% if packages %}
COPY packages.txt /tmp/
RUN apt-get update && xargs apt-get install --yes --no-install-recommends < /tmp/packages.txt && rm -rf /var/lib/apt/lists/*
{% endif %}
RUN useradd --create-home --uid 1000 user
USER user
RUN python -m venv /home/user/venv
ENV HOME=/home/user PATH=/home/user/venv/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /home/user/app
COPY --chown=user . .
RUN pip install --no-cache-dir {{ install }}
EXPOSE {{ port }}
CMD {{ command }}
