import { AttributeKey } from '@sluice/core';
import type { Channel } from '@sluice/core';

/** On a listening channel: the listener's name in metrics. Absent: its port. */
export const LISTENER_NAME = AttributeKey.newInstance<string>('_listener_name');

/** How many listeners have figures of their own; more are counted together. */
export const MAX_LISTENERS = 64;

// Of the connection before, which mostly came to the same listener: the text is not put together for each.
let lastPort = 0;
let lastId = 'http-0';

/** The `id` label of metrics: `http-` and the name or port of the listener that accepted a channel. */
export function listenerId({ parent, localAddress }: Channel): string {
  const name = parent?.hasAttr(LISTENER_NAME) ? parent.attr(LISTENER_NAME).get() : undefined;
  if (name !== undefined) return `http-${name}`;
  const address = parent?.localAddress ?? localAddress;
  return address === undefined || 'path' in address ? 'http-unix' : idOf(address.port);
}

function idOf(port: number): string {
  if (port === lastPort) return lastId;
  lastPort = port;
  lastId = `http-${port}`;
  return lastId;
}
