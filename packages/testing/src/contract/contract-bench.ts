import { EmbeddedChannel, silentLogger } from '@sluice/core';
import type { ChannelHandler } from '@sluice/core';
import type { ContractStep, HandlerContractOptions } from './contract-options.ts';
import { Probe } from './probe.ts';

/** What stands around the handler on a {@link ContractBench}. */
export type Surroundings = Pick<HandlerContractOptions, 'before' | 'after'>;

/**
 * A channel with the handler under test between two probes:
 *
 *     HEAD ─ below ─ before… ─ handler ─ after… ─ above ─ TAIL
 */
export class ContractBench {
  readonly handler: ChannelHandler;
  /** Nearer to the transport. */
  readonly below: Probe;
  /** Nearer to the application. */
  readonly above = new Probe(false);
  readonly channel: EmbeddedChannel;
  readonly #others: readonly ChannelHandler[];

  /** `isClosed`: operations end at the probe below. Without `register` the channel is yet to be registered. */
  constructor(
    handler: ChannelHandler,
    { before = () => [], after = () => [] }: Surroundings = {},
    { isClosed = false, register = true } = {},
  ) {
    const earlier = before();
    const later = after();
    this.handler = handler;
    this.below = new Probe(isClosed);
    this.#others = [...earlier, ...later];
    const handlers = [this.below, ...earlier, handler, ...later, this.above];
    this.channel = new EmbeddedChannel({ handlers, logger: silentLogger, hasDisconnect: true, register });
    this.channel.config.allowHalfClosure = true;
  }

  /** Runs steps while the channel is open. */
  run(steps: readonly ContractStep[]): void {
    for (const step of steps) {
      if (!this.channel.isOpen) return;
      step(this.channel);
      this.channel.runPendingTasks();
    }
  }

  /** The transport loses the connection; timers stay until their handlers cancel them. */
  lose(): void {
    this.channel.unsafe.close(this.channel.newPromise());
    this.channel.runPendingTasks();
  }

  /** Takes the handler out, unless it has left by itself. */
  remove(): void {
    this.channel.pipeline.removeIfExists(this.handler);
    this.channel.runPendingTasks();
  }

  /** Takes out the handlers that it stands among. */
  removeOthers(): void {
    for (const other of this.#others) this.channel.pipeline.removeIfExists(other);
    this.channel.runPendingTasks();
  }
}
