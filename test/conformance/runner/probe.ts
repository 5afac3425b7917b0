import type { Probe } from '../judge/observation.ts';
import { quote } from '../judge/quote.ts';
import { PRECEDING_TARGET } from '../wire/feeding.ts';
import type { UpstreamRecord } from '../wire/origin-connection.ts';
import { RawClient, type ReceivedResponse } from '../wire/raw-client.ts';
import type { Lane } from './lane.ts';

const SAME_CONNECTION_TARGET = '/after-on-same';
const OTHER_CONNECTION_TARGET = '/after-on-other';

/** Whether a request is one of the runner's own; the origin answers those with their target. */
export function isProbeTarget(target: string): boolean {
  return [PRECEDING_TARGET, SAME_CONNECTION_TARGET, OTHER_CONNECTION_TARGET].includes(target);
}

/** What a connection carried that was not the runner's own. */
export function withoutProbes(record: UpstreamRecord): UpstreamRecord {
  return { ...record, requests: record.requests.filter(({ target }) => !isProbeTarget(target)) };
}

/** Judges the answer to the request that stood in front of a case. */
export function precedingProbe(response: ReceivedResponse | undefined): Probe {
  return toProbe(response, PRECEDING_TARGET);
}

/** Asks on the connection of the case, behind all that it sent. */
export async function probeSameConnection(lane: Lane, client: RawClient): Promise<Probe> {
  const before = client.responses.length;
  await client.ask(requestFor(SAME_CONNECTION_TARGET));
  await lane.until(() => client.end !== 'open' || client.hasResponses(before + 1));
  return toProbe(client.responses[before], SAME_CONNECTION_TARGET);
}

/** Asks on a connection of its own, behind `preface`: whoever poisons a pool is found out here. */
export async function probeOtherConnection(
  lane: Lane,
  target = OTHER_CONNECTION_TARGET,
  preface = '',
): Promise<Probe> {
  const client = await RawClient.connect(lane.proxyPort, lane.signal, ['GET']);
  await client.ask(preface + requestFor(target));
  await lane.until(() => client.end !== 'open' || client.hasResponses(1));
  client.close();
  return toProbe(client.responses[0], target);
}

function requestFor(target: string): string {
  return `GET ${target} HTTP/1.1\r\nHost: example.test\r\n\r\n`;
}

function toProbe(response: ReceivedResponse | undefined, target: string): Probe {
  const isOwnAnswer = response?.status === 200 && response.complete && response.body === target;
  const saw = response ? `${response.status} with ${quote(response.body)}` : 'no response';
  return { isOwnAnswer, saw };
}
