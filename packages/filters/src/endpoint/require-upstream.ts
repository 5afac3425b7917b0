import type { Upstream } from './endpoint.ts';

/**
 * What `open` of a streaming endpoint returned, if it is an Upstream: untyped code returns a Promise of one, nothing, or a
 * part of it, and the client would wait for ever. Throws a TypeError that says what is missing.
 */
export function requireUpstream(upstream: Upstream, endpoint: string): Upstream {
  const given: Partial<Upstream> = upstream ?? {};
  // One by one, and not in a loop: it is asked for each request.
  const isWhole =
    typeof given.content === 'function' &&
    typeof given.tunnel === 'function' &&
    typeof given.endTunnel === 'function' &&
    typeof given.flush === 'function' &&
    typeof given.downstreamWritabilityChanged === 'function' &&
    typeof given.end === 'function';
  if (!isWhole) throw new TypeError(faultOf(given, endpoint));
  return upstream;
}

const METHODS = ['content', 'tunnel', 'endTunnel', 'flush', 'downstreamWritabilityChanged', 'end'] as const;

function faultOf(given: Partial<Upstream>, endpoint: string): string {
  const missing = METHODS.filter((method) => typeof given[method] !== 'function');
  const promised = given instanceof Promise ? ' at once, not a Promise of one' : '';
  return `open of ${endpoint} must return an Upstream${promised}: it has no ${missing.join(', ')}.`;
}
