import type { Channel, VirtualClock } from '@sluice/core';
import { requestObjects } from '../http/message-init.ts';
import type { RequestInit } from '../http/message-init.ts';
import { NoResponseError } from '../http/no-response-error.ts';
import type { ReceivedResponse } from '../http/received-message.ts';
import type { ResponseCollector } from '../http/response-collector.ts';

/** What a client needs of the gateway that it is connected to. */
export interface ClientHome {
  readonly clock: VirtualClock;
  turn(): void;
  settle(isDone?: () => boolean): Promise<void>;
}

/** A client's connection that speaks HTTP: one request after the other. */
export class TestClient {
  readonly channel: Channel;
  readonly #home: ClientHome;
  readonly #collector: ResponseCollector;

  constructor(channel: Channel, collector: ResponseCollector, home: ClientHome) {
    this.channel = channel;
    this.#collector = collector;
    this.#home = home;
  }

  /** All responses so far. */
  get responses(): readonly ReceivedResponse[] {
    return this.#collector.responses;
  }

  get isOpen(): boolean {
    return this.channel.isOpen;
  }

  /** Sends a request; the response will be among {@link responses}. */
  send(request: RequestInit = {}): void {
    for (const object of requestObjects(request)) this.channel.write(object);
    this.channel.flush();
    this.#home.turn();
  }

  /**
   * Sends a request and gives its response, whole or as far as it came before the connection ended.
   * Rejects with a {@link NoResponseError} when none comes without time passing.
   */
  async request(request: RequestInit = {}): Promise<ReceivedResponse> {
    const index = this.responses.length;
    this.send(request);
    return await this.response(index);
  }

  /** Waits for the response of this number, from 0. Default: the last one. */
  async response(index: number = Math.max(0, this.responses.length - 1)): Promise<ReceivedResponse> {
    const isDone = (): boolean => this.responses[index]?.isOver === true || !this.isOpen;
    await this.#home.settle(isDone);
    const response = this.responses[index];
    if (response === undefined || !isDone()) {
      const what = this.isOpen ? 'There is no whole response.' : 'The connection ended without a response.';
      throw new NoResponseError(what, this.#home.clock);
    }
    return response;
  }

  close(): void {
    this.channel.close();
    this.#home.turn();
  }
}
