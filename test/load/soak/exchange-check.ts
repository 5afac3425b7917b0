import type { Message } from '../../support/http/message-reader.ts';
import type { Loss, ResponseListener } from '../client/http-connection.ts';
import { FAULTS, type Outcome } from '../exchange/fault.ts';
import { BodyCheck } from '../exchange/noise.ts';
import type { SoakPlan } from './soak-plan.ts';
import type { Seen, Tally } from './tally.ts';

const TOKEN = /\r\nx-token: (\d+)\r\n/;
const TERMINATED = /\r\nproxy-status: [^\r]*error=connection_terminated/i;
const PROXY_STATUS = /\r\nproxy-status: /i;

/** Follows one response and decides whether it is what its plan allows. */
export class ExchangeCheck implements ResponseListener {
  readonly #plan: SoakPlan;
  readonly #tally: Tally;
  readonly #onBody: () => void;
  readonly #onEnd: () => void;
  readonly #body: BodyCheck;
  #head = '';
  #hasLeft = false;
  #isOver = false;

  /** `onBody` is called with every piece of the body, `onEnd` once when it is decided. */
  constructor(plan: SoakPlan, tally: Tally, onBody: () => void, onEnd: () => void) {
    this.#plan = plan;
    this.#tally = tally;
    this.#onBody = onBody;
    this.#onEnd = onEnd;
    this.#body = new BodyCheck(plan.answer.token, plan.answer.bytes);
  }

  /** Whether it is decided. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** From now on there need be no response. */
  leave(): void {
    this.#hasLeft = true;
  }

  head(head: string): void {
    this.#head = head;
  }

  body(bytes: Buffer): void {
    this.#tally.bytes += bytes.length;
    this.#body.push(bytes);
    this.#onBody();
  }

  ended(response: Message): void {
    this.#decide(this.#outcomeOf(response), response.startLine);
  }

  lost({ reason, isAnnounced }: Loss): void {
    if (isAnnounced) return this.#settle('unasked', '');
    if (this.#hasLeft) return this.#decideLeft();
    const isRight = this.#head === '' || (this.#isTokenRight() && this.#body.isRightSoFar);
    this.#decide(isRight ? 'cut' : undefined, reason);
  }

  // Gone in the middle of a response, which may be the gateway's own for a connection that had ended.
  #decideLeft(): void {
    if (this.#isTokenRight()) this.#settle('left', '');
    else if (this.#isStale) this.#settle('stale', '');
    else this.#settle('wrong', `not the response that was due; ${JSON.stringify(this.#head)}`);
  }

  #decide(outcome: Outcome | undefined, details: string): void {
    const allowed: readonly Outcome[] = FAULTS[this.#plan.answer.fault];
    if (outcome !== undefined && allowed.includes(outcome)) return this.#settle(outcome, '');
    const { conduct, answer } = this.#plan;
    if (outcome === 'refused' && this.#isStale) return this.#settle('stale', '');
    const request = `${conduct}, ${answer.requestBytes} B up, ${answer.bytes} B down, ${answer.framing}`;
    this.#settle(
      'wrong',
      `${outcome ?? 'a wrong token or body'}; ${details}; ${request}; ${JSON.stringify(this.#head)}`,
    );
  }

  #settle(seen: Seen, details: string): void {
    const { conduct, answer } = this.#plan;
    const what = answer.fault === 'none' ? conduct : answer.fault;
    this.#isOver = true;
    this.#tally.add(answer.token, what, seen, details);
    this.#onEnd();
  }

  /** Undefined when it is neither the origin's answer nor one of the gateway's own. */
  #outcomeOf({ startLine }: Message): Outcome | undefined {
    const status = startLine.slice(9, 12);
    if (status === '200') return this.#isTokenRight() && this.#body.isWhole ? 'whole' : undefined;
    const isOwn = /^50[234]$/.test(status) && PROXY_STATUS.test(this.#head) && !TOKEN.test(this.#head);
    return isOwn ? 'refused' : undefined;
  }

  /** Whether it is what a request with a body gets that has met the end of a kept connection. */
  get #isStale(): boolean {
    return this.#plan.answer.requestBytes > 0 && TERMINATED.test(this.#head);
  }

  /** Whether the head, if there was one, is that of this exchange. */
  #isTokenRight(): boolean {
    return this.#head === '' || Number(TOKEN.exec(this.#head)?.[1]) === this.#plan.answer.token;
  }
}
