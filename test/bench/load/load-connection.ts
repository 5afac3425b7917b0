import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { MessageReader, type Message } from '../../support/http/message-reader.ts';
import type { Scenario } from '../scenarios.ts';
import { SocketSource } from './socket-source.ts';

/** Keeps a peer that refuses connections from turning the load generator into a busy loop. */
const RECONNECT_DELAY_MS = 10;

/** Hears the outcome of every request. */
export interface LoadObserver {
  completed(latencyMicros: number): void;
  failed(reason: string): void;
}

/** One closed loop: sends a request, waits for the whole response, checks it, sends the next. */
export class LoadConnection {
  readonly #sockets: SocketSource;
  readonly #scenario: Scenario;
  readonly #observer: LoadObserver;
  #socket: Socket | undefined;
  #isRunning = true;
  #isAwaiting = false;
  #startedAtMs = 0;
  #onIdle: (() => void) | undefined;

  constructor(port: number, scenario: Scenario, observer: LoadObserver) {
    this.#sockets = new SocketSource(port, scenario);
    this.#scenario = scenario;
    this.#observer = observer;
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
    if (!response.closes && !this.#scenario.connectionPerRequest) return this.#sendNext(socket);
    this.#drop(socket);
    this.open();
  }

  #faultOf(response: Message): string | undefined {
    if (!this.#isAwaiting) return 'a response that nobody asked for';
    const status = response.startLine.slice(9, 12);
    if (status !== '200') return `status ${status}`;
    if (response.bodyBytes !== this.#scenario.expectedBodyBytes)
      return `a body of ${response.bodyBytes} bytes`;
    return undefined;
  }

  #sendNext(socket: Socket): void {
    this.#isAwaiting = true;
    this.#startedAtMs = performance.now();
    socket.write(this.#scenario.request);
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
