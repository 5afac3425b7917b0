import { describe, expect, it } from 'vitest';
import { FramingError } from '../support/http/framing-error.ts';
import { MessageReader, type Message, type MessageKind } from '../support/http/message-reader.ts';
import { replyTo } from './origin/replies.ts';
import { SCENARIOS } from './scenarios.ts';

const RESPONSES = [
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
  'HTTP/1.1 404 Not Found\r\ncontent-length:0\r\nConnection: keep-alive, Close\r\n\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\nA\r\n0123456789\r\n0\r\nTrailer: 1\r\n\r\n',
  'HTTP/1.1 200 OK\r\nX-Content-Length: 9\r\ncontent-length: 2\r\n\r\nok',
].join('');

describe('MessageReader', () => {
  it('finds the same responses wherever the bytes are cut in two', () => {
    const whole = read('response', [RESPONSES]);

    expect(whole).toEqual([
      { startLine: 'HTTP/1.1 200 OK', bodyBytes: 5, closes: false },
      { startLine: 'HTTP/1.1 404 Not Found', bodyBytes: 0, closes: true },
      { startLine: 'HTTP/1.1 200 OK', bodyBytes: 15, closes: false },
      { startLine: 'HTTP/1.1 200 OK', bodyBytes: 2, closes: false },
    ]);
    for (let cut = 1; cut < RESPONSES.length; cut += 1) {
      expect(read('response', [RESPONSES.slice(0, cut), RESPONSES.slice(cut)])).toEqual(whole);
    }
    expect(read('response', RESPONSES.split(''))).toEqual(whole);
  });

  it('finds no response before its last byte', () => {
    const response = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n';

    expect(read('response', [response.slice(0, -1)])).toEqual([]);
    expect(read('response', [response])).toHaveLength(1);
  });

  it('takes a request without a length for one without a body', () => {
    const requests = 'GET / HTTP/1.1\r\nHost: a\r\n\r\nPOST /b HTTP/1.1\r\nContent-Length: 2\r\n\r\nok';

    expect(read('request', [requests])).toEqual([
      { startLine: 'GET / HTTP/1.1', bodyBytes: 0, closes: false },
      { startLine: 'POST /b HTTP/1.1', bodyBytes: 2, closes: false },
    ]);
  });

  it.each([
    ['a response without a length', 'HTTP/1.1 200 OK\r\n\r\nhello'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['a chunk size that is none', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n'],
    ['chunk data beyond its size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n'],
    ['bytes after a body', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nabc\r\n\r\n'],
  ])('refuses %s', (_, bytes) => {
    expect(() => read('response', [bytes])).toThrow(FramingError);
  });
});

describe('SCENARIOS', () => {
  it.each(SCENARIOS)('expects of "$title" what the origin answers', ({ request, ...scenario }) => {
    const [asked] = read('request', [request.toString('latin1')]);
    const [answered] = asked ? read('response', [replyTo(asked).toString('latin1')]) : [];

    expect(answered).toEqual({
      startLine: 'HTTP/1.1 200 OK',
      bodyBytes: scenario.expectedBodyBytes,
      closes: scenario.connectionPerRequest,
    });
  });
});

function read(kind: MessageKind, chunks: readonly string[]): Message[] {
  const messages: Message[] = [];
  const reader = new MessageReader(kind, (message) => messages.push(message));
  for (const chunk of chunks) reader.push(Buffer.from(chunk, 'latin1'));
  return messages;
}
