import { HttpClientCodec } from '@sluice/codec-http';
import {
  Bootstrap,
  ChannelInitializer,
  ChannelOption,
  EmbeddedEventLoop,
  LocalNetwork,
  ServerBootstrap,
  silentLogger,
  SluiceError,
  VirtualClock,
} from '@sluice/core';
import type { Channel, ChannelHandler, InetSocketAddress, Logger, SocketAddress } from '@sluice/core';
import { ResponseCollector } from '../http/response-collector.ts';
import { settle } from '../http/turns.ts';
import { TestClient } from './test-client.ts';
import type { ClientHome } from './test-client.ts';
import type { TestOrigin } from './test-origin.ts';
import { Wire } from './wire.ts';

// What starts or stops without time passing does so in far fewer.
const MAX_TURNS = 10_000;

/** The network, the event loop and the time that a gateway under test lives in, with its origins and clients. */
export class TestNetwork implements ClientHome {
  readonly clock = new VirtualClock();
  readonly transport = new LocalNetwork();
  readonly eventLoop: EmbeddedEventLoop;
  readonly turn = (): void => this.eventLoop.runTasks();

  /** `logger` is told of tasks that throw. */
  constructor(logger: Logger) {
    this.eventLoop = new EmbeddedEventLoop(this.clock, logger);
  }

  /** Moves virtual time on; timers run at their own times. */
  advance(ms: number): void {
    this.clock.advance(ms);
    this.turn();
  }

  settle(isDone: () => boolean = () => false): Promise<void> {
    return settle(() => this.#runTasks(), isDone);
  }

  /** Runs everything until the promise is settled. Throws when it waits for time to pass. */
  async until<T>(promise: Promise<T>): Promise<T> {
    const outcomes: true[] = [];
    const settled = (): void => void outcomes.push(true);
    promise.then(settled, settled);
    for (let turns = 0; outcomes.length === 0; turns++) {
      if (turns > MAX_TURNS) throw new SluiceError('SLUICE_TEST_STUCK', 'It waits for time to pass.');
      this.turn();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.turn();
    return await promise;
  }

  listen(address: SocketAddress, origin: TestOrigin): void {
    if (!origin.isListening) return;
    new ServerBootstrap()
      .group(this.eventLoop)
      .channelFactory(() => this.transport.newServerChannel({ logger: silentLogger }))
      .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
      .childHandler(
        new ChannelInitializer(({ pipeline }) => {
          pipeline.addHandlersLast(...origin.newHandlers(this.turn));
        }),
      )
      .bind(address);
    this.turn();
  }

  connect(to: SocketAddress, from: InetSocketAddress | undefined): TestClient {
    const collector = new ResponseCollector();
    return new TestClient(this.#connect(to, from, new HttpClientCodec(), collector), collector, this);
  }

  connectRaw(to: SocketAddress, from: InetSocketAddress | undefined): Wire {
    const wire = new Wire(this.turn);
    this.#connect(to, from, wire.handler);
    return wire;
  }

  #connect(
    to: SocketAddress,
    from: InetSocketAddress | undefined,
    ...handlers: readonly ChannelHandler[]
  ): Channel {
    const attempt = new Bootstrap()
      .group(this.eventLoop)
      .channelFactory(() => this.transport.newChannel({ logger: silentLogger }))
      .handler(new ChannelInitializer(({ pipeline }) => void pipeline.addHandlersLast(...handlers)))
      .connect(to, from);
    this.turn();
    if (!attempt.isSuccess) {
      throw new SluiceError('SLUICE_TEST_CONNECT', 'The gateway took no connection.', {
        cause: attempt.cause,
      });
    }
    return attempt.channel;
  }

  #runTasks(): boolean {
    const hasTasks = this.eventLoop.hasTasks;
    this.turn();
    return hasTasks;
  }
}
