import { loadProxyCases, loadRequestCases, loadResponseCases } from '../case/case-files.ts';
import type { ProxyCase } from '../case/proxy-case.ts';
import type { RequestCase } from '../case/request-case.ts';
import type { ResponseCase } from '../case/response-case.ts';
import type { ProxyOptions } from '../proxy/proxy-under-test.ts';
import { FEEDINGS, RESPONSE_FEEDINGS, type Feeding } from '../wire/feeding.ts';
import type { Lane } from './lane.ts';
import { requestOf, responseOptions } from './origin-script.ts';
import { tryProxy, tryRequest, tryResponse, type Outcome } from './outcome.ts';
import { PROXY_FEEDINGS, proxyOptions } from './run-proxy-case.ts';

/** A case of any kind, with what a run of it needs. */
export interface Job {
  readonly id: string;
  readonly category: string;
  readonly why: string;
  /** What the client sends, and what it is answered, for people. */
  readonly sent: string;
  /** What its proxy is started with. */
  readonly options: ProxyOptions;
  readonly feedings: readonly Feeding[];
  run(lane: Lane, feeding: Feeding): Promise<Outcome>;
}

/** Every case there is. */
export function allJobs(): readonly Job[] {
  return [...requestJobs(), ...responseJobs(), ...proxyJobs()];
}

export function requestJobs(): readonly Job[] {
  return loadRequestCases().map(requestJob);
}

export function responseJobs(): readonly Job[] {
  return loadResponseCases().map(responseJob);
}

export function proxyJobs(): readonly Job[] {
  return loadProxyCases().map(proxyJob);
}

/** Groups jobs that can share a proxy. */
export function byOptions(
  jobs: readonly Job[],
): readonly (readonly [options: ProxyOptions, jobs: readonly Job[]])[] {
  const groups = new Map<string, [ProxyOptions, Job[]]>();
  for (const job of jobs) {
    const key = JSON.stringify(job.options);
    const group = groups.get(key);
    if (group) group[1].push(job);
    else groups.set(key, [job.options, [job]]);
  }
  return [...groups.values()];
}

function requestJob(testCase: RequestCase): Job {
  return {
    ...testCase,
    options: {},
    feedings: FEEDINGS,
    sent: testCase.raw,
    run: (lane, feeding) => tryRequest(lane, testCase, feeding),
  };
}

function responseJob(testCase: ResponseCase): Job {
  return {
    ...testCase,
    options: responseOptions(testCase),
    feedings: RESPONSE_FEEDINGS,
    sent: `${requestOf(testCase)}--- answered with ---\n${testCase.raw_response}`,
    run: (lane, feeding) => tryResponse(lane, testCase, feeding),
  };
}

function proxyJob(testCase: ProxyCase): Job {
  return {
    ...testCase,
    category: 'proxy-protocol',
    options: proxyOptions(testCase),
    feedings: PROXY_FEEDINGS,
    sent: Buffer.from(testCase.hex, 'hex').toString('latin1'),
    run: (lane, feeding) => tryProxy(lane, testCase, feeding),
  };
}
