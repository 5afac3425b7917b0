import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HttpClientCodecOptions, HttpServerCodecOptions } from '@sluice/codec-http';
import { ZuulFilterChainOptions } from '@sluice/filters';
import { AccessLogOptions } from '@sluice/handler-access-log';
import { MaxInboundConnectionsOptions } from '@sluice/handler-connection';
import {
  Http1ConnectionExpiryOptions,
  HttpHeadersTimeoutOptions,
  HttpRequestDeadlineOptions,
  HttpRequestReadTimeoutOptions,
  LingeringCloseOptions,
} from '@sluice/handler-http';
import { IdleStateOptions, WriteStallOptions } from '@sluice/handler-idle-state';
import { ElbProxyProtocolOptions } from '@sluice/handler-proxy-protocol';
import { SslHandlerOptions } from '@sluice/handler-tls';
import { OriginOptions } from '@sluice/origin';
import { describe, expect, it } from 'vitest';

const PAGE = readFileSync('docs/security.md', 'utf8');
const LINK = /\[(?<text>[^\]]*)\]\((?<path>[^)#]+)(?:#[^)]*)?\)/g;
const LINKS = [...PAGE.matchAll(LINK)].map(({ groups }) => ({
  text: groups?.['text'] ?? '',
  path: join('docs', groups?.['path'] ?? ''),
}));

describe('the security model', () => {
  it('links to files that are there', () => {
    expect(LINKS.length).toBeGreaterThan(150);
    for (const { path } of LINKS) expect(existsSync(path), path).toBe(true);
  });

  it('names tests that are there, by their titles', () => {
    const tests = LINKS.filter(({ path }) => path.endsWith('.test.ts'));

    expect(tests.length).toBeGreaterThan(60);
    for (const { text, path } of tests) expect(titlesOf(path), `${path}: ${text}`).toContain(text);
  });

  it('names cases that are there', () => {
    const cases = LINKS.filter(({ path }) => path.includes('/cases/'));

    expect(cases.length).toBeGreaterThan(60);
    for (const { text, path } of cases) {
      const ids = idsOf(path);
      expect(
        ids.some((id) =>
          text.endsWith('-') ? id.startsWith(text) : id.startsWith(`${text}-`) || id === text,
        ),
        `${path}: ${text}`,
      ).toBe(true);
    }
  });

  it('has a test in every row of an attack and an invariant', () => {
    const [, invariants = ''] = PAGE.split('## Invariants');
    const [rows = ''] = invariants.split('## Limits');
    const tables = rows.split(/^### |^## /m).filter((part) => /\| Tests +\|/.test(part));

    expect(tables).toHaveLength(6);
    for (const row of tables.join('\n').matchAll(/^\| (?!-|#|Attack)(?<row>.*) \|$/gm)) {
      expect(row.groups?.['row']?.split(' | ').at(-1), row[0]).toMatch(/\]\(\.\.\/(?:test|packages)\//);
    }
  });
});

const OPTIONS: Readonly<Record<string, object>> = {
  HttpServerCodecOptions: new HttpServerCodecOptions(),
  HttpClientCodecOptions: new HttpClientCodecOptions(),
  ElbProxyProtocolOptions: new ElbProxyProtocolOptions(),
  SslHandlerOptions: new SslHandlerOptions(),
  HttpHeadersTimeoutOptions: new HttpHeadersTimeoutOptions(),
  HttpRequestReadTimeoutOptions: new HttpRequestReadTimeoutOptions(),
  HttpRequestDeadlineOptions: new HttpRequestDeadlineOptions(),
  WriteStallOptions: new WriteStallOptions(),
  IdleStateOptions: new IdleStateOptions(),
  Http1ConnectionExpiryOptions: new Http1ConnectionExpiryOptions(),
  MaxInboundConnectionsOptions: new MaxInboundConnectionsOptions(),
  ZuulFilterChainOptions: new ZuulFilterChainOptions(),
  LingeringCloseOptions: new LingeringCloseOptions(),
  OriginOptions: new OriginOptions(),
  AccessLogOptions: new AccessLogOptions(),
};

const ROW = /^\| (?<what>[^|]+?) +\| (?<value>[^|]+?) +\| [^|]+ \| `(?<type>\w+)\.(?<option>\w+)` +\|$/gm;
const LIMITS = [...PAGE.matchAll(ROW)].map(({ groups = {} }) => groups);

it('has the limits on its list', () => {
  expect(LIMITS.length).toBeGreaterThan(30);
});

it.each(LIMITS)('has by default a limit of $value: $what', ({ value = '', type = '', option = '' }) => {
  expect((OPTIONS[type] as Record<string, unknown> | undefined)?.[option], `${type}.${option}`).toBe(
    numberOf(value),
  );
});

const UNITS: Readonly<Record<string, number>> = { KiB: 1024, MiB: 1024 ** 2, s: 1_000, min: 60_000 };

function numberOf(text: string): number {
  const [count = '', unit] = text.split(' ');
  return Number(count) * (unit === undefined ? 1 : (UNITS[unit] ?? Number.NaN));
}

/** The file with its strings in one line, as titles are that the formatter has broken. */
function titlesOf(path: string): string {
  return readFileSync(path, 'utf8').replaceAll(/\s+/g, ' ');
}

function idsOf(path: string): readonly string[] {
  return [...readFileSync(path, 'utf8').matchAll(/"id": ?"(?<id>[^"]+)"/g)].map(
    ({ groups }) => groups?.['id'] ?? '',
  );
}
