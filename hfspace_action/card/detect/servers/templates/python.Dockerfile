FROM python:3.13-slim
${packages}RUN useradd --create-home --uid 1000 user
USER user
RUN python -m venv /home/user/venv
ENV HOME=/home/user PATH=/home/user/venv/bin:$$PATH PYTHONUNBUFFERED=1
WORKDIR /home/user/app
COPY --chown=user . .
${install}EXPOSE $port
CMD $command
