import { ContextKey, Filter, HttpResponseMessage, HttpStatusError } from '@sluice/filters';
import type {
  HttpRequestMessage,
  InboundFilter,
  OutboundFilter,
  ResponseEndpoint,
  SessionContext,
} from '@sluice/filters';
import { NoResponseError, runFilters } from '@sluice/testing';
import { ContainerModule, inject } from 'inversify';
import { describe, expect, it } from 'vitest';

const USER = new ContextKey<string>('user');
const SECRET = Symbol('secret');

describe('runFilters', () => {
  it('gives the response, the context, and what an origin would have been sent', async () => {
    const { response, context, originRequest } = await runFilters(
      [Authentication, Stamp],
      { method: 'POST', target: '/a', headers: { authorization: 'ann' }, body: 'hello' },
      { modules: [secret('ann')], originResponse: (request) => ({ body: `${request.text} ann` }) },
    );

    expect(response).toMatchObject({ status: 200, text: 'hello ann' });
    expect(response.headers.get('x-stamp')).toBe('1');
    expect(context.get(USER)).toBe('ann');
    expect(originRequest).toMatchObject({ method: 'POST', target: '/a', text: 'hello' });
    expect(originRequest?.headers.get('x-user')).toBe('ann');
  });

  it('gives no request of an origin when the filters answer by themselves', async () => {
    const { response, originRequest, context } = await runFilters(
      [Authentication],
      {},
      { modules: [secret('ann')] },
    );

    expect(response.status).toBe(401);
    expect(originRequest).toBe(undefined);
    expect(context.statusCategory).toMatch(/FAILURE/);
  });

  it('runs an endpoint that a filter has chosen', async () => {
    const { response } = await runFilters([ChoosePong, Pong]);

    expect(response.text).toBe('pong');
  });

  it('rejects when a filter never comes to an end', async () => {
    await expect(runFilters([Endless])).rejects.toThrow(NoResponseError);
  });
});

function secret(value: string): ContainerModule {
  return new ContainerModule(({ bind }) => void bind(SECRET).toConstantValue(value));
}

@Filter({ type: 'inbound' })
class Authentication implements InboundFilter {
  readonly #secret: string;

  constructor(@inject(SECRET) secret: string) {
    this.#secret = secret;
  }

  apply(request: HttpRequestMessage, context: SessionContext): void {
    const user = request.headers.get('authorization');
    if (user !== this.#secret) throw new HttpStatusError(401, 'Who are you?');
    context.set(USER, user);
    request.headers.set('x-user', user);
  }
}

@Filter({ type: 'outbound' })
class Stamp implements OutboundFilter {
  apply(response: HttpResponseMessage): void {
    response.headers.set('x-stamp', '1');
  }
}

@Filter({ type: 'endpoint' })
class Pong implements ResponseEndpoint {
  apply(_request: HttpRequestMessage, context: SessionContext): HttpResponseMessage {
    return HttpResponseMessage.make(context, { status: 200, body: 'pong' });
  }
}

@Filter({ type: 'inbound' })
class ChoosePong implements InboundFilter {
  apply(_request: HttpRequestMessage, context: SessionContext): void {
    context.endpoint = Pong;
  }
}

@Filter({ type: 'inbound' })
class Endless implements InboundFilter {
  apply(): Promise<void> {
    return new Promise(() => {});
  }
}
