import { clusterLines } from '../text/cluster-lines.ts';
import { maskSecrets } from '../text/mask-secrets.ts';
import {
  OPEN_METRICS_TYPE,
  prefersOpenMetrics,
  PROMETHEUS_TYPE,
  toOpenMetrics,
} from '../text/open-metrics.ts';
import { parseExposition } from '../text/parse-exposition.ts';
import { passportLines } from '../text/passport-lines.ts';
import { readinessLines } from '../text/readiness-lines.ts';
import { jsonReply, textReply } from './admin-reply.ts';
import type { AdminReply } from './admin-reply.ts';
import type { AdminRequest, AdminRoute } from './admin-route.ts';
import { parsePassportQuery, PASSPORT_PARAMETERS } from './parse-passport-query.ts';

/** What can be looked at. */
export const readRoutes: readonly AdminRoute[] = [
  {
    method: 'GET',
    path: '/ready',
    parameters: ['format'],
    summary:
      '200 when it takes requests, 503 before that and from the start of a drain; format: text or json',
    answer: async ({ source, query }) => {
      const format = query.choice('format', ['text', 'json']);
      const report = await source.status();
      const status = report.isReady ? 200 : 503;
      return format === 'json' ? jsonReply(report, status) : textReply(readinessLines(report), status);
    },
  },
  {
    method: 'GET',
    path: '/live',
    summary: '200 as long as the program answers',
    answer: () => textReply('live\n'),
  },
  {
    method: 'GET',
    path: '/status',
    summary: 'where the program is in its life, and what came of the last reload',
    answer: async ({ source }) => jsonReply(await source.status()),
  },
  { method: 'GET', path: '/metrics', summary: 'all figures, for Prometheus', answer: metrics },
  {
    method: 'GET',
    path: '/stats',
    parameters: ['name'],
    summary: 'the same as JSON; name: a part of the name',
    answer: async ({ source, query }) => {
      const part = query.text('name') ?? '';
      const families = parseExposition(await source.metrics());
      return jsonReply(families.filter(({ name }) => name.includes(part)));
    },
  },
  {
    method: 'GET',
    path: '/clusters',
    parameters: ['format'],
    summary: 'origins with servers, health, pools and breakers; format: text or json',
    answer: async ({ source, query }) => {
      const format = query.choice('format', ['text', 'json']);
      const origins = await source.origins();
      return format === 'json' ? jsonReply(origins) : textReply(clusterLines(origins));
    },
  },
  {
    method: 'GET',
    path: '/listeners',
    summary: 'addresses, connections, and the handlers on both sides with their events and options',
    answer: async ({ source }) => jsonReply(await source.listeners()),
  },
  {
    method: 'GET',
    path: '/filters',
    summary: 'the filters in their order, and which are turned off',
    answer: async ({ source }) => jsonReply(await source.filters()),
  },
  {
    method: 'GET',
    path: '/passports',
    parameters: PASSPORT_PARAMETERS,
    summary: 'requests that are over, and where their time went',
    answer: async ({ source, query }) => {
      const format = query.choice('format', ['text', 'json']);
      const passports = await source.passports(parsePassportQuery(query));
      return format === 'json' ? jsonReply(passports) : textReply(passportLines(passports));
    },
  },
  {
    method: 'GET',
    path: '/config',
    summary: 'the configuration in force, without its secrets',
    answer: async ({ source }) => jsonReply(maskSecrets(await source.config()) ?? {}),
  },
  {
    method: 'GET',
    path: '/logging',
    summary: 'the level of each logger',
    answer: async ({ source }) => jsonReply(await source.logging()),
  },
];

async function metrics({ source, accept }: AdminRequest): Promise<AdminReply> {
  const text = await source.metrics();
  return prefersOpenMetrics(accept)
    ? { status: 200, contentType: OPEN_METRICS_TYPE, body: toOpenMetrics(text) }
    : { status: 200, contentType: PROMETHEUS_TYPE, body: text };
}
