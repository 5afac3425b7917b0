import { Filter } from '@sluice/filters';

/** Says in each response which gateway it came through. */
export class PoweredBy {
  apply(response) {
    response.headers.set('x-powered-by', 'sluice');
    return response;
  }
}

// What `@Filter({ … })` before the class is in TypeScript.
Filter({ type: 'outbound', name: 'powered-by' })(PoweredBy);
