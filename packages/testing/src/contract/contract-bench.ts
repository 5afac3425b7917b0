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

  /** `isClosed`: operations end at the probe below. Without `register` the channel is yet to be registered. */
  constructor(
    handler: ChannelHandler,
    { before = () => [], after = () => [] }: Surroundings = {},
    { isClosed = false, register = true } = {},
  ) {
    this.handler = handler;
    this.below = new Probe(isClosed);
    const handlers = [this.below, ...before(), handler, ...after(), this.above];
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

  /** Takes out the handlers that it stands among, and those that any of them has added. */
  removeOthers(): void {
    const { pipeline } = this.channel;
    const stay = new Set<ChannelHandler>([this.below, this.handler, this.above]);
    const others = [...pipeline].filter((each) => !stay.has(each));
    for (const other of others) pipeline.removeIfExists(other);
    this.channel.runPendingTasks();
  }
}
