import { HttpStatusError } from '@sluice/filters';
import type { FilterClass, HttpRequestMessage, HttpResponseMessage } from '@sluice/filters';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FarSide } from './support.ts';
import { chunk, CHUNKED_POST, Client, deferred, far, inbound, outbound } from './support.ts';

const PIECES = [CHUNKED_POST, chunk('one'), chunk('two'), chunk('three'), '0\r\n\r\n'];
const SENT = 'onetwothree';

const STEPS = [
  'send',
  'send',
  'send',
  'send nonsense',
  'inbound filter answers',
  'inbound filter fails',
  'outbound filter answers',
  'outbound filter fails',
  'endpoint responds',
  'endpoint sends',
  'endpoint ends',
  'endpoint fails',
  'endpoint pauses',
  'endpoint resumes',
  'client stops taking',
  'client takes',
  'time passes',
  'deadline passes',
  'client ends its side',
  'handler fails',
  'client goes',
] as const;

type Step = (typeof STEPS)[number];

interface Setup {
  readonly isInboundAsync: boolean;
  readonly isOutboundAsync: boolean;
  readonly isRequestBuffered: boolean;
  readonly isResponseBuffered: boolean;
  readonly isChunked: boolean;
  readonly onFailure: 'open' | 'closed';
}

/** One exchange, in the hands of the property. */
class Exchange {
  readonly #inbound = deferred<void>();
  readonly #outbound = deferred<void>();
  readonly #sides: readonly FarSide[];
  readonly #pieces = [...PIECES];
  readonly client: Client;
  received = '';

  constructor(setup: Setup) {
    const { endpoint, sides } = far();
    this.#sides = sides;
    this.client = new Client({ endpoint, filters: this.#filters(setup) });
  }

  get side(): FarSide | undefined {
    return this.#sides.at(-1);
  }

  async do(step: Step): Promise<void> {
    this.#act(step);
    await this.client.settle();
    this.received += this.client.received();
  }

  /** What the endpoint has been given of the body. */
  get forwarded(): string {
    return (this.side?.log ?? []).map((line) => line.split('|')[0]).join('');
  }

  #filters({ onFailure, ...setup }: Setup): readonly FilterClass[] {
    const pass = {
      processContentChunk: (_message: HttpRequestMessage | HttpResponseMessage, piece: never) => piece,
    };
    return [
      inbound({ needsBodyBuffered: () => setup.isRequestBuffered }, { onFailure }),
      inbound(
        {
          ...(setup.isInboundAsync && { apply: () => this.#inbound.promise }),
          ...(setup.isChunked && pass),
        },
        { onFailure, timeoutMs: 500 },
      ),
      outbound({ needsBodyBuffered: () => setup.isResponseBuffered }, { onFailure }),
      outbound(
        {
          ...(setup.isOutboundAsync && { apply: () => this.#outbound.promise }),
          ...(setup.isChunked && pass),
        },
        { onFailure, timeoutMs: 500 },
      ),
    ];
  }

  #act(step: Step): void {
    const { channel } = this.client;
    if (step === 'send') this.#send();
    else if (step === 'send nonsense') this.#sendNonsense();
    else if (step === 'inbound filter answers') this.#inbound.resolve();
    else if (step === 'inbound filter fails') this.#inbound.reject(new Error(step));
    else if (step === 'outbound filter answers') this.#outbound.resolve();
    else if (step === 'outbound filter fails') this.#outbound.reject(new HttpStatusError(502, step));
    else if (step === 'time passes') channel.clock.advance(100);
    else if (step === 'deadline passes') channel.clock.advance(600);
    else if (step === 'client goes') this.client.leave();
    else if (!channel.isOpen) this.#actFar(step);
    else if (step === 'client stops taking') channel.setUserDefinedWritability(1, false);
    else if (step === 'client takes') channel.setUserDefinedWritability(1, true);
    else if (step === 'client ends its side') channel.endInput();
    else if (step === 'handler fails') channel.pipeline.fireExceptionCaught(new Error(step));
    else this.#actFar(step);
  }

  #actFar(step: Step): void {
    const { side } = this;
    if (step === 'endpoint responds') side?.respond();
    else if (step === 'endpoint sends') side?.body('part');
    else if (step === 'endpoint ends') side?.last('last');
    else if (step === 'endpoint fails') side?.downstream.fail(new Error(step));
    else if (step === 'endpoint pauses') side?.downstream.pauseReads();
    else if (step === 'endpoint resumes') side?.downstream.resumeReads();
  }

  // In place of the next piece of the body.
  #sendNonsense(): void {
    if (this.#pieces.length === 0) return;
    this.#pieces.splice(0, Infinity, 'zz\r\n');
    this.#send();
  }

  #send(): void {
    const piece = this.#pieces.shift();
    if (piece !== undefined) this.received += this.client.send(piece);
  }
}

const SETUP: fc.Arbitrary<Setup> = fc.record({
  isInboundAsync: fc.boolean(),
  isOutboundAsync: fc.boolean(),
  isRequestBuffered: fc.boolean(),
  isResponseBuffered: fc.boolean(),
  isChunked: fc.boolean(),
  onFailure: fc.constantFrom('open', 'closed'),
});

describe('whatever happens in whatever order', () => {
  it('ends each request once, answers it at most once, and leaves nothing behind', async () => {
    let streamed = 0;
    await fc.assert(
      fc.asyncProperty(
        SETUP,
        fc.array(fc.constantFrom(...STEPS), { maxLength: 30 }),
        async (setup, steps) => {
          const exchange = new Exchange(setup);
          await exchange.do('send');
          for (const step of steps) await exchange.do(step);
          const wasOpen = exchange.client.channel.isOpen;
          await exchange.do('client goes');

          const { client, side, received } = exchange;
          const heads = received.match(/HTTP\/1\.1 \d/g) ?? [];
          expect(heads.length).toBeLessThanOrEqual(1);
          expect(side?.ends ?? [true]).toHaveLength(1);
          expect(SENT.startsWith(exchange.forwarded)).toBe(true);
          expect(client.channel.areReadsPaused).toBe(false);
          expect(client.channel.clock.pendingTimers).toBe(0);
          expect(() => client.channel.checkException()).not.toThrow();
          if (side?.ends[0] === true) expect(received).toMatch(/0\r\n\r\n/);
          if (wasOpen && side && received.length > 0) streamed++;
        },
      ),
      { numRuns: 400 },
    );
    expect(streamed).toBeGreaterThan(0);
  }, 60_000);
});
