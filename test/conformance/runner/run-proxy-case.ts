import type { ProxyCase } from '../case/proxy-case.ts';
import type { ProxyOptions } from '../proxy/proxy-under-test.ts';
import { isRequest } from '../judge/judge-proxy.ts';
import type { ProxyObservation } from '../judge/observation.ts';
import type { Feeding } from '../wire/feeding.ts';
import { cutBytes } from '../wire/feeding.ts';
import { VALID_HEADER } from '../wire/proxy-header.ts';
import { RawClient } from '../wire/raw-client.ts';
import { clientSide } from './client-side.ts';
import type { Lane } from './lane.ts';
import { answer } from './origin-answers.ts';
import { isProbeTarget, probeOtherConnection, withoutProbes } from './probe.ts';

/** The feedings of a PROXY protocol case; its chunks, where it has some, stand for whole. */
export const PROXY_FEEDINGS: readonly Feeding[] = ['whole', 'bytes'];

/** The network of clients whose headers count; {@link STRANGER} is outside of it. */
const TRUSTED = '127.0.0.1/32';
const STRANGER = '127.0.0.2';
/** In place of 5 s, for headers that never end. */
const SHORT_HEADER_TIMEOUT_MS = 500;

const REQUEST = Buffer.from('GET /behind HTTP/1.1\r\nHost: example.test\r\n\r\n');

/** What the proxy of a case is started with. */
export function proxyOptions({ mode, reject_by: reason }: ProxyCase): ProxyOptions {
  if (mode === 'off') return {};
  const timeout = reason === 'timeout' ? { proxyProtocolTimeoutMs: SHORT_HEADER_TIMEOUT_MS } : {};
  return { proxyProtocolFrom: TRUSTED, ...timeout };
}

/** Sends a PROXY protocol case through the proxy of a lane and notes what both sides saw. */
export async function runProxyCase(
  lane: Lane,
  testCase: ProxyCase,
  feeding: Feeding,
): Promise<ProxyObservation> {
  lane.origin.record({
    onRequest: (request, connection) =>
      answer(connection, request, isProbeTarget(request.target) ? request.target : 'ok'),
  });
  const source = testCase.source_trusted ? undefined : STRANGER;
  const client = await RawClient.connect(lane.proxyPort, lane.signal, ['GET'], source);
  await client.send(segments(testCase, feeding), { fin: testCase.peer_end === 'fin' });
  const isAnswered = (): boolean => client.end !== 'open' || (isGood(testCase) && client.hasResponses(1));
  await lane.until(isAnswered);
  const otherConnection = await probeOtherConnection(lane, undefined, prefaceOf(testCase));
  client.close();
  return { client: clientSide(client), otherConnection, upstream: lane.origin.records().map(withoutProbes) };
}

/** Whether a 200 is due; whoever refuses closes. */
function isGood(testCase: ProxyCase): boolean {
  return testCase.expect === 'accept' && isRequest(testCase);
}

function segments(testCase: ProxyCase, feeding: Feeding): Buffer[] {
  const chunks = (testCase.chunks_hex ?? [testCase.hex]).map((hex) => Buffer.from(hex, 'hex'));
  const behind = testCase.expect === 'accept' && testCase.leftover_hex === '' ? [REQUEST] : [];
  const all = [...chunks, ...behind];
  return feeding === 'whole' ? all : cutBytes(Buffer.concat(all));
}

function prefaceOf({ mode }: ProxyCase): string {
  return mode === 'off' ? '' : VALID_HEADER;
}
