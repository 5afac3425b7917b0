import { HttpRequest } from '@sluice/codec-http';
import { RouteTable } from '@sluice/router';
import type { RouteDeclaration } from '@sluice/router';
import { printRow } from '../print-row.ts';

type Match = Pick<RouteDeclaration, 'path' | 'prefix'>;

interface Scenario {
  readonly name: string;
  /** The path that the route of this number matches. */
  readonly match: (at: number) => Match;
  readonly target: (at: number) => string;
}

const SIZES = [10, 1000, 10_000];
const MATCHES = 20_480;
const ROUNDS = 60;
/** So that neither a branch nor a cache line is always the same. */
const REQUESTS = 1024;

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'exact',
    match: (at) => ({ path: { exact: `/service/${at}/items` } }),
    target: (at) => `/service/${at}/items`,
  },
  {
    name: 'prefix',
    match: (at) => ({ prefix: `/service/${at}/` }),
    target: (at) => `/service/${at}/items/7`,
  },
  {
    name: 'segment prefix',
    match: (at) => ({ path: { segmentPrefix: `/service/${at}` } }),
    target: (at) => `/service/${at}/items/7?page=2`,
  },
  {
    name: 'template',
    match: (at) => ({ path: { template: `/service/${at}/users/{id}/posts/{rest=**}` } }),
    target: (at) => `/service/${at}/users/42/posts/a/b`,
  },
  {
    name: 'exact, without case',
    match: (at) => ({ path: { exact: `/Service/${at}/Items`, ignoreCase: true } }),
    target: (at) => `/service/${at}/items`,
  },
  { name: 'nothing matches', match: (at) => ({ prefix: `/service/${at}/` }), target: (at) => `/other/${at}` },
];

/** Prints what it costs to find the route of a request, for tables of several sizes. */
export function benchRouter(): void {
  printRow('routes', SIZES.map(String));
  for (const scenario of SCENARIOS) {
    printRow(
      scenario.name,
      SIZES.map((size) => `${Math.round(nanosecondsPerMatch(scenario, size))} ns`),
    );
  }
}

/** The best of some rounds: the others were disturbed. */
function nanosecondsPerMatch({ match, target }: Scenario, size: number): number {
  const routes = Array.from({ length: size }, (_, at) => ({ ...match(at), origin: 'o' }));
  const table = new RouteTable({ routes });
  const requests = Array.from({ length: REQUESTS }, (_, at) => {
    const number = Math.floor((((at * 7919) % REQUESTS) * size) / REQUESTS);
    // As the decoder makes it: one run of characters, not pieces to be joined.
    const received = Buffer.from(target(number), 'latin1').toString('latin1');
    return new HttpRequest({ method: 'GET', target: received, authority: 'a.example' });
  });
  return Math.min(...Array.from({ length: ROUNDS }, () => round(table, requests)));
}

function round(table: RouteTable, requests: readonly HttpRequest[]): number {
  let found = 0;
  const start = process.hrtime.bigint();
  for (let at = 0; at < MATCHES; at++) {
    const request = requests[at % REQUESTS];
    if (request !== undefined && table.find(request) !== undefined) found++;
  }
  const elapsed = Number(process.hrtime.bigint() - start);
  if (found !== 0 && found !== MATCHES) throw new Error(`Only ${found} of ${MATCHES} requests were routed.`);
  return elapsed / MATCHES;
}
