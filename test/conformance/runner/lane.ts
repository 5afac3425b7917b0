import type { ProxyOptions, ProxyUnderTest, RunningProxy } from '../proxy/proxy-under-test.ts';
import { RecordingOrigin } from '../wire/recording-origin.ts';
import { Signal } from '../wire/signal.ts';

/** How a lane is set up. */
export interface LaneOptions extends ProxyOptions {
  /** Port of the origin; 0, the default, takes a free one. */
  readonly originPort?: number;
  /** Milliseconds a case may wait for what it expects to see. Reached by failing cases only. */
  readonly deadlineMs?: number;
}

/** Long enough for a machine with ten times the work that it can do: a case that holds never waits for it. */
const DEADLINE_MS = 20_000;

/** An origin and the proxy in front of it, which one case has to itself at a time. */
export class Lane {
  readonly signal: Signal;
  readonly origin: RecordingOrigin;
  readonly deadlineMs: number;
  readonly #proxy: ProxyUnderTest;
  readonly #options: LaneOptions;
  #running: RunningProxy;

  private constructor(
    proxy: ProxyUnderTest,
    running: RunningProxy,
    origin: RecordingOrigin,
    signal: Signal,
    options: LaneOptions,
  ) {
    this.#proxy = proxy;
    this.#running = running;
    this.#options = options;
    this.origin = origin;
    this.signal = signal;
    this.deadlineMs = options.deadlineMs ?? DEADLINE_MS;
  }

  static async open(proxy: ProxyUnderTest, options: LaneOptions = {}): Promise<Lane> {
    const signal = new Signal();
    const origin = await RecordingOrigin.listen(signal, options.originPort);
    return new Lane(proxy, await proxy.start(origin.port, options), origin, signal, options);
  }

  get proxyPort(): number {
    return this.#running.port;
  }

  /** Waits for something to be seen, and says whether it was. */
  until(condition: () => boolean): Promise<boolean> {
    return this.signal.until(condition, this.deadlineMs);
  }

  /** Says how the proxy died, if it did, and starts another for the next case. */
  async revive(): Promise<string | undefined> {
    const { failure } = this.#running;
    if (failure !== undefined) this.#running = await this.#proxy.start(this.origin.port, this.#options);
    return failure;
  }

  async close(): Promise<void> {
    await this.#running.stop();
    await this.origin.close();
  }
}
