import { Agent, createServer } from 'node:http';
import { failRequest, logAccess } from './responses.js';
import { POOL_SIZE, load, setting } from './setting.js';

const { createProxyServer } = load('http-proxy-3');

const agent = new Agent({ keepAlive: true, maxFreeSockets: POOL_SIZE });
const proxy = createProxyServer({
  target: setting.origin,
  agent,
  xfwd: true,
  headers: { via: '1.1 http-proxy' },
});

/**
 * @param {Error} _error
 * @param {import('node:http').IncomingMessage} _request
 * @param {import('node:http').ServerResponse} response
 */
const onError = (_error, _request, response) => failRequest(response);
proxy.on('error', onError);

const server = createServer((request, response) => {
  if (setting.accessLog) logAccess(request, response);
  proxy.web(request, response);
});
server.listen(setting.port, '127.0.0.1', 1024);
