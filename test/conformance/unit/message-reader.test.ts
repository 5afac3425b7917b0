import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestFraming, responseFraming } from '../wire/framing.ts';
import { MessageReader } from '../wire/message-reader.ts';

const chunked = 'POST /p HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nX-T: 1\r\n\r\n';
const sized = 'POST /p HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello';
const bare = 'GET /1 HTTP/1.1\r\nHost: h\r\n\r\n';

describe('MessageReader', () => {
  it('reads messages of every framing', () => {
    const { messages } = read(bare + sized + chunked + bare);

    expect(messages.map(({ framing, body, complete }) => [framing, body, complete])).toEqual([
      ['none', '', true],
      ['length', 'hello', true],
      ['chunked', 'hello', true],
      ['none', '', true],
    ]);
    expect(messages[2]?.trailers).toEqual([{ name: 'x-t', value: '1' }]);
  });

  it('reads the same from any cut', () => {
    const whole = bare + sized + chunked + bare;
    const once = read(whole).messages;

    fc.assert(
      fc.property(fc.array(fc.nat(whole.length)), (cuts) => {
        expect(read(whole, cuts).messages).toEqual(once);
      }),
    );
  });

  it('knows a message that has not ended', () => {
    expect(read(sized.slice(0, -1)).isMidMessage).toBe(true);
    expect(read('GE').isMidMessage).toBe(true);
    expect(read(sized).isMidMessage).toBe(false);
  });

  it.each([
    ['two framing fields', 'POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n'],
    ['length and coding', 'POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['another coding', 'POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n'],
    ['a signed length', 'POST / HTTP/1.1\r\nContent-Length: +5\r\n\r\n'],
    ['a bare LF', 'GET / HTTP/1.1\r\nA: b\nC: d\r\n\r\n'],
    ['folding', 'GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n'],
    ['a space before the colon', 'GET / HTTP/1.1\r\nA : b\r\n\r\n'],
    ['two spaces', 'GET  / HTTP/1.1\r\n\r\n'],
    ['a chunk size that is none', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\n'],
    ['a chunk longer than its size', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhello\r\n'],
  ])('refuses %s', (_, bytes) => {
    expect(read(bytes).malformed).toBeDefined();
  });

  it('ends a response without a length at the FIN, and no other', () => {
    const open = readResponse('HTTP/1.1 200 OK\r\n\r\nhello');
    const cut = readResponse('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello');
    open.end();
    cut.end();

    expect(open.messages[0]?.complete).toBe(true);
    expect(cut.messages[0]?.complete).toBe(false);
  });

  it('gives no body to HEAD, 1xx, 204 and 304, and a tunnel to 101', () => {
    expect(readResponse('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n', 'HEAD').messages[0]?.complete).toBe(
      true,
    );
    for (const status of [103, 204, 304]) {
      const reader = readResponse(`HTTP/1.1 ${status} X\r\nContent-Length: 9\r\n\r\nHTTP/1.1 200 OK\r\n\r\n`);
      expect(reader.messages).toHaveLength(2);
    }
    expect(readResponse('HTTP/1.1 101 X\r\n\r\nraw\r\n\r\n').tunnel).toBe('raw\r\n\r\n');
  });
});

function read(text: string, cuts: readonly number[] = []): MessageReader {
  const reader = new MessageReader({ framingOf: requestFraming });
  const at = [0, ...cuts.toSorted((a, b) => a - b), text.length];
  at.slice(1).forEach((to, index) => reader.push(Buffer.from(text.slice(at[index], to), 'latin1')));
  return reader;
}

function readResponse(text: string, method = 'GET'): MessageReader {
  const reader = new MessageReader({ framingOf: (head) => responseFraming(head, method) });
  reader.push(Buffer.from(text, 'latin1'));
  return reader;
}
