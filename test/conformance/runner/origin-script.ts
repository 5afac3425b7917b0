import type { ResponseCase } from '../case/response-case.ts';
import type { ProxyOptions } from '../proxy/proxy-under-test.ts';
import { cut, type Feeding } from '../wire/feeding.ts';
import type { OriginConnection, UpstreamRequest } from '../wire/origin-connection.ts';
import type { Responder } from '../wire/recording-origin.ts';
import type { RawClient } from '../wire/raw-client.ts';
import type { Lane } from './lane.ts';
import { answer } from './origin-answers.ts';

/** What a case writes in place of a body that stops after so many bytes. */
const PART_OF_BODY = /\(only (\d+) bytes sent\)$/;

/** Targets that the script answers by itself; every other request belongs to the case. */
export const NEXT_TARGET = '/next';
export const WARM_UP_TARGET = '/warm-up';

/** Delays from this length on mean "longer than any timeout": the origin waits until the proxy has closed. */
const STALL_MS = 1_000;
/** The timeout that goes with them, for the usual one of 30 s. */
const SHORT_UPSTREAM_IDLE_TIMEOUT_MS = 300;

/** What the proxy of a case is started with. */
export function responseOptions(testCase: ResponseCase): ProxyOptions {
  return stalls(testCase) ? { upstreamIdleTimeoutMs: SHORT_UPSTREAM_IDLE_TIMEOUT_MS } : {};
}

function stalls({ chunk_delay_ms: delay = 0 }: ResponseCase): boolean {
  return delay >= STALL_MS;
}

/** Plays the origin of a response case. */
export class OriginScript implements Responder {
  /** Connections on which the bytes of the case were sent. */
  readonly spent = new Set<number>();
  readonly nextConnections: number[] = [];
  timesForwarded = 0;
  readonly #testCase: ResponseCase;
  readonly #feeding: Feeding;
  readonly #lane: Lane;
  readonly #client: () => RawClient | undefined;
  #warm: OriginConnection | undefined;
  #playing: Promise<void> = Promise.resolve();

  constructor(lane: Lane, testCase: ResponseCase, feeding: Feeding, client: () => RawClient | undefined) {
    this.#lane = lane;
    this.#testCase = testCase;
    this.#feeding = feeding;
    this.#client = client;
  }

  /** Answers at the head when the case never sends the whole body. */
  onHead(request: UpstreamRequest, connection: OriginConnection): void {
    if (isOwn(request)) return;
    this.timesForwarded++;
    if (sendsPartOfBody(this.#testCase)) this.#play(connection);
  }

  onRequest(request: UpstreamRequest, connection: OriginConnection): void {
    if (request.target === NEXT_TARGET) this.nextConnections.push(connection.id);
    if (request.target === WARM_UP_TARGET) this.#warm = connection;
    if (isOwn(request)) answer(connection, request, request.target);
    else if (this.#testCase.sent_while === 'idle') answer(connection, request, 'fresh');
    else if (!sendsPartOfBody(this.#testCase)) this.#play(connection);
  }

  /** Sends the bytes of the case on the connection that served the warm-up, while nothing is asked of it. */
  async playWhileIdle(): Promise<void> {
    if (this.#warm) this.#play(this.#warm);
    await this.#playing;
  }

  /** Resolves when everything was sent, or the proxy had enough. */
  finished(): Promise<void> {
    return this.#playing;
  }

  #play(connection: OriginConnection): void {
    this.spent.add(connection.id);
    this.#playing = this.#send(connection);
  }

  async #send(connection: OriginConnection): Promise<void> {
    const { raw_response: raw, chunks, upstream_end: end, chunk_delay_ms: delay } = this.#testCase;
    if (delay === undefined) {
      await connection.writeAll(cut(this.#feeding, raw, chunks));
    } else {
      for (const [at, chunk] of (chunks ?? [raw]).entries()) {
        if (at > 0) await this.#pause(connection, delay);
        await connection.writeAll(cut(this.#feeding, chunk, undefined));
      }
    }
    if (end === 'fin') connection.finish();
    if (end === 'rst') connection.reset();
  }

  // A short delay stands for "the client has its response by now"; that can be seen, so it is not slept.
  async #pause(connection: OriginConnection, delayMs: number): Promise<void> {
    if (delayMs >= STALL_MS) {
      await this.#lane.until(() => connection.isClosed);
    } else {
      await this.#lane.until(() => connection.isClosed || (this.#client()?.hasResponses(1) ?? false));
    }
  }
}

/** The bytes of the request: the case's own, or a plain one with its method. */
export function requestOf({ request, request_method: method }: ResponseCase): string {
  if (request !== undefined) {
    return request.replace(PART_OF_BODY, (_, size: string) => 'x'.repeat(Number(size)));
  }
  const head = `${method} / HTTP/1.1\r\nHost: example.test\r\n`;
  return method === 'POST' ? `${head}Content-Length: 5\r\n\r\nhello` : `${head}\r\n`;
}

function sendsPartOfBody({ request = '' }: ResponseCase): boolean {
  return PART_OF_BODY.test(request);
}

function isOwn({ target }: UpstreamRequest): boolean {
  return target === NEXT_TARGET || target === WARM_UP_TARGET;
}
