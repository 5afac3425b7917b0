import type { RequestCase } from '../case/request-case.ts';
import type { Expectation } from '../judge/expectation.ts';
import { expectationOf } from '../judge/expectation.ts';
import { earlyTunnelBytes } from '../judge/judge-request-rules.ts';
import type { RequestObservation } from '../judge/observation.ts';
import { cut, type Feeding } from '../wire/feeding.ts';
import type { UpstreamRecord } from '../wire/origin-connection.ts';
import { RawClient } from '../wire/raw-client.ts';
import { clientSide } from './client-side.ts';
import type { Lane } from './lane.ts';
import { answersFor } from './origin-answers.ts';
import { precedingProbe, probeOtherConnection, probeSameConnection, withoutProbes } from './probe.ts';

/** Sends a request case through the proxy of a lane and notes what both sides saw. */
export async function runRequestCase(
  lane: Lane,
  testCase: RequestCase,
  feeding: Feeding,
): Promise<RequestObservation> {
  const expected = expectationOf(testCase);
  const preceding = feeding === 'pipelined' ? 1 : 0;
  lane.origin.record(answersFor(testCase));
  const client = await RawClient.connect(lane.proxyPort, lane.signal, methodsOf(testCase, preceding));
  await client.send(cut(feeding, testCase.raw, testCase.chunks), { fin: testCase.fin ?? false });
  await lane.until(() => isSettled(client, testCase, expected, preceding));
  const seen = clientSide(client);
  const asksAgain = expected.connectionAfter === 'keep-alive' && client.end === 'open';
  const sameConnection = asksAgain ? await probeSameConnection(lane, client) : undefined;
  const otherConnection = await probeOtherConnection(lane);
  await lane.until(() => lane.origin.records().every(isOver));
  client.close();
  return {
    client: { ...seen, responses: seen.responses.slice(preceding) },
    preceding: preceding === 1 ? precedingProbe(seen.responses[0]) : undefined,
    sameConnection,
    otherConnection,
    upstream: lane.origin.records().map(withoutProbes),
  };
}

/** Whether nothing more can come that would change the verdict. */
function isSettled(
  client: RawClient,
  testCase: RequestCase,
  expected: Expectation,
  preceding: number,
): boolean {
  if (client.end !== 'open') return true;
  const { responses } = client;
  const refusedAt = expected.messages.findIndex(({ kind }) => kind === 'refused');
  // A success where an error is due is a failure at once: no need to wait for a close.
  if (refusedAt >= 0) return (responses[preceding + refusedAt]?.status ?? 400) < 400;
  if (expected.connectionAfter === 'close') return false;
  // A refusal that is safe here is one only with the close that belongs to it.
  if (testCase.safe_alt && responses.slice(preceding).some(({ status }) => status >= 400)) return false;
  const hasTunnelBytes = client.tunnel.length >= earlyTunnelBytes(testCase).length;
  return client.hasResponses(preceding + expected.messages.length) && hasTunnelBytes;
}

function isOver({ isUnfinished, isClosed }: UpstreamRecord): boolean {
  return !isUnfinished || isClosed;
}

/** The methods of a case's requests, as far as a reader of responses must know them. */
function methodsOf({ raw, messages }: RequestCase, preceding: number): string[] {
  const first = /^[\r\n]*([^ \r\n]*)/.exec(raw)?.[1] ?? '';
  const later = (messages ?? []).slice(1).map(({ forward }) => forward?.method ?? 'GET');
  return [...(preceding === 1 ? ['GET'] : []), first, ...later];
}
