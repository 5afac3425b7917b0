import type { ProxyCase } from '../case/proxy-case.ts';
import type { RequestCase } from '../case/request-case.ts';
import type { ResponseCase } from '../case/response-case.ts';
import { judgeProxy } from '../judge/judge-proxy.ts';
import { judgeRequest } from '../judge/judge-request.ts';
import { judgeResponse } from '../judge/judge-response.ts';
import type { ClientSide } from '../judge/observation.ts';
import type { Feeding } from '../wire/feeding.ts';
import type { Lane } from './lane.ts';
import { runProxyCase } from './run-proxy-case.ts';
import { runRequestCase } from './run-request-case.ts';
import { runResponseCase } from './run-response-case.ts';

/** What became of one case in one feeding. */
export interface Outcome {
  readonly id: string;
  readonly category: string;
  readonly feeding: Feeding;
  readonly failures: readonly string[];
  readonly notes: readonly string[];
  /** What the client saw, unless the run itself broke. */
  readonly client: ClientSide | undefined;
  /** What each upstream connection carried, first line naming it. */
  readonly upstream: readonly { readonly title: string; readonly bytes: string }[];
}

/** Runs and judges a request case. */
export function tryRequest(lane: Lane, testCase: RequestCase, feeding: Feeding): Promise<Outcome> {
  return guard(lane, testCase, feeding, async () => {
    const seen = await runRequestCase(lane, testCase, feeding);
    return { ...judgeRequest(testCase, seen), client: seen.client };
  });
}

/** Runs and judges a response case. */
export function tryResponse(lane: Lane, testCase: ResponseCase, feeding: Feeding): Promise<Outcome> {
  return guard(lane, testCase, feeding, async () => {
    const seen = await runResponseCase(lane, testCase, feeding);
    return { ...judgeResponse(testCase, seen), client: seen.client };
  });
}

/** Runs and judges a PROXY protocol case. */
export function tryProxy(lane: Lane, testCase: ProxyCase, feeding: Feeding): Promise<Outcome> {
  return guard(lane, { id: testCase.id, category: 'proxy-protocol' }, feeding, async () => {
    const seen = await runProxyCase(lane, testCase, feeding);
    return { ...judgeProxy(testCase, seen), client: seen.client };
  });
}

/** A proxy that dies, or refuses connections, fails the case and not the run. */
async function guard(
  lane: Lane,
  { id, category }: { readonly id: string; readonly category: string },
  feeding: Feeding,
  run: () => Promise<Pick<Outcome, 'failures' | 'notes' | 'client'>>,
): Promise<Outcome> {
  const result = await run().catch((error: unknown) => ({
    failures: [`the run broke off: ${String(error)}`],
    notes: [],
    client: undefined,
  }));
  const death = await lane.revive();
  const failures = death === undefined ? result.failures : [...result.failures, death];
  const upstream = lane.origin.records().map(({ connection, isClosed, bytes }) => ({
    title: `connection ${connection}${isClosed ? ', closed' : ''}`,
    bytes,
  }));
  return { ...result, id, category, feeding, failures, upstream };
}
