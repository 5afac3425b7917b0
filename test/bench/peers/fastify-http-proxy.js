import { forwardingFields } from './forwarding-fields.js';
import { logAccess } from './responses.js';
import { POOL_SIZE, load, setting } from './setting.js';

const fastify = load('fastify');
const httpProxy = load('@fastify/http-proxy');

const app = fastify({ logger: false });
if (setting.accessLog) app.addHook('onRequest', onRequest);
app.register(httpProxy, {
  upstream: setting.origin,
  undici: { connections: POOL_SIZE, pipelining: 1 },
  replyOptions: { rewriteRequestHeaders: withForwarding },
});
await app.listen({ port: setting.port, host: '127.0.0.1', backlog: 1024 });

/**
 * @param {{ raw: import('node:http').IncomingMessage }} request
 * @param {{ raw: import('node:http').ServerResponse }} reply
 */
async function onRequest(request, reply) {
  logAccess(request.raw, reply.raw);
}

/**
 * @param {{ raw: import('node:http').IncomingMessage }} request
 * @param {import('node:http').IncomingHttpHeaders} headers
 */
function withForwarding({ raw }, headers) {
  return { ...headers, ...forwardingFields(raw) };
}
