import { HttpServerCodec } from '@sluice/codec-http';
import type { Logger } from '@sluice/core';
import { Http1ConnectionCloseHandler } from '@sluice/handler-http';
import type { HandlerClass } from '@sluice/inject';

/** Tells of an HTTP listener that no drain can end gently, as nothing in its list tells clients to go. */
export function warnOfDrain(handlers: readonly HandlerClass[], listener: string, logger: Logger): void {
  if (!handlers.includes(HttpServerCodec) || handlers.includes(Http1ConnectionCloseHandler)) return;
  logger.warn(
    { listener },
    'Http1ConnectionCloseHandler is not in the list of this listener: a drain waits for its deadline and then cuts connections that are kept.',
  );
}
