import { isIPv6 } from 'node:net';
import { canonicalHost } from '@sluice/codec-http';

/** A domain of a virtual host, taken apart. */
export interface Domain {
  readonly kind: 'exact' | 'suffix' | 'prefix' | 'any';
  /** What is compared: the host, `.example.com` of `*.example.com`, `api.` of `api.*`; empty for `*`. */
  readonly key: string;
  /** Undefined: every port. */
  readonly port: number | undefined;
}

const MAX_PORT = 65_535;
const DOMAIN = /^(?<host>\*|\[[^\]]*\]|[^:[\]]+)(?::(?<port>\d{1,5}))?$/;
const NAME = /^[\w~-]+(?:\.[\w~-]+)*\.?$/;

/** Undefined for what is not a domain. Upper case, a trailing dot and other forms of an IPv6 address are one. */
export function parseDomain(text: string): Domain | undefined {
  const { host, port: digits } = DOMAIN.exec(text.toLowerCase())?.groups ?? {};
  const port = digits === undefined ? undefined : Number(digits);
  if (host === undefined || (port !== undefined && (port === 0 || port > MAX_PORT))) return undefined;
  if (host === '*') return { kind: 'any', key: '', port };
  if (host.startsWith('*.')) return named('suffix', host.slice(2), (name) => `.${name}`, port);
  if (host.endsWith('.*')) return named('prefix', host.slice(0, -2), (name) => `${name}.`, port);
  if (host.startsWith('[') && !isIPv6(host.slice(1, -1))) return undefined;
  return host.startsWith('[')
    ? { kind: 'exact', key: canonicalHost(host), port }
    : named('exact', host, same, port);
}

function named(
  kind: Domain['kind'],
  name: string,
  keyOf: (name: string) => string,
  port: number | undefined,
): Domain | undefined {
  return NAME.test(name) && !name.includes('%') ? { kind, key: keyOf(canonicalHost(name)), port } : undefined;
}

function same(name: string): string {
  return name;
}
