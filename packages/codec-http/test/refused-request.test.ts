import { HttpRequestDecoder, RefusedRequest } from '@sluice/codec-http';
import type { HttpRequest, ReceivedHead } from '@sluice/codec-http';
import { describe, expect, it } from 'vitest';
import { byteByByte, bytes, everySplit } from './support.ts';

const NOTHING = { method: undefined, target: undefined, authority: undefined, protocol: undefined };

const HEADS: readonly [what: string, text: string, received: Partial<ReceivedHead>][] = [
  [
    'both lengths',
    'POST /upload?x=1 HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
    { method: 'POST', target: '/upload?x=1', authority: 'a.test', protocol: 'HTTP/1.1' },
  ],
  ['no Host', 'GET /p HTTP/1.0\r\n\r\n', { method: 'GET', target: '/p', protocol: 'HTTP/1.0' }],
  [
    'two Hosts',
    'GET / HTTP/1.1\r\nhost: a.test\r\nHOST:b.test\r\n\r\n',
    { method: 'GET', target: '/', authority: 'a.test', protocol: 'HTTP/1.1' },
  ],
  ['an empty Host', 'GET / HTTP/1.1\r\nhost:\r\n\r\n', { method: 'GET', target: '/', protocol: 'HTTP/1.1' }],
  [
    'a bad target',
    'GET /a\xff"#x HTTP/1.1\r\nhost: a\r\n\r\n',
    { method: 'GET', target: '/a\xff"#x', protocol: 'HTTP/1.1', authority: 'a' },
  ],
  [
    'a CONNECT',
    'CONNECT a.test:443 HTTP/1.1\r\nhost: a.test:443\r\n\r\n',
    { method: 'CONNECT', target: 'a.test:443', authority: 'a.test:443', protocol: 'HTTP/1.1' },
  ],
  ['an unknown method', 'BREW /pot HTTP/1.1\r\n', { method: 'BREW', target: '/pot', protocol: 'HTTP/1.1' }],
  ['no version', 'GET /x\r\n', { method: 'GET', target: '/x' }],
  ['another protocol', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n', {}],
  ['a bad method', 'GE\x01T / HTTP/1.1\r\n', {}],
];

describe('a request that is refused', () => {
  it.each(HEADS)('for %s tells what came of it, however it is cut', (_what, text, received) => {
    for (const pieces of [[bytes(text)], byteByByte(text), ...everySplit(text)]) {
      const [request] = decode(pieces);
      expect(request).toBeInstanceOf(RefusedRequest);
      // Where the fault shows before the end of the head, the rest has not come yet.
      const { method, target, authority, protocol } = { ...NOTHING, ...received };
      const { received: found } = request as RefusedRequest;
      expect([method, undefined]).toContain(found.method);
      expect(target ?? '').toContain(found.target ?? '');
      expect([authority, undefined]).toContain(found.authority);
      expect([protocol, undefined]).toContain(found.protocol);
    }
    expect((decode([bytes(text)])[0] as RefusedRequest).received).toEqual({ ...NOTHING, ...received });
  });

  it('behind another one tells nothing of that', () => {
    const whole = 'GET /whole HTTP/1.1\r\nhost: a.test\r\n\r\n';
    const [first, second] = decode([bytes(`${whole}\rGET /`)]);

    expect(first?.target).toBe('/whole');
    expect((second as RefusedRequest).received).toEqual(NOTHING);
  });

  it('within its head tells what came until then', () => {
    const [request] = decode([bytes('PUT /half HTTP/1.1\r\nhost: a.te'), bytes('st\r\nx: y')], true);

    expect((request as RefusedRequest).received).toEqual({
      method: 'PUT',
      target: '/half',
      authority: 'a.test',
      protocol: 'HTTP/1.1',
    });
  });

  it('is a request of nobody to all that route', () => {
    const [request] = decode([bytes('POST /upload HTTP/1.1\r\n\r\n')]);

    expect(request).toMatchObject({ method: 'GET', target: '/bad-request', authority: '', framing: 'none' });
  });
});

function decode(pieces: readonly Buffer[], isEnded = false): HttpRequest[] {
  const requests: HttpRequest[] = [];
  const decoder = new HttpRequestDecoder({
    onHead: (request) => void requests.push(request),
    onContent: () => {},
    onLast: () => decoder.resume(),
  });
  for (const piece of pieces) decoder.decode(piece);
  if (isEnded) decoder.finish();
  decoder.dispose();
  return requests;
}
