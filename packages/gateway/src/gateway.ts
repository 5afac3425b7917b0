import 'reflect-metadata/lite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ChannelGroup, SluiceError } from '@sluice/core';
import type { Clock, SocketAddress } from '@sluice/core';
import type { FilterRegistry } from '@sluice/filters';
import type { HandlerDescription } from '@sluice/inject';
import type { Origin } from '@sluice/origin';
import { drain } from './drain.ts';
import type { DrainOptions, DrainReport } from './drain.ts';
import type { DeclaredList, GatewayDeclaration } from './gateway-declaration.ts';
import { GatewayRuntime } from './gateway-runtime.ts';
import { GatewaySnapshot } from './gateway-snapshot.ts';
import type { ListenerStatus } from './listener-status.ts';
import { Listener } from './listener.ts';
import { PreparedReload } from './prepared-reload.ts';

/** Where a gateway is in its life. */
export type GatewayState = 'new' | 'started' | 'draining' | 'stopped';

/**
 * A gateway made from a declaration.
 *
 *     const gateway = new Gateway({ listeners: [{ address, handlers }], origins, routes });
 *     await gateway.start();
 *     await gateway.reload({ listeners: [{ address, handlers }], origins, routes: others });
 *
 * All that is declared is checked and resolved by the constructor and by {@link reload}; requests
 * never meet the container.
 */
export class Gateway {
  readonly #runtime: GatewayRuntime;
  readonly #connections = new ChannelGroup();
  #snapshot: GatewaySnapshot;
  /** Snapshots that were replaced and that requests in flight still have. */
  readonly #replaced = new Set<GatewaySnapshot>();
  #listeners: readonly Listener[];
  #state: GatewayState = 'new';
  #starting: Promise<void> | undefined = undefined;
  /** Settles when the reload that was asked for last is over. */
  #reloading: Promise<void> = Promise.resolve();
  /** What is about to take the place of the snapshot. */
  #next: GatewaySnapshot | undefined = undefined;
  #prepared: PreparedReload | undefined = undefined;

  /** Throws a {@link SluiceError} that names what is wrong with the declaration. */
  constructor(declaration: GatewayDeclaration) {
    this.#runtime = new GatewayRuntime(declaration);
    this.#snapshot = new GatewaySnapshot(declaration, this.#runtime);
    this.#runtime.originPipeline = this.#snapshot.originPipeline;
    this.#listeners = this.#snapshot.listeners.map(
      (plan) => new Listener(plan, this.#runtime, this.#connections),
    );
  }

  /** The addresses that are listened on, in the order of the declaration; empty before {@link start}. */
  get addresses(): readonly SocketAddress[] {
    return this.#listeners.flatMap(({ address }) => address ?? []);
  }

  /** Open connections of clients. */
  get connectionCount(): number {
    return this.#connections.size;
  }

  /** The origin of this name, to look at; undefined when none is declared. */
  getOrigin(name: string): Origin | undefined {
    return this.#snapshot.origins.getOrigin(name);
  }

  /** All origins, to look at. */
  get origins(): readonly Origin[] {
    return [...this.#snapshot.origins.origins];
  }

  /** The filters, to look at and to turn on and off. */
  get filters(): FilterRegistry {
    return this.#snapshot.registry;
  }

  /** The listeners as they are now, in the order of the declaration. */
  get listeners(): readonly ListenerStatus[] {
    return this.#listeners.map(({ status }) => status);
  }

  /** The pipeline of every connection to an origin, head first. */
  get originHandlers(): readonly HandlerDescription[] {
    return this.#snapshot.originPipeline.describe();
  }

  get state(): GatewayState {
    return this.#state;
  }

  /** What its times are measured with. */
  get clock(): Clock {
    return this.#runtime.eventLoop.clock;
  }

  /**
   * Finds and checks the servers of all origins, then listens on all addresses. Rejects with a {@link ListenError}, and then listens on none and may
   * be started again; with a {@link SluiceError} when it was started or stopped before.
   */
  async start(): Promise<void> {
    if (this.#state !== 'new') throw wrongState(this.#state, 'started');
    this.#state = 'started';
    this.#starting = this.#listenOnAll();
    await this.#starting;
  }

  /** Whether it listens and is not about to stop: what a readiness probe asks for. */
  get isReady(): boolean {
    return this.#state === 'started' && this.#listeners.every(({ isListening }) => isListening);
  }

  /**
   * Puts another declaration in the place of the present one, at once for all: a request keeps the
   * filters, routes and origins that it started with. Listeners, origins, filters and sharable
   * handlers that are declared as before stay as they are, with their connections, counts and caches; a
   * listener whose address stays has its new handlers for new connections. What is gone serves what it has.
   *
   * Rejects with a {@link SluiceError} for a declaration that is wrong, or an address that can't be
   * listened on, and then nothing has changed. `logger`, `clock`, `transport`, `eventLoop`, `drain` and
   * `originServices` are those of the first declaration.
   */
  reload<const Listeners extends readonly DeclaredList[], const OriginHandlers extends DeclaredList>(
    declaration: GatewayDeclaration<Listeners, OriginHandlers>,
  ): Promise<void>;
  async reload(declaration: GatewayDeclaration): Promise<void> {
    (await this.prepareReload(declaration)).commit();
  }

  /**
   * The first half of a {@link reload}, for several processes that change together or not at all: all
   * that can go wrong with the declaration has gone wrong here. Clients see nothing of it before
   * {@link PreparedReload.commit}, but that an address that is new is listened on. Other reloads wait
   * until it is committed or discarded, which a drain and a stop do too.
   */
  prepareReload<const Listeners extends readonly DeclaredList[], const OriginHandlers extends DeclaredList>(
    declaration: GatewayDeclaration<Listeners, OriginHandlers>,
  ): Promise<PreparedReload>;
  async prepareReload(declaration: GatewayDeclaration): Promise<PreparedReload> {
    const before = this.#reloading;
    let release: () => void = () => {};
    this.#reloading = new Promise((resolve) => (release = resolve));
    await before;
    try {
      this.#prepared = await this.#prepare(declaration, release);
      return this.#prepared;
    } catch (cause) {
      release();
      throw cause;
    }
  }

  /**
   * Stops without losing a request: takes no more connections, tells the clients in the next
   * response that theirs ends, and stops when all have ended or the time is up. `options` are in the place of those declared.
   */
  async drain(options?: Partial<DrainOptions>): Promise<DrainReport> {
    this.#state = 'draining';
    await this.#settled();
    await this.#closeListeners();
    const { eventLoop, drainOptions, logger } = this.#runtime;
    const report = await drain(this.#connections, eventLoop, { ...drainOptions, ...options }, logger);
    await this.stop();
    return report;
  }

  /** Stops listening and closes every connection, to clients and to origins. */
  async stop(): Promise<void> {
    this.#state = 'stopped';
    // A start that still looks for servers need not find them any more.
    if (!this.#listeners.some(({ isListening }) => isListening)) this.#closeOrigins();
    await this.#settled();
    await this.#closeListeners();
    await this.#connections.close();
    this.#closeOrigins();
    this.#snapshot.registry.close();
  }

  async #settled(): Promise<void> {
    // A reload that still looks for servers need not find them any more.
    this.#next?.discard(this.#snapshot);
    await this.#starting?.catch(() => {});
    await this.#prepared?.discard();
    await this.#reloading;
  }

  async #listenOnAll(): Promise<void> {
    try {
      await this.#snapshot.origins.start();
      for (const listener of this.#listeners) {
        if (this.#state !== 'started') return;
        await listener.listen(this.#listeners);
      }
    } catch (cause) {
      await this.#closeListeners();
      await this.#connections.close();
      if (this.#state === 'started') this.#state = 'new';
      throw cause;
    }
  }

  async #prepare(declaration: GatewayDeclaration, ended: () => void): Promise<PreparedReload> {
    await this.#starting?.catch(() => {});
    await nextTurn();
    this.#requireStarted();
    const next = new GatewaySnapshot(declaration, this.#runtime, this.#snapshot);
    const listeners = next.listeners.map((plan) => this.#listenerOf(plan.key) ?? this.#newListener(plan));
    const added = listeners.filter(({ isListening }) => !isListening);
    const discard = async (): Promise<void> => {
      await Promise.all(added.map((listener) => listener.close()));
      for (const listener of added) void listener.drain();
      next.discard(this.#snapshot);
    };
    this.#next = next;
    try {
      await next.origins.start();
      for (const listener of added) await listener.listen([...this.#listeners, ...added]);
      // To put it in use is a turn of its own, too.
      await nextTurn();
      this.#requireStarted();
    } catch (cause) {
      await discard();
      throw cause;
    } finally {
      this.#next = undefined;
    }
    return new PreparedReload({ commit: () => this.#apply(next, listeners), discard, ended });
  }

  #apply(next: GatewaySnapshot, listeners: readonly Listener[]): void {
    const { registry } = next;
    const replaced = this.#snapshot;
    const removed = this.#listeners.filter((listener) => !listeners.includes(listener));
    this.#snapshot = next;
    this.#listeners = listeners;
    for (const [at, plan] of next.listeners.entries()) listeners[at]?.take(plan);
    this.#runtime.originPipeline = next.originPipeline;
    next.origins.apply();
    replaced.origins.retireUnlessIn(next.origins);
    this.#replaced.add(replaced);
    registry.replace(next.filters, () => this.#release(replaced));
    for (const listener of removed) void listener.drain();
  }

  /** The last request that has a snapshot is over. */
  #release(snapshot: GatewaySnapshot): void {
    this.#replaced.delete(snapshot);
    const inUse = [this.#snapshot, ...this.#replaced];
    snapshot.origins.closeUnlessIn(inUse.map(({ origins }) => origins));
  }

  #listenerOf(key: string): Listener | undefined {
    return this.#listeners.find(({ plan }) => plan.key === key);
  }

  #newListener(plan: Listener['plan']): Listener {
    return new Listener(plan, this.#runtime, this.#connections);
  }

  #requireStarted(): void {
    if (this.#state !== 'started') throw wrongState(this.#state, 'reloaded');
  }

  async #closeListeners(): Promise<void> {
    await Promise.all(this.#listeners.map((listener) => listener.close()));
  }

  #closeOrigins(): void {
    for (const { origins } of [this.#snapshot, ...this.#replaced]) origins.close();
  }
}

function wrongState(state: GatewayState, what: string): SluiceError {
  const is = state === 'new' ? 'was not started' : `was ${state}`;
  return new SluiceError('SLUICE_GATEWAY_STATE', `A gateway that ${is} can't be ${what}.`);
}
