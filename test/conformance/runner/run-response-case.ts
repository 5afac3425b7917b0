import type { ResponseCase } from '../case/response-case.ts';
import type { ResponseObservation } from '../judge/observation.ts';
import type { Feeding } from '../wire/feeding.ts';
import type { UpstreamRecord } from '../wire/origin-connection.ts';
import { RawClient } from '../wire/raw-client.ts';
import { clientSide } from './client-side.ts';
import type { Lane } from './lane.ts';
import { NEXT_TARGET, OriginScript, requestOf, WARM_UP_TARGET } from './origin-script.ts';
import { probeOtherConnection } from './probe.ts';

/** Lets the origin answer with a response case and notes what both sides of the proxy saw. */
export async function runResponseCase(
  lane: Lane,
  testCase: ResponseCase,
  feeding: Feeding,
): Promise<ResponseObservation> {
  let client: RawClient | undefined;
  const script = new OriginScript(lane, testCase, feeding, () => client);
  lane.origin.record(script);
  if (testCase.sent_while === 'idle') await playWhileIdle(lane, script);
  client = await RawClient.connect(lane.proxyPort, lane.signal, [testCase.request_method]);
  const asking = client;
  await asking.send([Buffer.from(requestOf(testCase), 'latin1')]);
  await lane.until(() => isSettled(asking, testCase));
  const spentNow = (): readonly UpstreamRecord[] =>
    lane.origin.records().filter(({ connection }) => script.spent.has(connection));
  if (testCase.chunk_delay_ms !== undefined) await lateBytesSeen(lane, script, spentNow);
  const seen = clientSide(asking);
  if (testCase.on_pass === 'tunnel') asking.close();
  const next = await probeOtherConnection(lane, NEXT_TARGET);
  const mustClose = testCase.upstream_reuse === false;
  await lane.until(() => !mustClose || spentNow().every(({ isClosed }) => isClosed));
  asking.close();
  await script.finished();
  const { timesForwarded, nextConnections } = script;
  return { client: seen, next, timesForwarded, spent: spentNow(), nextConnections };
}

async function playWhileIdle(lane: Lane, script: OriginScript): Promise<void> {
  await probeOtherConnection(lane, WARM_UP_TARGET);
  await script.playWhileIdle();
  const isClosed = (record: UpstreamRecord): boolean =>
    script.spent.has(record.connection) && record.isClosed;
  // Asked sooner, a proxy that had no time to read would take these bytes for the answer.
  await lane.until(() => lane.origin.records().some(isClosed));
}

async function lateBytesSeen(
  lane: Lane,
  script: OriginScript,
  spentNow: () => readonly UpstreamRecord[],
): Promise<void> {
  await script.finished();
  await lane.until(() => spentNow().every(({ isClosed }) => isClosed));
}

/** Whether nothing more can come to the client that would change the verdict. */
function isSettled(client: RawClient, { client_sees: facts }: ResponseCase): boolean {
  if (client.end !== 'open') return true;
  return client.hasResponses(1) && client.tunnel.length >= (facts?.tunnel_bytes?.length ?? 0);
}
