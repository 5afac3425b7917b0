import { HttpContent, LastHttpContent } from '@sluice/codec-http';
import type { FilterClass, HttpRequestMessage, HttpResponseMessage, SessionContext } from '@sluice/filters';
import fc from 'fast-check';
import { Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Deferred, FarSide } from './support.ts';
import { chunk, CHUNKED_POST, Client, deferred, far, inbound, outbound } from './support.ts';

type Message = HttpRequestMessage | HttpResponseMessage;

/** What a filter makes of bytes, wherever they are cut; and what it adds at the end. */
const CHANGES = {
  none: (text: string) => text,
  upper: (text: string) => text.toUpperCase(),
  double: (text: string) => text.replaceAll(/[^]/g, '$&$&'),
  withoutVowels: (text: string) => text.replaceAll(/[aeiou]/gi, ''),
} as const;

type Change = keyof typeof CHANGES;

interface Plan {
  readonly waits: 'no' | 'promise' | 'observable';
  readonly body: 'untouched' | 'pieces' | 'transform' | 'buffered';
  readonly change: Change;
  readonly suffix: '' | '!' | '?';
  readonly fails: 'no' | 'at once' | 'later' | 'in the body';
  readonly onFailure: 'open' | 'closed';
}

const STEPS = [
  'send',
  'send',
  'respond',
  'answer',
  'answer',
  'release',
  'turn',
  'time',
  'stall',
  'flow',
  'leave',
] as const;
type Step = (typeof STEPS)[number];

const REQUEST = ['one ', 'two and ', 'three'];
const RESPONSE = ['some ', 'more and ', 'most'];
const BATCH = 200;

describe('a chain of any filters, whatever happens in whatever order', () => {
  it('answers once or cuts, gives the bytes that its filters say, and leaves nothing behind', async () => {
    let whole = 0;
    const plans = fc.array(PLAN, { maxLength: 4 });
    const steps = fc.array(fc.constantFrom(...STEPS), { maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(plans, plans, steps, async (inboundPlans, outboundPlans, taken) => {
        const exchange = new Exchange(inboundPlans, outboundPlans);
        for (const step of taken) await exchange.do(step);
        if (!taken.includes('leave')) await exchange.finish();
        const { request, response, isWhole, received } = exchange;
        await exchange.do('leave');

        expect(exchange.client.channel.isOpen).toBe(false);
        expect(received.match(/HTTP\/1\.1 \d/g)?.length ?? 0).toBeLessThanOrEqual(1);
        expect(exchange.expectedRequest.startsWith(request)).toBe(true);
        if (exchange.isFromEndpoint) expect(exchange.expectedResponse.startsWith(response)).toBe(true);
        if (isWhole && exchange.isSound) {
          whole++;
          expect([request, response]).toEqual([exchange.expectedRequest, exchange.expectedResponse]);
        }
        exchange.expectOrder();
        exchange.expectNothingLeft();
      }),
      { numRuns: BATCH },
    );
    expect(whole).toBeGreaterThan(BATCH / 20);
  }, 60_000);
});

/** One exchange through filters as planned, in the hands of the property. */
class Exchange {
  readonly client: Client;
  readonly expectedRequest: string;
  readonly expectedResponse: string;
  /** Whether no filter fails in a way that ends the request. */
  readonly isSound: boolean;
  readonly #sides: readonly FarSide[];
  readonly #names: readonly string[];
  readonly #applied: string[] = [];
  readonly #gates: Deferred<void>[] = [];
  readonly #toSend = [CHUNKED_POST, ...REQUEST.map(chunk), '0\r\n\r\n'];
  readonly #toAnswer = [...RESPONSE];
  #contexts: SessionContext[] = [];
  #open = 0;
  #isGateOpen = false;
  #isEnded = false;
  received = '';

  constructor(inboundPlans: readonly Plan[], outboundPlans: readonly Plan[]) {
    const { endpoint, sides } = far();
    this.#sides = sides;
    const make = (plan: Plan, kind: 'inbound' | 'outbound', at: number): FilterClass => {
      const name = `${kind} ${at}`;
      const options = { name, onFailure: plan.onFailure, timeoutMs: 100_000 } as const;
      return kind === 'inbound'
        ? inbound(this.#members(plan, name), options)
        : outbound(this.#members(plan, name), options);
    };
    const filters = [
      ...inboundPlans.map((plan, at) => make(plan, 'inbound', at)),
      ...outboundPlans.map((plan, at) => make(plan, 'outbound', at)),
    ];
    this.#names = [...inboundPlans.keys()].map((at) => `inbound ${at}`);
    this.#names = [...this.#names, ...[...outboundPlans.keys()].map((at) => `outbound ${at}`)];
    this.expectedRequest = expected(REQUEST.join(''), inboundPlans);
    this.expectedResponse = expected(RESPONSE.join(''), outboundPlans);
    this.isSound = ![...inboundPlans, ...outboundPlans].some(isFatal);
    this.client = new Client({ filters, endpoint });
  }

  get side(): FarSide | undefined {
    return this.#sides.at(-1);
  }

  /** What the endpoint has got. */
  get request(): string {
    return (this.side?.log ?? []).map((line) => line.replace(/\|?end$/, '')).join('');
  }

  /** What the client has got. */
  get response(): string {
    return dechunked(this.received);
  }

  get isWhole(): boolean {
    return this.side?.ends[0] === true;
  }

  get isFromEndpoint(): boolean {
    return this.received.startsWith('HTTP/1.1 200');
  }

  async do(step: Step): Promise<void> {
    if (step === 'leave') this.client.leave();
    else if (step === 'release') this.#gates.shift()?.resolve();
    else if (step === 'time') this.client.channel.clock.advance(10);
    else if (this.client.channel.isOpen) this.#act(step);
    await this.client.settle(20);
    this.received += this.client.received();
  }

  /** Everybody does what is still to be done. */
  async finish(): Promise<void> {
    this.#isGateOpen = true;
    await this.do('flow');
    for (let round = 0; round < 20; round++) {
      for (const gate of this.#gates.splice(0)) gate.resolve();
      for (const step of ['send', 'respond', 'answer', 'turn'] as const) await this.do(step);
    }
    await this.client.settle(300);
    this.received += this.client.received();
  }

  expectOrder(): void {
    const order = this.#applied.map((name) => this.#names.indexOf(name));
    expect(order).toEqual([...new Set(order)].toSorted((one, other) => one - other));
  }

  expectNothingLeft(): void {
    const { channel, registry } = this.client;
    expect(channel.clock.pendingTimers).toBe(0);
    expect(channel.areReadsPaused).toBe(false);
    expect(this.#open).toBe(0);
    expect(this.side?.ends ?? [true]).toHaveLength(1);
    for (const { concurrency } of registry.current.entries) expect(concurrency.current).toBe(0);
    if (this.received === '') for (const { signal } of this.#contexts) expect(signal.aborted).toBe(true);
    expect(() => channel.checkException()).not.toThrow();
  }

  #act(step: Step): void {
    const { channel } = this.client;
    if (step === 'send') this.received += this.client.send(this.#toSend.shift() ?? '');
    else if (step === 'stall') channel.setUserDefinedWritability(1, false);
    else if (step === 'flow') channel.setUserDefinedWritability(1, true);
    else if (step === 'respond') this.side?.respond({ framing: 'chunked' });
    else if (step === 'answer') this.#answer();
  }

  #answer(): void {
    const { side } = this;
    if (side === undefined || this.#isEnded || this.#toSend.length > 0) return;
    side.respond({ framing: 'chunked' });
    const piece = this.#toAnswer.shift();
    this.#isEnded = piece === undefined;
    if (piece === undefined) side.last();
    else side.body(piece);
  }

  #members(plan: Plan, name: string): object {
    return {
      ...(plan.body === 'buffered' && { needsBodyBuffered: () => true }),
      ...(plan.body === 'pieces' && { processContentChunk: this.#pieces(plan) }),
      ...(plan.body === 'transform' && { transformBody: this.#transform(plan) }),
      apply: (message: Message, context: SessionContext): unknown => {
        this.#applied.push(name);
        this.#contexts.push(context);
        if (plan.fails === 'at once') throw new Error(name);
        if (plan.waits === 'no' && plan.fails !== 'later') return this.#apply(plan, message);
        const done = this.#gate().then(() => this.#applyLater(plan, message));
        done.catch(() => {});
        return plan.waits === 'observable' ? this.#observable(done) : done;
      },
    };
  }

  #applyLater(plan: Plan, message: Message): void {
    if (plan.fails === 'later') throw new Error('later');
    this.#apply(plan, message);
  }

  #apply(plan: Plan, message: Message): void {
    if (plan.body === 'buffered') message.setBody(changed(message.bodyAsText ?? '', plan));
  }

  #pieces(plan: Plan) {
    return (_message: Message, piece: HttpContent): HttpContent | HttpContent[] | undefined => {
      if (plan.fails === 'in the body') throw new Error('in the body');
      const text = CHANGES[plan.change](piece.data.toString());
      if (piece instanceof LastHttpContent) {
        return [new HttpContent(Buffer.from(text)), new LastHttpContent(Buffer.from(plan.suffix))];
      }
      if (text === '') return undefined;
      return [...text].map((letter) => new HttpContent(Buffer.from(letter)));
    };
  }

  #transform(plan: Plan) {
    const began = (): void => void this.#open++;
    const ended = (): void => void this.#open--;
    return async function* transform(
      _message: Message,
      body: AsyncIterable<HttpContent>,
    ): AsyncGenerator<Buffer> {
      began();
      try {
        for await (const { data } of body) {
          if (plan.fails === 'in the body') throw new Error('in the body');
          const text = CHANGES[plan.change](data.toString());
          if (text !== '') yield Buffer.from(text);
        }
        if (plan.suffix !== '') yield Buffer.from(plan.suffix);
      } finally {
        ended();
      }
    };
  }

  #observable(done: Promise<void>): Observable<void> {
    return new Observable((subscriber) => {
      this.#open++;
      done.then(
        () => subscriber.next(),
        (cause: unknown) => subscriber.error(cause),
      );
      return () => void this.#open--;
    });
  }

  #gate(): Promise<void> {
    const gate = deferred<void>();
    if (this.#isGateOpen) gate.resolve();
    else this.#gates.push(gate);
    return gate.promise;
  }
}

const PLAN: fc.Arbitrary<Plan> = fc.record({
  waits: fc.constantFrom('no', 'no', 'promise', 'observable'),
  body: fc.constantFrom('untouched', 'pieces', 'transform', 'buffered'),
  change: fc.constantFrom(...(Object.keys(CHANGES) as Change[])),
  suffix: fc.constantFrom('', '!', '?'),
  fails: fc.constantFrom('no', 'no', 'no', 'no', 'no', 'no', 'at once', 'later', 'in the body'),
  onFailure: fc.constantFrom('open', 'closed'),
});

function isFatal({ fails, onFailure, body }: Plan): boolean {
  if (fails === 'in the body') return body === 'pieces' || body === 'transform';
  return fails !== 'no' && onFailure === 'closed';
}

/** What the filters make of a body. One that fails before the body leaves it as it is. */
function expected(body: string, plans: readonly Plan[]): string {
  return plans.reduce(
    (text, plan) => (plan.fails === 'no' || plan.fails === 'in the body' ? changed(text, plan) : text),
    body,
  );
}

function changed(text: string, { body, change, suffix }: Plan): string {
  return body === 'untouched' ? text : `${CHANGES[change](text)}${suffix}`;
}

/** The body of a response, as far as it has come. */
function dechunked(received: string): string {
  const at = received.indexOf('\r\n\r\n');
  if (at < 0) return '';
  const body = received.slice(at + 4);
  if (!/transfer-encoding: chunked/i.test(received.slice(0, at))) return body;
  return [...body.matchAll(/[0-9a-f]+\r\n([^]*?)\r\n/g)].map(([, data]) => data).join('');
}
