import { setTimeout as delay } from 'node:timers/promises';
import { HttpConnection } from '../client/http-connection.ts';
import { ExchangeCheck } from './exchange-check.ts';
import type { Random } from './random.ts';
import type { SoakSettings } from './soak-settings.ts';
import type { ClientSocket } from './soak-sockets.ts';
import { nextPlan, requestOf, type SoakPlan } from './soak-plan.ts';
import type { Tally } from './tally.ts';

const PIPELINED = 3;
const PIECE_PAUSE_MS = 2;
const READ_PAUSE_MS = 300;
const READ_PAUSES = 3;
const ABORT_WITHIN_MS = 10;

/** One client in a closed loop: an exchange after the other, each checked, on connections that come and go. */
export class SoakClient {
  readonly #socket: ClientSocket;
  readonly #random: Random;
  readonly #tally: Tally;
  readonly #settings: Pick<SoakSettings, 'faultShare' | 'pauseMs'>;
  #connection: HttpConnection | undefined;

  constructor(
    socket: ClientSocket,
    random: Random,
    tally: Tally,
    settings: Pick<SoakSettings, 'faultShare' | 'pauseMs'>,
  ) {
    this.#socket = socket;
    this.#random = random;
    this.#tally = tally;
    this.#settings = settings;
  }

  /** Goes on until `isOver`, ends the exchange that is under way, and leaves. */
  async run(isOver: () => boolean): Promise<void> {
    const { faultShare, pauseMs } = this.#settings;
    while (!isOver()) {
      await this.#exchange(nextPlan(this.#random, this.#tally.nextToken(), faultShare));
      if (pauseMs > 0) await delay(pauseMs);
    }
    this.#connection?.abort('end');
  }

  async #exchange(plan: SoakPlan): Promise<void> {
    const connection = this.#open();
    if (plan.conduct === 'pipeline') return this.#pipeline(connection, plan);
    const readSlowly = plan.conduct === 'read-slowly' ? new SlowReading(connection) : undefined;
    let sent = Promise.resolve();
    const ended = new Promise<void>((resolve) => {
      const onBody = (): void => {
        readSlowly?.pause();
        if (plan.conduct === 'abort-in-body') this.#abort(connection, check);
      };
      const check = new ExchangeCheck(plan, this.#tally, onBody, resolve);
      sent = this.#send(connection, plan, check);
    });
    // An early response may end before its request does.
    await Promise.all([ended, sent]);
    if (plan.conduct === 'leave') connection.abort(this.#random.happens(0.5) ? 'end' : 'reset');
  }

  async #send(connection: HttpConnection, plan: SoakPlan, check: ExchangeCheck): Promise<void> {
    const request = requestOf(plan);
    if (plan.conduct === 'in-pieces') return this.#sendInPieces(connection, Buffer.concat(request), check);
    if (plan.conduct === 'abort-in-request') {
      const whole = Buffer.concat(request);
      connection.send(
        [whole.subarray(0, whole.length - 1 - this.#random.upTo(plan.answer.requestBytes - 1))],
        check,
      );
    } else connection.send(request, check);
    if (plan.conduct !== 'abort-in-request' && plan.conduct !== 'abort-at-once') return;
    await delay(this.#random.upTo(ABORT_WITHIN_MS));
    this.#abort(connection, check);
  }

  async #sendInPieces(connection: HttpConnection, request: Buffer, check: ExchangeCheck): Promise<void> {
    const cuts = [this.#random.upTo(request.length), this.#random.upTo(request.length)].toSorted(
      (a, b) => a - b,
    );
    connection.send([request.subarray(0, cuts[0])], check);
    for (const [at, cut] of cuts.entries()) {
      await delay(PIECE_PAUSE_MS);
      if (!connection.isOpen) return;
      connection.write([request.subarray(cut, cuts[at + 1] ?? request.length)]);
    }
  }

  async #pipeline(connection: HttpConnection, first: SoakPlan): Promise<void> {
    const plans = [first];
    while (plans.length < PIPELINED) {
      const { answer } = nextPlan(this.#random, this.#tally.nextToken(), 0);
      plans.push({ ...first, answer: { ...answer, requestBytes: 0 } });
    }
    // All of them in one write.
    connection.socket.cork();
    const ended = plans.map(
      (plan) =>
        new Promise<void>((resolve) => {
          connection.send(requestOf(plan), new ExchangeCheck(plan, this.#tally, () => {}, resolve));
        }),
    );
    connection.socket.uncork();
    await Promise.all(ended);
  }

  #abort(connection: HttpConnection, check: ExchangeCheck): void {
    if (check.isOver) return;
    check.leave();
    connection.abort(this.#random.happens(0.5) ? 'end' : 'reset');
  }

  #open(): HttpConnection {
    if (this.#connection?.isOpen) return this.#connection;
    this.#connection = new HttpConnection(this.#socket(() => (this.#tally.connections += 1)));
    return this.#connection;
  }
}

/** Stops reading a few times, a while each. */
class SlowReading {
  readonly #connection: HttpConnection;
  #left = READ_PAUSES;

  constructor(connection: HttpConnection) {
    this.#connection = connection;
  }

  pause(): void {
    const { socket } = this.#connection;
    if (this.#left === 0 || socket.isPaused()) return;
    this.#left -= 1;
    socket.pause();
    setTimeout(() => socket.resume(), READ_PAUSE_MS);
  }
}
