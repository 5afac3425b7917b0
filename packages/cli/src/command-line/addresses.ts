import type { InetSocketAddress } from '@sluice/core';
import { UsageError } from './usage-error.ts';

const MAX_PORT = 65_535;

/** Reads `HOST:PORT`, `[IPV6]:PORT` or a port alone. Throws a {@link UsageError}. */
export function parseListenAddress(option: string, text: string): InetSocketAddress {
  const [, host = '127.0.0.1', port] = /^(?:(.+):)?(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined || Number(port) > MAX_PORT) {
    throw new UsageError(`${option} takes HOST:PORT or a port, like 127.0.0.1:8080; got "${text}".`);
  }
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
}

/** A server that requests are sent to, and whether with TLS. */
export interface OriginAddress extends InetSocketAddress {
  readonly isTls: boolean;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** Reads the URL of an origin. Throws a {@link UsageError}. */
export function parseOriginUrl(text: string): OriginAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const defaultPort = url && DEFAULT_PORTS[url.protocol];
  if (url === undefined || defaultPort === undefined || url.hostname === '') {
    const isBare = !text.includes('://') && URL.canParse(`http://${text}`);
    const hint = isBare ? ` Did you mean "http://${text}"?` : '';
    throw new UsageError(`--to takes a URL like http://127.0.0.1:9000; got "${text}".${hint}`);
  }
  if (url.pathname !== '/' || url.search !== '' || url.username !== '') {
    throw new UsageError(`--to takes a scheme, a host and a port and nothing else; got "${text}".`);
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return { host, port: Number(url.port || defaultPort), isTls: url.protocol === 'https:' };
}
