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

/** Reads the URL of an origin. Throws a {@link UsageError}. */
export function parseOriginUrl(text: string): InetSocketAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' || url.hostname === '') {
    throw new UsageError(`--to takes a URL like http://127.0.0.1:9000; got "${text}".`);
  }
  if (url.pathname !== '/' || url.search !== '' || url.username !== '') {
    throw new UsageError(`--to takes a scheme, a host and a port and nothing else; got "${text}".`);
  }
  return { host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(url.port || '80') };
}
