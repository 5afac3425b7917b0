import { Filter } from '@sluice/filters';

/** A filter that answers later, though at once, as one does that finds what it looks for in a cache. */
export class Later {
  /** @param {import('@sluice/filters').HttpRequestMessage} request */
  async apply(request) {
    await Promise.resolve();
    return request;
  }
}
// What `@Filter({ … })` before the class is in TypeScript.
Filter({ type: 'inbound', name: 'later' })(Later);
