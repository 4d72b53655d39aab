FROM node:22-slim
WORKDIR /home/node/app
RUN chown node:node .
USER node
COPY --chown=node . .
${into}RUN $install
${build}ENV NODE_ENV=production HOST=0.0.0.0 HOSTNAME=0.0.0.0 PORT=$port __VITE_ADDITIONAL_SERVER_ALLOWED_HOSTS=.hf.space
EXPOSE $port
CMD $command
