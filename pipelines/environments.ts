import { defineEnvironments } from '../workflows/definition/index.ts';

const loopbackApi = { host: '127.0.0.1', port: 5000 };

export const environments = defineEnvironments({
  local: {
    pipelines: ['sales'],
    temporal: { address: '127.0.0.1:7233', namespace: 'default', embedded: true },
    defaults: true,
    api: loopbackApi,
  },
  dev: {
    pipelines: ['sales'],
    temporal: { address: '127.0.0.1:7233', namespace: 'default', embedded: true },
    defaults: true,
    api: loopbackApi,
  },
  prod: {
    pipelines: ['sales'],
    temporal: { namespace: 'default', embedded: false },
    defaults: false,
    api: loopbackApi,
  },
});
