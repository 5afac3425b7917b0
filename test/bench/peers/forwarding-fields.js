/**
 * What every proxy here tells the origin of the client, so that all have the same duties.
 *
 * @param {import('node:http').IncomingMessage} request
 */
export function forwardingFields({ socket, headers }) {
  return {
    'x-forwarded-for': socket.remoteAddress,
    'x-forwarded-proto': 'http',
    'x-forwarded-host': headers.host,
    via: '1.1 bench',
  };
}
