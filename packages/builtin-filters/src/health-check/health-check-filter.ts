import { Filter } from '@sluice/filters';
import type { HttpRequestMessage, InboundFilter, SessionContext } from '@sluice/filters';
import { inject } from 'inversify';
import type { z } from 'zod';
import { IpAccessFilter } from '../ip-access/ip-access-filter.ts';
import { answerLocally } from '../shared/answer-locally.ts';
import { behind } from '../shared/behind.ts';
import { HealthCheckOptions } from './health-check-options.ts';
import type { healthCheckSchema } from './health-check-options.ts';
import { Readiness } from './readiness.ts';

/** Answers GET and HEAD of one path with 200, or 503 while the gateway is not ready. Neither counts as a failure. */
@Filter({ type: 'inbound', name: 'health-check', after: behind(IpAccessFilter) })
export class HealthCheckFilter implements InboundFilter {
  readonly #path: string;
  readonly #readiness: Readiness;

  constructor(
    @inject(HealthCheckOptions) options: z.input<typeof healthCheckSchema> = {},
    @inject(Readiness) readiness: Readiness = new Readiness(),
  ) {
    this.#path = new HealthCheckOptions(options).path;
    this.#readiness = readiness;
  }

  shouldFilter({ path, method }: HttpRequestMessage): boolean {
    return path === this.#path && (method === 'GET' || method === 'HEAD');
  }

  apply(_request: HttpRequestMessage, context: SessionContext): void | Promise<void> {
    const answer = (isReady: boolean): void => answerHealth(context, isReady);
    const isReady = this.#isReady();
    if (typeof isReady === 'boolean') return answer(isReady);
    return isReady.then(answer, () => answer(false));
  }

  #isReady(): boolean | Promise<boolean> {
    try {
      return this.#readiness.isReady();
    } catch {
      return false;
    }
  }
}

function answerHealth(context: SessionContext, isReady: boolean): void {
  answerLocally(context, 'health-check', {
    status: isReady ? 200 : 503,
    headers: [
      ['content-type', 'text/plain; charset=utf-8'],
      ['cache-control', 'no-store'],
    ],
    body: isReady ? 'ready\n' : 'not ready\n',
  });
}
