import { describe, expect, it } from 'vitest';
import { HttpRequestDecoder, isReadableField, OWNED_FIELDS, readOwnedField } from '../src/index.ts';
import type { HttpRequest } from '../src/index.ts';

describe('a field that the codec owns', () => {
  it.each<[name: string, lines: string, value: string | undefined]>([
    ['host', '', 'a.test:8080'],
    ['Host', '', 'a.test:8080'],
    ['content-length', 'Content-Length: 005', '5'],
    ['content-length', 'Content-Length: 0', '0'],
    ['content-length', '', undefined],
    ['content-length', 'Transfer-Encoding: chunked', undefined],
    ['transfer-encoding', 'Transfer-Encoding: Chunked', 'chunked'],
    ['transfer-encoding', 'Content-Length: 5', undefined],
    ['expect', 'Content-Length: 5\r\nExpect: 100-Continue', '100-continue'],
    ['expect', '', undefined],
    ['te', 'Connection: TE\r\nTE: trailers', 'trailers'],
    ['te', '', undefined],
    ['upgrade', 'Connection: upgrade\r\nUpgrade: WebSocket', 'websocket'],
    ['upgrade', '', undefined],
  ])('is read of the request: %s of "%s"', (name, lines, value) => {
    expect(isReadableField(name)).toBe(true);
    expect(readOwnedField(decoded(lines), name)).toBe(value);
  });

  it.each([...OWNED_FIELDS.keys()].filter((name) => !isReadableField(name)))('is kept: %s', (name) => {
    expect(readOwnedField(decoded('Connection: keep-alive\r\nKeep-Alive: x'), name)).toBeUndefined();
  });

  it('is not one that stands among the fields', () => {
    expect(isReadableField('X-Key')).toBe(true);
    expect(readOwnedField(decoded('X-Key: a'), 'x-key')).toBeUndefined();
    expect(isReadableField('Connection')).toBe(false);
  });
});

function decoded(lines: string): HttpRequest {
  const heads: HttpRequest[] = [];
  const decoder = new HttpRequestDecoder({
    onHead: (head) => void heads.push(head),
    onContent: () => {},
    onLast: () => {},
  });
  decoder.decode(
    Buffer.from(`POST / HTTP/1.1\r\nHost: A.test:8080\r\n${lines}${lines && '\r\n'}\r\n`, 'latin1'),
  );
  const [head] = heads;
  if (head?.failure !== undefined || head === undefined) throw new Error(String(head?.failure));
  return head;
}
