import { MirrorFilter, MirrorOptions, Random } from '@sluice/builtin-filters';
import type { FilterClass } from '@sluice/filters';
import { ProxyEndpoint } from '@sluice/origin';
import { describe, expect, it } from 'vitest';
import { answerFine, Client, inbound, recorder, request, statusOf } from './support.ts';
import type { Recorder } from './support.ts';

type Input = ConstructorParameters<typeof MirrorOptions>[0];

const POST = request('POST', '/a?b', ['content-length: 5', 'x-a: 1']);

describe('a mirror', () => {
  it('sends a copy of a request to the other origin, its host marked', () => {
    const { client, shadow } = connect();

    expect(client.get('/a?b', 'x-a: 1')).toMatch(/fine$/);

    const [copy] = shadow.sides;
    expect(copy?.request.target).toBe('/a?b');
    expect(copy?.request.authority).toBe('a.example-shadow');
    expect(copy?.request.headers.get('x-a')).toBe('1');
    expect(copy?.request.context.origin).toBe('shadow');
    expect(copy?.isComplete).toBe(true);
  });

  it.each([
    ['a.example:8080', 'a.example-shadow:8080'],
    ['[::1]:80', '[::1]:80'],
  ])('keeps the port of %s: %s', (host, marked) => {
    const { client, shadow } = connect();

    client.send(request('GET', '/').replace('a.example', host));

    expect(shadow.sides[0]?.request.authority).toBe(marked);
  });

  it('copies the body when it is whole, and leaves the request the length it has', () => {
    const { client, main, shadow } = connect();

    client.send(`${POST}123`);
    expect(main.sides[0]?.pieces).toEqual(['123']);
    expect(shadow.sides).toHaveLength(0);
    client.send('45');

    const { framing, contentLength } = main.sides[0]?.request.outboundRequest ?? {};
    expect({ framing, contentLength }).toEqual({ framing: 'length', contentLength: 5 });
    expect(shadow.sides[0]?.pieces).toEqual(['12345']);
    expect(shadow.sides[0]?.request.outboundRequest.contentLength).toBe(5);
  });

  it('copies a chunked body as one of known length', () => {
    const { client, main, shadow } = connect();

    client.send(request('POST', '/', ['transfer-encoding: chunked']));
    client.send('2\r\nab\r\n1\r\nc\r\n0\r\n\r\n');

    expect(main.sides[0]?.request.outboundRequest.framing).toBe('chunked');
    expect(shadow.sides[0]?.pieces).toEqual(['abc']);
    expect(shadow.sides[0]?.request.outboundRequest.contentLength).toBe(3);
  });

  it.each([
    ['announced', POST, '12345'],
    [
      'not announced',
      request('POST', '/', ['transfer-encoding: chunked']),
      '3\r\n123\r\n2\r\n45\r\n0\r\n\r\n',
    ],
  ])('does not copy a body above the limit, its length %s', (_what, head, body) => {
    const { client, main, shadow } = connect({ maxBodyBytes: 4 });

    client.send(head + body);

    expect(main.sides[0]?.pieces.join('')).toBe('12345');
    expect(main.sides[0]?.isComplete).toBe(true);
    expect(shadow.sides).toHaveLength(0);
  });

  it('copies neither an upgrade nor a request that was broken off', () => {
    const { client, shadow } = connect();

    client.send(`${POST}123`);
    client.leave();
    const upgrade = connect();
    upgrade.client.send(request('GET', '/', ['connection: upgrade', 'upgrade: websocket']));

    expect(shadow.sides).toHaveLength(0);
    expect(upgrade.shadow.sides).toHaveLength(0);
  });

  it.each([
    [
      'fails at once',
      recorder(() => {
        throw new Error('no');
      }),
    ],
    ['fails later', recorder((side) => side.downstream.fail(new Error('no')))],
    ['never answers', recorder(() => {})],
    [
      'answers with an error',
      recorder((side) => {
        side.respond({ status: 500 });
        side.last();
      }),
    ],
  ])('is not felt by the client when the other origin %s', (_what, shadow) => {
    const { client } = connect({}, shadow);

    const responses = [client.send(`${POST}12345`), client.get()];

    expect(responses.map(statusOf)).toEqual([200, 200]);
  });

  it('gives a copy up in time, also when the client has gone', () => {
    const { client, shadow } = connect(
      { timeoutMs: 50, maxActive: 1 },
      recorder(() => {}),
    );

    client.get();
    client.get();
    expect(shadow.sides).toHaveLength(1);
    client.channel.clock.advance(50);
    expect(shadow.sides[0]?.ends).toEqual([false]);
    client.get();
    expect(shadow.sides).toHaveLength(2);
    client.leave();
    expect(shadow.sides[1]?.ends).toEqual([]);
    client.channel.clock.advance(50);

    expect(shadow.sides[1]?.ends).toEqual([false]);
    expect(client.channel.clock.pendingTimers).toBe(0);
  });

  it('copies the share that it is told to, and nothing without an origin', () => {
    const random = new (class extends Random {
      override next(): number {
        return 0.5;
      }
    })();
    const copies = (options: Input): number => {
      const { client, shadow } = connect(options, recorder(), undefined, random);
      client.get();
      return shadow.sides.length;
    };

    expect(copies({ percentage: 51 })).toBe(1);
    expect(copies({ percentage: 50 })).toBe(0);
    expect(copies({ origin: undefined })).toBe(0);
  });

  it('sees what the filters before it have made of the request', () => {
    const replace = inbound((message, context) => {
      context.origin = 'main';
      message.setBody('other');
    });
    const { client, main, shadow } = connect(
      {},
      recorder(() => {}, answerFine),
      [replace],
    );

    client.send(`${POST}12345`);

    expect(main.sides[0]?.pieces).toEqual(['other']);
    expect(shadow.sides[0]?.pieces).toEqual(['other']);
  });
});

function connect(
  options: Input = {},
  shadow: Recorder = recorder(() => {}, answerFine),
  before: readonly FilterClass[] = [inbound((_message, context) => void (context.origin = 'main'))],
  random = new Random(),
): { client: Client; main: Recorder; shadow: Recorder } {
  const main = recorder(() => {}, answerFine);
  const endpoint = new shadow.endpoint();
  const client = new Client({
    filters: [...before, MirrorFilter],
    endpoint: main.endpoint,
    bindings: [
      [MirrorOptions, new MirrorOptions({ origin: 'shadow', ...options })],
      [ProxyEndpoint, endpoint],
      [Random, random],
    ],
  });
  return { client, main, shadow };
}
