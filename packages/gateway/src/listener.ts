import { ChannelGroup, ChannelInitializer, ChannelOption, ServerBootstrap } from '@sluice/core';
import type { Channel, SocketAddress } from '@sluice/core';
import { LISTENER_NAME } from '@sluice/handler-metrics';
import { drain } from './drain.ts';
import type { GatewayRuntime } from './gateway-runtime.ts';
import type { ListenerPlan } from './gateway-snapshot.ts';
import { ListenError } from './listen-error.ts';
import type { ListenerStatus } from './listener-status.ts';

/** Listens on one address. A connection has the handlers that were planned when it came. */
export class Listener {
  #plan: ListenerPlan;
  readonly #runtime: GatewayRuntime;
  readonly #all: ChannelGroup;
  readonly #connections = new ChannelGroup();
  #server: Channel | undefined = undefined;

  /** `all`: the connections of all listeners, which get those of this one. */
  constructor(plan: ListenerPlan, runtime: GatewayRuntime, all: ChannelGroup) {
    this.#plan = plan;
    this.#runtime = runtime;
    this.#all = all;
  }

  get plan(): ListenerPlan {
    return this.#plan;
  }

  /** New connections have these handlers. */
  take(plan: ListenerPlan): void {
    this.#plan = plan;
    this.#server?.attr(LISTENER_NAME).set(plan.declaration.name);
  }

  get isListening(): boolean {
    return this.#server?.isActive ?? false;
  }

  /** Undefined when it doesn't listen. */
  get address(): SocketAddress | undefined {
    return this.isListening ? this.#server?.localAddress : undefined;
  }

  get status(): ListenerStatus {
    const { declaration, name, assembler } = this.#plan;
    return {
      name,
      address: this.#server?.localAddress ?? declaration.address,
      isListening: this.isListening,
      connectionCount: this.#connections.size,
      handlers: assembler.describe(),
    };
  }

  /** `others`: those of the same gateway, one of which may be in the way. Rejects with a {@link ListenError}. */
  async listen(others: readonly Listener[]): Promise<void> {
    const { eventLoop, transport, logger } = this.#runtime;
    const { address, name } = this.#plan.declaration;
    const bound = new ServerBootstrap()
      .group(eventLoop)
      .channelFactory(() => transport.newServerChannel({ logger }))
      // A client may close its half and wait for the response (RFC 9112 §9.6).
      .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
      .childHandler(new ChannelInitializer((channel) => this.#accepted(channel)))
      .attr(LISTENER_NAME, name)
      .bind(address);
    try {
      await bound.toPromise();
    } catch (cause) {
      const own = others.flatMap((other) => (other === this ? [] : (other.address ?? [])));
      throw new ListenError(address, cause, own);
    }
    this.#server = bound.channel;
  }

  /** Takes no more connections; those that are there go on. */
  async close(): Promise<void> {
    await this.#server?.close().toPromise();
  }

  /** Takes no more connections, ends those that are there without losing a request, and logs what came of it. */
  async drain(): Promise<void> {
    await this.close();
    const { eventLoop, drainOptions, logger } = this.#runtime;
    const report = await drain(this.#connections, eventLoop, drainOptions);
    const fields = { listener: this.#plan.name, ...report };
    if (report.forced > 0)
      logger.warn(fields, 'A listener that is gone was drained; connections were closed before their end.');
    else if (report.connections > 0) logger.info(fields, 'A listener that is gone was drained.');
  }

  #accepted(channel: Channel): void {
    this.#all.add(channel);
    this.#connections.add(channel);
    this.#plan.assembler.assemble(channel);
  }
}
