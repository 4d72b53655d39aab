# The image that the runner builds for `uses:` and starts with the checkout at /github/workspace. A release brings it built.

FROM python:3.13-slim AS build
# hadolint ignore=DL3008
RUN apt-get update && apt-get install -y --no-install-recommends binutils && rm -rf /var/lib/apt/lists/*
COPY requirements/image.txt /tmp/
# --no-deps: image.txt is the whole lock but for what no run loads (requirements/action.in says which).
RUN python -m venv --without-pip /opt/venv \
 && pip --python /opt/venv/bin/python install --no-cache-dir --no-compile --no-deps --only-binary :all: --require-hashes --requirement /tmp/image.txt
COPY entrypoint.py action.yml /app/
COPY hfspace_action /app/hfspace_action
COPY scripts/image/slim.py /tmp/
RUN python /tmp/slim.py /opt/venv /app

FROM python:3.13-slim
LABEL org.opencontainers.image.title="hf-space-deploy" \
      org.opencontainers.image.version="1.0.0" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.description="Deploys a repository to a Hugging Face Space and tells the truth about it"
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
# For CI systems that run a shell in the image: `hf-space-deploy alice/my-demo`.
RUN printf '#!/bin/sh\nexec /opt/venv/bin/python -E -u -B /app/entrypoint.py "$@"\n' > /usr/local/bin/hf-space-deploy \
 && chmod 755 /usr/local/bin/hf-space-deploy
# Stays root, as GitHub asks of container actions: the workspace and the files behind GITHUB_OUTPUT belong to the runner's user.
# -E: a PYTHONPATH or PYTHONWARNINGS in the workflow's `env` is for the user's code, not for this program.
# -u: a mask must leave before the text that it hides. -B: everything is compiled already. No shell: it would drop INPUT_HF-TOKEN.
ENTRYPOINT ["/opt/venv/bin/python", "-E", "-u", "-B", "/app/entrypoint.py"]
