import { HttpClientCodec, HttpServerCodec } from '@sluice/codec-http';
import { EmbeddedChannel, silentLogger } from '@sluice/core';
import type { ChannelHandlerContext, ChannelInboundHandler, Logger } from '@sluice/core';
import {
  ClientRequestReceiver,
  ClientResponseWriter,
  FilterRegistry,
  HttpRequestMessage,
  resolveFilters,
  ZuulFilterChainHandler,
  ZuulFilterChainOptions,
} from '@sluice/filters';
import type { FilterClass, SessionContext } from '@sluice/filters';
import { LOGGER } from '@sluice/gateway';
import { HttpServerLifecycleChannelHandler } from '@sluice/handler-http';
import { Container } from 'inversify';
import type { ContainerModule } from 'inversify';
import { requestObjects } from './http/message-init.ts';
import type { RequestInit, ResponseInit } from './http/message-init.ts';
import { NoResponseError } from './http/no-response-error.ts';
import type { ReceivedRequest, ReceivedResponse } from './http/received-message.ts';
import { ResponseCollector } from './http/response-collector.ts';
import { settle } from './http/turns.ts';
import { StandInOrigin } from './stand-in-origin.ts';

export interface RunFiltersOptions {
  /** Bindings for what the filters inject. */
  readonly modules?: readonly ContainerModule[];
  /** What the origin answers, when the request gets there. Default: an empty 200. */
  readonly originResponse?: ResponseInit | ((request: ReceivedRequest) => ResponseInit);
  /** Default: nothing is logged. */
  readonly logger?: Logger;
}

/** What became of a request. */
export interface FilterRun {
  /** As the client gets it. */
  readonly response: ReceivedResponse;
  readonly context: SessionContext;
  /** What an origin would have been sent; undefined when the filters answered by themselves. */
  readonly originRequest: ReceivedRequest | undefined;
}

/**
 * Takes a request through filters as a gateway does, from bytes to bytes, with a stand-in for the
 * origin behind them. An endpoint among the filters is chosen by `context.endpoint`, as ever.
 *
 *     const { response, context } = await runFilters([Authentication], { target: '/private' });
 *
 * Rejects with a {@link NoResponseError} when there is no whole response.
 */
export async function runFilters(
  filters: readonly FilterClass[],
  request: RequestInit = {},
  options: RunFiltersOptions = {},
): Promise<FilterRun> {
  const { modules = [], originResponse = {}, logger = silentLogger } = options;
  const container = new Container({ autobind: true });
  const origin = new StandInOrigin(originResponse);
  container.bind(StandInOrigin).toConstantValue(origin);
  container.bind(LOGGER).toConstantValue(logger);
  container.load(...modules);
  const set = resolveFilters(container, filters, { defaultEndpoint: StandInOrigin });
  const catcher = new ContextCatcher();
  const server = serverChannel(new FilterRegistry(set), catcher, logger);
  const collector = new ResponseCollector();
  const client = new EmbeddedChannel(new HttpClientCodec(), collector);
  client.writeOutbound(...requestObjects(request));
  const isDone = (): boolean => collector.responses.at(-1)?.isOver === true;
  await settle(() => pass(client, server), isDone);
  const [response] = collector.responses;
  const { context } = catcher;
  if (response === undefined || context === undefined || !isDone()) {
    throw new NoResponseError('The filters gave no whole response.', server.clock);
  }
  return { response, context, originRequest: origin.request };
}

function serverChannel(registry: FilterRegistry, catcher: ContextCatcher, logger: Logger): EmbeddedChannel {
  return new EmbeddedChannel({
    logger,
    handlers: [
      new HttpServerCodec(),
      new HttpServerLifecycleChannelHandler(),
      new ClientRequestReceiver(),
      catcher,
      new ZuulFilterChainHandler(registry, new ZuulFilterChainOptions()),
      new ClientResponseWriter(),
    ],
  });
}

/** Carries bytes to the other side and back; returns whether there were any. */
function pass(client: EmbeddedChannel, server: EmbeddedChannel): boolean {
  server.runPendingTasks();
  const isBusy = client.outboundMessages().length > 0 || server.outboundMessages().length > 0;
  for (let bytes = client.readOutbound(); bytes !== undefined; bytes = client.readOutbound()) {
    if (server.isOpen) server.writeInbound(bytes);
  }
  for (let bytes = server.readOutbound(); bytes !== undefined; bytes = server.readOutbound()) {
    if (client.isOpen) client.writeInbound(bytes);
  }
  if (!server.isOpen && client.isOpen) client.close();
  return isBusy;
}

/** Keeps the context of the request, which lives on after it. */
class ContextCatcher implements ChannelInboundHandler {
  context: SessionContext | undefined = undefined;

  channelRead(ctx: ChannelHandlerContext, message: unknown): void {
    if (message instanceof HttpRequestMessage) this.context = message.context;
    ctx.fireChannelRead(message);
  }
}
