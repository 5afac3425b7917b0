import { readFileSync } from 'node:fs';
import { checkProxyCase, type ProxyCase } from './proxy-case.ts';
import { checkRequestCase, type RequestCase } from './request-case.ts';
import { checkResponseCase, type ResponseCase } from './response-case.ts';
import { listOf, type Check } from './schema.ts';

/** The request cases, the ones that reach a limit and our own included. */
export function loadRequestCases(): readonly RequestCase[] {
  return unique([
    ...load('http1-requests.json', checkRequestCase),
    ...load('http1-requests-limits.json', checkRequestCase),
    ...load('own-requests.json', checkRequestCase),
  ]);
}

/** The response cases, our own included. */
export function loadResponseCases(): readonly ResponseCase[] {
  return unique([
    ...load('http1-responses.json', checkResponseCase),
    ...load('own-responses.json', checkResponseCase),
  ]);
}

/** The cases for a receiver of the PROXY protocol, versions 1 and 2, our own included. */
export function loadProxyCases(): readonly ProxyCase[] {
  return unique([
    ...load('proxy-protocol.json', checkProxyCase),
    ...load('own-proxy-protocol.json', checkProxyCase),
  ]);
}

function load<T>(name: string, check: Check<T>): readonly T[] {
  const file: unknown = JSON.parse(readFileSync(new URL(`../cases/${name}`, import.meta.url), 'utf8'));
  if (typeof file !== 'object' || file === null || !('cases' in file)) {
    throw new TypeError(`${name}: expected an object with "cases"`);
  }
  return listOf(check)(file.cases, `${name}.cases`);
}

function unique<T extends { readonly id: string }>(cases: readonly T[]): readonly T[] {
  if (cases.length === 0) throw new TypeError('no cases found');
  const seen = new Set<string>();
  for (const { id } of cases) {
    if (seen.has(id)) throw new TypeError(`case ${id} is there twice`);
    seen.add(id);
  }
  return cases;
}
