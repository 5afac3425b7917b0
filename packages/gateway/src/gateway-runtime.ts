import { NodeEventLoop, socketTransport, stderrLogger, SystemClock } from '@sluice/core';
import type { Channel, EventLoop, Logger, Transport } from '@sluice/core';
import { OriginConnector } from '@sluice/origin';
import type { OriginPipeline } from '@sluice/origin';
import type { DrainOptions } from './drain.ts';
import type { GatewayDeclaration } from './gateway-declaration.ts';

/** What a gateway runs on: it is there from its beginning to its end, whatever is declared anew. */
export class GatewayRuntime {
  readonly logger: Logger;
  readonly eventLoop: EventLoop;
  readonly transport: Transport;
  readonly drainOptions: Partial<DrainOptions>;
  readonly connector: OriginConnector;
  /** Fills the connections to origins that are made from now on. */
  originPipeline: OriginPipeline = { assemble: () => {} };

  constructor({
    logger = stderrLogger,
    clock = new SystemClock(),
    transport = socketTransport,
    eventLoop = new NodeEventLoop(clock, logger),
    drain = {},
  }: GatewayDeclaration) {
    this.logger = logger;
    this.eventLoop = eventLoop;
    this.transport = transport;
    this.drainOptions = drain;
    const pipeline = { assemble: (channel: Channel) => this.originPipeline.assemble(channel) };
    this.connector = new OriginConnector(eventLoop, pipeline, logger, transport);
  }
}
