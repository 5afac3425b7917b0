import { Filter } from '@sluice/filters';
import type { FilterOptions, InboundFilter } from '@sluice/filters';
import { rawOrigin } from '@sluice/testing';
import type { TestGateway, TestGatewayDeclaration, TestOrigin } from '@sluice/testing';
import { ContainerModule } from 'inversify';
import type { Newable } from 'inversify';

/** A response that the gateway makes by itself, and what tells why. */
export interface LocalReply {
  /** The details in the access log. */
  readonly details: string;
  readonly status: number;
  /** In `Proxy-Status`. */
  readonly error: string;
  /** Default: nothing but the handlers of the reference gateway. */
  readonly declaration?: TestGatewayDeclaration;
  /** What happens before the client comes. */
  readonly before?: (gateway: TestGateway) => void;
  /** What the client sends. Default: a GET. */
  readonly bytes?: string;
  /** What happens then. */
  readonly afterwards?: (gateway: TestGateway) => void;
}

export const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
/** Its body never comes. */
export const POST = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n';

/** A declaration with one inbound filter that does this. */
export function withFilter(
  apply: InboundFilter['apply'],
  options: Partial<FilterOptions> = {},
  parts: Partial<InboundFilter> = {},
): TestGatewayDeclaration {
  class Step implements InboundFilter {
    constructor() {
      Object.assign(this, parts);
    }

    apply(...args: Parameters<InboundFilter['apply']>): ReturnType<InboundFilter['apply']> {
      return apply(...args);
    }
  }
  Filter({ type: 'inbound', name: 'step', ...options })(Step);
  return { filters: [Step] };
}

/** What a filter throws. */
export function throwing(cause: () => unknown): TestGatewayDeclaration {
  return withFilter(() => {
    throw cause();
  });
}

/** An origin that answers with these bytes, or with none. */
export function withOrigin(answer = ''): TestGatewayDeclaration {
  return { origins: { origin: originOf(answer) } };
}

function originOf(answer: string): TestOrigin {
  return rawOrigin((wire) => void (answer !== '' && wire.send(answer)));
}

/** Options of a filter or handler, as they are bound. */
export function bound<Options extends object>(type: Newable<Options>, options: object): ContainerModule {
  return new ContainerModule(({ bind }) => void bind(type).toConstantValue(options as Options));
}
