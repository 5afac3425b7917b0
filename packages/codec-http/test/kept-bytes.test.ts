import { describe, expect, it } from 'vitest';
import { collectGarbage } from '../../../test/support/collect-garbage.ts';
import { HttpRequest, HttpRequestDecoder, HttpResponse, HttpResponseDecoder } from '../src/index.ts';

const KIB = 1024;
const BODY_BYTES = 64 * KIB;

/** Keeps the head of a message for as long as the message lasts, as a proxy does, and nothing of its body. */
class HeadKeeper {
  head: HttpRequest | HttpResponse | undefined;
  onHead(head: HttpRequest | HttpResponse): void {
    this.head = head;
  }
  onContent(): void {}
  onLast(): void {}
}

/** Gives a decoder a chunk and forgets it. */
function decodeOnce(decoder: { decode(chunk: Buffer): void }, head: string): WeakRef<ArrayBufferLike> {
  const chunk = Buffer.concat([Buffer.from(head, 'latin1'), Buffer.alloc(BODY_BYTES)]);
  decoder.decode(chunk);
  return new WeakRef(chunk.buffer);
}

async function isKept(reference: WeakRef<object>): Promise<boolean> {
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  return reference.deref() !== undefined;
}

describe('a head that came with much of its body', () => {
  it('does not keep that of a response', async () => {
    const keeper = new HeadKeeper();
    const decoder = new HttpResponseDecoder(keeper);
    decoder.expect('GET', undefined);
    const bytes = decodeOnce(
      decoder,
      `HTTP/1.1 200 OK\r\nServer: a\r\nContent-Length: ${BODY_BYTES * 2}\r\nX-Last: b\r\n\r\n`,
    );

    expect(await isKept(bytes)).toBe(false);
    expect([...(keeper.head?.headers ?? [])]).toEqual([
      ['Server', 'a'],
      ['X-Last', 'b'],
    ]);
    decoder.dispose();
  });

  it('does not keep that of a request, behind another in the same chunk', async () => {
    const keeper = new HeadKeeper();
    const decoder = new HttpRequestDecoder(keeper);
    const bytes = decodeOnce(
      decoder,
      `GET / HTTP/1.1\r\nHost: a\r\n\r\nPOST /b HTTP/1.1\r\nHost: b\r\nX-Last: c\r\nContent-Length: ${BODY_BYTES * 2}\r\n\r\n`,
    );
    decoder.resume();

    expect(await isKept(bytes)).toBe(false);
    expect(keeper.head).toMatchObject({ method: 'POST', target: '/b', authority: 'b' });
    expect([...(keeper.head?.headers ?? [])]).toEqual([['X-Last', 'c']]);
    decoder.dispose();
  });
});
