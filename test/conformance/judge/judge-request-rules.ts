import { requestNotes } from '../case/case-notes.ts';
import type { RequestCase } from '../case/request-case.ts';
import type { Expectation } from './expectation.ts';
import type { Probe, RequestObservation } from './observation.ts';
import { quote } from './quote.ts';

/** Rules for the upstream side of every case, whatever its messages say. */
export function judgeUpstream(
  testCase: RequestCase,
  expected: Expectation,
  { upstream }: RequestObservation,
): readonly string[] {
  const bytes = upstream.map((record) => record.bytes).join('');
  const noEarlyBytes = requestNotes.get(testCase.id)?.noEarlyBytes ?? false;
  const early = upstream.flatMap((record) => record.requests).find(({ earlyBytes }) => earlyBytes !== '');
  return [
    ...upstream.flatMap(({ malformed }) =>
      malformed === undefined ? [] : [`origin saw malformed bytes: ${malformed}`],
    ),
    ...upstream
      .filter(({ isUnfinished, isClosed }) => isUnfinished && !isClosed)
      .map(() => 'an unfinished request was left open upstream'),
    ...(testCase.forward?.bytes_absent ?? [])
      .filter((forbidden) => bytes.includes(forbidden))
      .map((forbidden) => `origin saw the bytes ${quote(forbidden)}`),
    ...(expected.refuses && bytes.includes('/smuggled') ? ['origin saw /smuggled'] : []),
    ...(noEarlyBytes && early ? ['bytes went upstream behind a request not yet answered'] : []),
  ];
}

/** Rules for the client's connection and for those who come after. */
export function judgeConnection(
  testCase: RequestCase,
  { connectionAfter }: Expectation,
  { client, preceding, sameConnection, otherConnection }: RequestObservation,
): readonly string[] {
  return [
    ...(client.malformed === undefined ? [] : [`the client saw malformed bytes: ${client.malformed}`]),
    ...judgeEnd(connectionAfter, client.end),
    ...judgeProbe('the request in front of it', preceding),
    ...judgeProbe('a request after it on the same connection', sameConnection),
    ...judgeProbe('a request after it on another connection', otherConnection),
    ...judgeTunnel(testCase, client.tunnel),
  ];
}

function judgeEnd(
  after: Expectation['connectionAfter'],
  end: RequestObservation['client']['end'],
): readonly string[] {
  if (after === 'close' && end === 'open') return ['the connection was not closed'];
  if (after === 'close' && end === 'rst') return ['the connection was reset, with no FIN'];
  if (after === 'keep-alive' && end !== 'open') return ['the connection was not kept alive'];
  return [];
}

function judgeProbe(what: string, probe: Probe | undefined): readonly string[] {
  return probe && !probe.isOwnAnswer ? [`${what} got ${probe.saw}`] : [];
}

/** The origin sends back what comes through the tunnel, so the client must see its own early bytes once. */
function judgeTunnel(testCase: RequestCase, tunnel: string): readonly string[] {
  const early = earlyTunnelBytes(testCase);
  return tunnel === early ? [] : [`through the tunnel came ${quote(tunnel)}, not ${quote(early)}`];
}

/** The bytes that a case sends into a tunnel before it is open. */
export function earlyTunnelBytes({ raw, upstream_behavior: behavior }: RequestCase): string {
  return behavior === '101-websocket' ? raw.slice(raw.indexOf('\r\n\r\n') + 4) : '';
}
