import { Filter } from '@sluice/filters';

/** @param {string} name A filter that looks at a request and lets it pass. */
function passing(name) {
  class Passing {
    /** @param {import('@sluice/filters').HttpRequestMessage} request */
    apply(request) {
      return request;
    }
  }
  // What `@Filter({ … })` before the class is in TypeScript.
  Filter({ type: 'inbound', name })(Passing);
  return Passing;
}

// A plugin has an export for each filter.
export const Pass1 = passing('pass-1');
export const Pass2 = passing('pass-2');
export const Pass3 = passing('pass-3');
export const Pass4 = passing('pass-4');
export const Pass5 = passing('pass-5');
export const Pass6 = passing('pass-6');
export const Pass7 = passing('pass-7');
export const Pass8 = passing('pass-8');
export const Pass9 = passing('pass-9');
export const Pass10 = passing('pass-10');
export const Pass11 = passing('pass-11');
export const Pass12 = passing('pass-12');
export const Pass13 = passing('pass-13');
export const Pass14 = passing('pass-14');
export const Pass15 = passing('pass-15');
export const Pass16 = passing('pass-16');
export const Pass17 = passing('pass-17');
export const Pass18 = passing('pass-18');
export const Pass19 = passing('pass-19');
export const Pass20 = passing('pass-20');

/** One that has to wait, as one that asks a cache does. */
export class Waiting {
  /** @param {import('@sluice/filters').HttpRequestMessage} request */
  async apply(request) {
    await Promise.resolve();
    return request;
  }
}
Filter({ type: 'inbound', name: 'waiting' })(Waiting);
