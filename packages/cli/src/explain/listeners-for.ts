import type { HttpServerCodecOptions } from '@sluice/codec-http';
import { formatAddress } from '@sluice/core';
import type { SocketAddress } from '@sluice/core';
import type { AskedRequest } from './parse-request.ts';

/** A listener that a request may come to. */
export interface ExplainedListener {
  readonly name: string | undefined;
  readonly address: SocketAddress;
  readonly isTls: boolean;
  /** What its codec takes, beside the defaults. */
  readonly codec?: Partial<HttpServerCodecOptions> | undefined;
}

/** The listeners that a request may come to. */
export interface ListenerChoice {
  readonly listeners: readonly ExplainedListener[];
  /** Why it comes to none of them as it is asked for. */
  readonly note?: string;
}

/**
 * Those that speak the scheme of the URL and, where any has it, on its port. All share the routes, so
 * that the way goes on also where none does: there may be another proxy in front, or a mapped port.
 */
export function listenersFor(
  { scheme, port }: AskedRequest,
  listeners: readonly ExplainedListener[],
): ListenerChoice {
  const speaking = listeners.filter(({ isTls }) => isTls === (scheme === 'https'));
  const there = speaking.filter(({ address }) => 'port' in address && address.port === port);
  if (there.length > 0) return { listeners: there };
  if (speaking.length > 0) return { listeners: speaking, note: `none listens on port ${port} itself` };
  return { listeners, note: `none speaks ${scheme}` };
}

/** A listener in short, for people. */
export function describeListener({ name, address, isTls }: ExplainedListener): string {
  const text = `${isTls ? 'https' : 'http'}://${formatAddress(address)}`;
  return name === undefined ? text : `${name}, ${text}`;
}
