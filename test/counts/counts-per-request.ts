import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { requireFreshBuild } from '../support/fresh-build.ts';
import type { ProcessSet } from '../support/process/process-set.ts';
import type { Counts } from './counted-gateway.ts';
import { CountedGateway } from './counted-gateway.ts';
import { countedOrigin } from './counted-origin.ts';
import { onKeptConnection, type RepeatedRequest } from './repeated-request.ts';

const REQUESTS = 4_000;
// They are counted in as many parts.
const PARTS = 4;
// Not counted, for each that is: until everything on the way is compiled for good.
const WARM_UP = 1.5;
const PLUGIN = fileURLToPath(new URL('../bench/peers/filters/plugin.js', import.meta.url));

/** A request that is counted. */
export type CountedRequest = {
  /** Filters of the bench, by name; without, the gateway runs in quick mode. */
  filters?: readonly string[];
  /** Of the response. */
  bodyBytes?: number;
  /** {@link onKeptConnection} by default. */
  ask?: (port: number) => Promise<RepeatedRequest>;
  /** How often it is counted, after half as many again that are not. */
  requests?: number;
  /** What new objects may take before they are collected, in MiB; so much by default that they are not. */
  newSpaceMiB?: number;
};

/** What one request costs the reference gateway, with its full list. */
export async function countsPerRequest(
  processes: ProcessSet,
  directory: string,
  { filters, bodyBytes, ask = onKeptConnection, requests = REQUESTS, newSpaceMiB }: CountedRequest,
): Promise<Counts> {
  requireFreshBuild();
  const { server, port: origin } = await countedOrigin(bodyBytes);
  const gateway = await CountedGateway.start(
    processes,
    (port) => commandOf(directory, origin, port, filters),
    join(directory, 'gateway.log'),
    newSpaceMiB,
  );
  const client = await ask(gateway.port);
  await client.send(requests * WARM_UP);
  const parts = await countParts(gateway, client, requests / PARTS);
  client.close();
  server.close();
  return joined(parts);
}

async function countParts(
  gateway: CountedGateway,
  client: RepeatedRequest,
  requests: number,
): Promise<readonly Counts[]> {
  const parts: Counts[] = [];
  let before = await gateway.counts();
  for (let left = PARTS; left > 0; left--) {
    await client.send(requests);
    const after = await gateway.counts();
    parts.push(difference(before, after, requests));
    before = after;
  }
  return parts;
}

function commandOf(
  directory: string,
  origin: number,
  port: number,
  filters: readonly string[] | undefined,
): readonly string[] {
  if (!filters) return `proxy --to http://127.0.0.1:${origin} --listen 127.0.0.1:${port}`.split(' ');
  const file = join(directory, `gateway-${port}.json`);
  writeFileSync(file, JSON.stringify(declaration(origin, port, filters)));
  return ['run', '--config', file];
}

function declaration(origin: number, port: number, filters: readonly string[]): object {
  return {
    listeners: [{ address: `127.0.0.1:${port}` }],
    origins: [{ name: 'counted', servers: [`127.0.0.1:${origin}`] }],
    routes: [{ prefix: '/', origin: 'counted' }],
    plugins: [PLUGIN],
    filters,
  };
}

/**
 * The mean of all parts. Of the heap the least, since code that is compiled late takes some of it in one, and of its old
 * generation the most, since a collection of the whole heap makes it small in one.
 */
function joined(parts: readonly Counts[]): Counts {
  const mean = (count: (counts: Counts) => number): number =>
    parts.reduce((sum, part) => sum + count(part), 0) / parts.length;
  return {
    socketWrites: mean(({ socketWrites }) => socketWrites),
    timers: mean(({ timers }) => timers),
    collections: mean(({ collections }) => collections),
    heapBytes: Math.min(...parts.map(({ heapBytes }) => heapBytes)),
    oldBytes: Math.max(...parts.map(({ oldBytes }) => oldBytes)),
  };
}

function difference(before: Counts, after: Counts, requests: number): Counts {
  const per = (count: (counts: Counts) => number): number => (count(after) - count(before)) / requests;
  return {
    socketWrites: per(({ socketWrites }) => socketWrites),
    timers: per(({ timers }) => timers),
    collections: per(({ collections }) => collections),
    heapBytes: per(({ heapBytes }) => heapBytes),
    oldBytes: per(({ oldBytes }) => oldBytes),
  };
}
