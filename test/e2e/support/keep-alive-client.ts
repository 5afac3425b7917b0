import { Agent, request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { answerTo } from './http-client.ts';

/** A response that a client has got. */
export interface LoadAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends one request after the other on one connection, which it makes anew only when it is told that it ends. */
export class KeepAliveClient {
  readonly answers: LoadAnswer[] = [];
  readonly failures: unknown[] = [];
  readonly #port: number;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #running: Promise<void>;
  #isStopped = false;

  constructor(port: number) {
    this.#port = port;
    this.#running = this.#run();
  }

  /** Resolves when its last request is answered. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
    this.#agent.destroy();
  }

  /** Resolves when nobody listens there any more, or a request has failed. */
  async untilRefused(): Promise<void> {
    await this.#running;
    this.#agent.destroy();
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      try {
        const sent = request({ host: '127.0.0.1', port: this.#port, path: '/', agent: this.#agent });
        const { status, headers, body } = await answerTo(sent.end());
        this.answers.push({ status, headers, body: body.toString() });
      } catch (cause) {
        this.failures.push(cause);
        return;
      }
    }
  }
}
