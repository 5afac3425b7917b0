import { HttpContent, HttpServerCodec, LastHttpContent } from '@sluice/codec-http';
import { EmbeddedChannel } from '@sluice/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutAt, fuzz, mutate, MUTATIONS, PLACES } from './fuzz.ts';
import { CHUNKED_BODY } from './message-grammar.ts';

const HEAD = 'POST / HTTP/1.1\r\nHost: o.test\r\nTransfer-Encoding: chunked\r\n\r\n';

describe('chunked bodies', { timeout: 3_600_000 }, () => {
  it('are read as they were meant, in any pieces', async () => {
    await fuzz(
      fc.tuple(CHUNKED_BODY, PLACES),
      ([{ wire, content }, places]) => {
        expect(decode(cutAt(wire, places))).toEqual({ content, end: 'whole' });
      },
      300,
    );
  });

  it('whatever they are, are read the same in any pieces, and only what the grammar has is whole', async () => {
    await fuzz(
      fc.tuple(CHUNKED_BODY, MUTATIONS, PLACES),
      ([{ wire }, mutations, places]) => {
        const bytes = mutate(wire, mutations);
        const whole = decode([bytes]);

        expect(decode(cutAt(bytes, places)).end).toBe(whole.end);
        if (whole.end === 'whole') expect(model(bytes)).toBe(whole.content);
      },
      300,
    );
  });
});

interface Decoded {
  readonly content: string;
  readonly end: 'whole' | 'failed' | 'none';
}

function decode(pieces: readonly string[]): Decoded {
  const channel = new EmbeddedChannel(new HttpServerCodec());
  for (const piece of [HEAD, ...pieces]) channel.writeInbound(Buffer.from(piece, 'latin1'));
  const contents = channel.inboundMessages().filter((message) => message instanceof HttpContent);
  const content = contents.map(({ data }) => data.toString('latin1')).join('');
  const last = contents.find((message) => message instanceof LastHttpContent);
  channel.finishAndReleaseAll();
  if (last === undefined) return { content, end: 'none' };
  return { content, end: last.failure === undefined ? 'whole' : 'failed' };
}

// RFC 9112 §7.1, word by word; RFC 9110 §5.6.2 and §5.6.4 for tokens and quoted strings.
const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const QUOTED = '"(?:[\\t \\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t \\x21-\\x7e\\x80-\\xff])*"';
const EXTENSIONS = `(?:[ \\t]*;[ \\t]*${TOKEN}(?:[ \\t]*=[ \\t]*(?:${TOKEN}|${QUOTED}))?)*`;
const CHUNK_LINE = new RegExp(`^(?<size>[0-9A-Fa-f]{1,16})${EXTENSIONS}\\r\\n`);

/** The content of a body that is whole by the grammar; undefined for any other. What follows it is no part of it. */
function model(bytes: string): string | undefined {
  let rest = bytes;
  let content = '';
  for (;;) {
    const line = CHUNK_LINE.exec(rest);
    if (line === null) return undefined;
    const size = Number.parseInt(line.groups?.['size'] ?? '', 16);
    rest = rest.slice(line[0].length);
    if (size === 0) return /^(?:[^\0\r\n]+\r\n)*\r\n/.test(rest) ? content : undefined;
    if (rest.slice(size, size + 2) !== '\r\n') return undefined;
    content += rest.slice(0, size);
    rest = rest.slice(size + 2);
  }
}
