import { formatAddress } from '@sluice/core';
import type { ListenerStatus } from '@sluice/gateway';
import type { HandlerDescription } from '@sluice/inject';
import type { HandlerReport, ListenerReport } from '../seam/reports.ts';
import { maskSecrets } from '../text/mask-secrets.ts';

/** What there is to say of a listener at the moment. */
export function listenerReport(listener: ListenerStatus): ListenerReport {
  return {
    name: listener.name,
    address: formatAddress(listener.address),
    isListening: listener.isListening,
    connections: listener.connectionCount,
    handlers: listener.handlers.map(handlerReport),
  };
}

export function handlerReport(handler: HandlerDescription): HandlerReport {
  const { name, className, isSharable, inbound, outbound, options } = handler;
  return { name, className, isSharable, inbound, outbound, options: maskSecrets(options) };
}
