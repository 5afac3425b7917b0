/**
 * The fields that the codec takes out of a received head and writes by itself, each with the
 * property of the message to use instead.
 */
export const OWNED_FIELDS: ReadonlyMap<string, string> = new Map([
  ['connection', 'keepAlive'],
  ['content-length', 'contentLength'],
  ['expect', 'expectsContinue'],
  ['host', 'authority'],
  ['http2-settings', 'upgrade'],
  ['keep-alive', 'keepAlive'],
  ['proxy-connection', 'keepAlive'],
  ['te', 'acceptsTrailers'],
  ['trailer', 'trailers'],
  ['transfer-encoding', 'framing'],
  ['upgrade', 'upgrade'],
]);
