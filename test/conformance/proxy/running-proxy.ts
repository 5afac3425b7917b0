import type { ProxyUnderTest } from './proxy-under-test.ts';

/** A proxy that somebody else started and will end, with its origin on a port agreed beforehand. */
export function runningProxy(port: number): ProxyUnderTest {
  return { start: () => Promise.resolve({ port, failure: undefined, stop: () => Promise.resolve() }) };
}
