import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { MessageReader, type Message } from '../../support/http/message-reader.ts';
import type { Scenario } from '../scenarios.ts';
import type { Pace } from './pace.ts';
import { SocketSource } from './socket-source.ts';

/** Keeps a peer that refuses connections from turning the load generator into a busy loop. */
const RECONNECT_DELAY_MS = 10;

/** Hears the outcome of every request. */
export interface LoadObserver {
  completed(latencyMicros: number): void;
  failed(reason: string): void;
}

/** Sends a request, waits for the whole response, checks it, and sends the next when its time has come. */
export class LoadConnection {
  readonly #sockets: SocketSource;
  readonly #scenario: Scenario;
  readonly #observer: LoadObserver;
  readonly #pace: Pace;
  #socket: Socket | undefined;
  #isRunning = true;
  #isAwaiting = false;
  #startedAtMs = 0;
  #onIdle: (() => void) | undefined;

  constructor(port: number, scenario: Scenario, observer: LoadObserver, pace: Pace) {
    this.#sockets = new SocketSource(port, scenario);
    this.#scenario = scenario;
    this.#observer = observer;
    this.#pace = pace;
  }

  /** Opens a connection and sends on it; the time to connect belongs to the latency of its first request. */
  open(): void {
    const socket = this.#sockets.open();
    const reader = new MessageReader('response', (response) => this.#answered(response));
    this.#socket = socket;
    this.#isAwaiting = true;
    this.#startedAtMs = performance.now();
    socket.on('data', (chunk) => this.#read(socket, reader, chunk));
    socket.on('error', (error) => this.#lost(socket, error.message));
    socket.on('close', () => this.#lost(socket, 'closed before the response was complete'));
    socket.write(this.#scenario.request);
  }

  /** Lets the request in flight finish and sends no other; resolves when nothing is in flight. */
  stop(): Promise<void> {
    this.#isRunning = false;
    return new Promise((resolve) => {
      this.#onIdle = resolve;
      if (!this.#isAwaiting) this.#rest();
    });
  }

  /** Gives up a request that is still in flight; it counts as failed. */
  abort(): void {
    if (this.#isAwaiting && this.#socket) this.#lost(this.#socket, 'no complete response in time');
  }

  #read(socket: Socket, reader: MessageReader, chunk: Buffer): void {
    if (socket !== this.#socket) return;
    try {
      reader.push(chunk);
    } catch (error) {
      this.#lost(socket, error instanceof Error ? error.message : String(error));
    }
  }

  #answered(response: Message): void {
    const socket = this.#socket;
    if (!socket) return;
    const fault = this.#faultOf(response);
    if (fault !== undefined) return this.#lost(socket, fault);
    this.#isAwaiting = false;
    this.#observer.completed((performance.now() - this.#startedAtMs) * 1000);
    if (!this.#isRunning) return this.#rest();
    if (response.closes || this.#scenario.connectionPerRequest) this.#drop(socket);
    this.#pace.next((plannedAtMs) => this.#sendNext(plannedAtMs));
  }

  #faultOf(response: Message): string | undefined {
    if (!this.#isAwaiting) return 'a response that nobody asked for';
    const status = response.startLine.slice(9, 12);
    if (status !== '200') return `status ${status}`;
    if (response.bodyBytes !== this.#scenario.expectedBodyBytes)
      return `a body of ${response.bodyBytes} bytes`;
    return undefined;
  }

  #sendNext(plannedAtMs: number): void {
    if (!this.#isRunning) return;
    if (this.#socket === undefined) this.open();
    else {
      this.#isAwaiting = true;
      this.#socket.write(this.#scenario.request);
    }
    this.#startedAtMs = plannedAtMs;
  }

  /** Any end of the connection but our own: a failed request, and a new connection while the load lasts. */
  #lost(socket: Socket, reason: string): void {
    if (socket !== this.#socket) return;
    this.#isAwaiting = false;
    this.#observer.failed(reason);
    this.#drop(socket);
    if (!this.#isRunning) return this.#rest();
    setTimeout(() => {
      if (this.#isRunning) this.open();
    }, RECONNECT_DELAY_MS);
  }

  #drop(socket: Socket): void {
    this.#socket = undefined;
    socket.destroy();
  }

  #rest(): void {
    if (this.#socket) this.#drop(this.#socket);
    this.#onIdle?.();
  }
}
