/**
 * Writes the access line of a response once it is sent.
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
export function logAccess(request, response) {
  // The request loses its socket when the client closes before the response is through.
  const { remoteAddress } = request.socket;
  response.once('finish', () => {
    const { method, url } = request;
    const time = new Date().toISOString();
    process.stdout.write(`${remoteAddress} [${time}] "${method} ${url}" ${response.statusCode}\n`);
  });
}

/**
 * Ends a request that the origin did not answer, with a 502 where that is still possible.
 * @param {import('node:http').ServerResponse} response
 */
export function failRequest(response) {
  if (!response.headersSent) response.writeHead(502);
  response.end();
}
