import type { Channel, EventLoop, Timer } from '@sluice/core';
import type { OriginConnector } from '../pool/origin-connector.ts';
import type { OriginServer } from '../origin-server.ts';
import type { ProbeOutcome } from './health-probe.ts';

/** One connection that is made to find out how a server is, and closed when that is known. */
export class ConnectionProbe {
  readonly #channel: Channel;
  readonly #timer: Timer;
  readonly #done: (outcome: ProbeOutcome) => void;
  #isOver = false;

  /** `onConnected` asks what is to be asked; what follows from it is told by {@link end}. */
  constructor(
    connector: OriginConnector,
    eventLoop: EventLoop,
    server: OriginServer,
    timeoutMs: number,
    onConnected: (channel: Channel, probe: ConnectionProbe) => void,
    done: (outcome: ProbeOutcome) => void,
  ) {
    this.#done = done;
    this.#timer = eventLoop.schedule(timeoutMs, () => this.end('timeout'));
    const connecting = connector.connect(server, timeoutMs);
    this.#channel = connecting.channel;
    connecting.addListener(({ channel, isSuccess }) => {
      if (this.#isOver) return;
      if (isSuccess) onConnected(channel, this);
      else this.end('failure');
    });
  }

  /** The first outcome counts. */
  end(outcome: ProbeOutcome): void {
    if (this.#isOver) return;
    this.cancel();
    this.#done(outcome);
  }

  /** Ends it without an outcome. */
  cancel(): void {
    this.#isOver = true;
    this.#timer.cancel();
    this.#channel.close();
  }
}
