FROM node:22-slim
WORKDIR /home/node/app
RUN chown node:node .
USER node
COPY --chown=node . .
RUN $install
${build}ENV NODE_ENV=production HOST=0.0.0.0 HOSTNAME=0.0.0.0 PORT=$port
EXPOSE $port
CMD $command
