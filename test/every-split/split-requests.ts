import type { Wire } from '@sluice/testing';
import type { RequestCase } from '../conformance/case/request-case.ts';
import { expectationOf } from '../conformance/judge/expectation.ts';
import { valuesOf } from '../conformance/wire/head.ts';
import type { Message } from '../conformance/wire/message-reader.ts';
import { ReadingOrigin } from '../in-memory/reading-origin.ts';
import type { ReadingListener } from '../in-memory/reading-origin.ts';
import { referenceGateway } from '../in-memory/reference-gateway.ts';

/** What one feeding of a case has led to, to be compared with another. */
export interface RequestResult {
  readonly received: string;
  readonly end: Wire['end'];
  readonly forwarded: readonly Message[];
  readonly tunnel: string;
}

/** Feeds a request case to a gateway in memory, in any pieces. */
export type FeedRequest = (pieces: readonly string[]) => RequestResult;

/** Whether a case is forwarded, in whole or in part: what its pieces are must not show. */
export function isForwarded(testCase: RequestCase): boolean {
  return expectationOf(testCase).messages.some(({ kind }) => kind === 'forwarded');
}

/** A gateway for one case. */
export async function requestFeeder(testCase: RequestCase): Promise<FeedRequest> {
  const origin = new ReadingOrigin(answerFor(testCase));
  const { gateway } = await referenceGateway(origin.origin);
  return (pieces) => {
    const known = origin.readers.length;
    const tunnelled = origin.readers.map(({ tunnel }) => tunnel.length);
    const client = gateway.connectRaw();
    for (const piece of pieces) if (!client.isClosed) client.send(piece);
    if (testCase.fin === true && !client.isClosed) client.finish();
    const { received, end } = client;
    client.close();
    // One that was refused within its body was begun or not, as its pieces came; it never ends.
    const forwarded = origin.messages.filter(({ complete }) => complete);
    const tunnel = origin.readers
      .map((reader, at) => reader.tunnel.slice(at < known ? tunnelled[at] : 0))
      .join('');
    origin.forget();
    return { received, end, forwarded, tunnel };
  };
}

function answerFor({ upstream_behavior: behavior }: RequestCase): ReadingListener {
  return ({ head }, { wire, reader }) => {
    const asksForTunnel = valuesOf(head.fields, 'upgrade').includes('websocket');
    if (behavior === '101-websocket' && asksForTunnel) {
      // First: what the client has sent ahead comes within `send`.
      reader.becomeTunnel();
      wire.send('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n');
      return;
    }
    const body = head.startLine.startsWith('HEAD ') ? '' : 'ok';
    wire.send(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n${body}`);
  };
}
