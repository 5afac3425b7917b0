import { createServer } from 'node:http';
import { forwardingFields } from './forwarding-fields.js';
import { failRequest, logAccess } from './responses.js';
import { POOL_SIZE, load, setting } from './setting.js';

const { Pool } = load('undici');

/** Fields that belong to one connection (RFC 9110 §7.6.1) and stay on it. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade'];

const pool = new Pool(setting.origin, { connections: POOL_SIZE, pipelining: 1 });

const server = createServer((request, response) => {
  if (setting.accessLog) logAccess(request, response);
  forward(request, response).catch(() => failRequest(response));
});
server.listen(setting.port, '127.0.0.1', 1024);

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
function forward(request, response) {
  const { method, url, headers } = request;
  const hasBody = 'content-length' in headers || 'transfer-encoding' in headers;
  const options = {
    method,
    path: url,
    headers: { ...endToEnd(headers), ...forwardingFields(request) },
    body: hasBody ? request : undefined,
  };
  /** @param {import('undici').Dispatcher.StreamFactoryData} answer */
  const begin = (answer) => response.writeHead(answer.statusCode, endToEnd(answer.headers));
  return pool.stream(options, begin);
}

/** @param {Record<string, string | string[] | undefined>} headers */
function endToEnd(headers) {
  const kept = { ...headers };
  for (const name of HOP_BY_HOP) delete kept[name];
  return kept;
}
