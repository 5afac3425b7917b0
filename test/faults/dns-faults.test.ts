import type { AddressRecord, DnsResolver } from '@sluice/discovery';
import { fakeOrigin, testGateway } from '@sluice/testing';
import type { FakeOrigin, TestGateway } from '@sluice/testing';
import { beforeAll, expect, it, onTestFinished } from 'vitest';

// The gateway loads it when an origin asks for it, which takes more than a turn of the loop here.
beforeAll(() => import('@sluice/discovery'));

it('asks again while nothing is known, and serves as soon as it is', async () => {
  const bench = await Bench.start('ESERVFAIL');
  expect(await bench.ask()).toBe('503 destination_unavailable');
  bench.dns.answer = [bench.addresses.one];
  await bench.pass(1_000);

  expect(await bench.ask()).toBe('200 one');
  expect(bench.warnings).toBe(1);
});

it.each(['ESERVFAIL', 'ETIMEOUT', 'EREFUSED', 'EBADRESP'])(
  'serves from the servers that are known while look-ups fail, and says so once: %s',
  async (code) => {
    const bench = await Bench.start(['one']);
    bench.dns.answer = code;
    for (let seconds = 0; seconds < 120; seconds += 10) {
      await bench.pass(10_000);
      expect(await bench.ask()).toBe('200 one');
    }

    expect(bench.warnings).toBe(1);
  },
);

it('has no server when the answer is that there is none, and has one when there is', async () => {
  const bench = await Bench.start(['one']);
  bench.dns.answer = 'ENODATA';
  await bench.pass(1_000);
  expect(await bench.ask()).toBe('503 destination_unavailable');
  bench.dns.answer = [bench.addresses.two];
  await bench.pass(5_000);

  expect(await bench.ask()).toBe('200 two');
});

it('goes to another address when the answer changes, with no request lost or sent twice', async () => {
  const bench = await Bench.start(['one']);
  const seen: string[] = [];
  for (const name of ['one', 'two', 'one', 'two'] as const) {
    bench.dns.answer = [bench.addresses[name]];
    // The TTL of one second, and one more.
    await bench.pass(2_000);
    for (let count = 0; count < 3; count++) seen.push(await bench.ask());
  }

  expect(seen).toEqual(['one', 'two', 'one', 'two'].flatMap((name) => Array(3).fill(`200 ${name}`)));
  expect(bench.one.requests.length + bench.two.requests.length).toBe(12);
});

it('does not wait for a look-up that never ends', async () => {
  const bench = await Bench.start(['one']);
  bench.dns.answer = 'never';
  for (let minutes = 0; minutes < 5; minutes++) {
    await bench.pass(60_000);
    expect(await bench.ask()).toBe('200 one');
  }

  expect(bench.dns.waiting).toBe(1);
});

type Answer = readonly string[] | string;

/** A DNS that knows one name. A text is the code of a failure; `never`: it does not answer. */
class OneNameDns implements DnsResolver {
  answer: Answer;
  /** Look-ups that were not answered. */
  waiting = 0;

  constructor(answer: Answer) {
    this.answer = answer;
  }

  resolve4(): Promise<readonly AddressRecord[]> {
    const { answer } = this;
    if (typeof answer !== 'string') {
      return Promise.resolve(answer.map((address) => ({ address, ttl: 1 })));
    }
    if (answer !== 'never') return this.#fail(answer);
    this.waiting++;
    return new Promise(() => {});
  }

  resolve6(): Promise<readonly AddressRecord[]> {
    return this.#fail(typeof this.answer === 'string' && this.answer !== 'never' ? this.answer : 'ENODATA');
  }

  resolveSrv(): Promise<never> {
    return this.#fail('ENODATA');
  }

  lookup(): Promise<readonly string[]> {
    return this.#fail('ENOTFOUND');
  }

  #fail(code: string): Promise<never> {
    return Promise.reject(Object.assign(new Error(code), { code }));
  }
}

/** A gateway whose origin is a name, and the two servers that the name may stand for. */
class Bench {
  // As testGateway gives them out.
  readonly addresses = { one: '10.1.0.1', two: '10.1.1.1' } as const;
  readonly dns: OneNameDns;
  readonly one: FakeOrigin;
  readonly two: FakeOrigin;
  readonly #gateway: TestGateway;

  private constructor(gateway: TestGateway, dns: OneNameDns, one: FakeOrigin, two: FakeOrigin) {
    this.#gateway = gateway;
    this.dns = dns;
    this.one = one;
    this.two = two;
  }

  static async start(known: readonly ('one' | 'two')[] | string): Promise<Bench> {
    const dns = new OneNameDns(
      typeof known === 'string' ? known : known.map((name) => (name === 'one' ? '10.1.0.1' : '10.1.1.1')),
    );
    const [one, two] = [fakeOrigin({ body: 'one' }), fakeOrigin({ body: 'two' })];
    const names = [{ host: 'api.test', port: 80 }];
    const gateway = await testGateway({
      origins: { one, two, api: { servers: [], discovery: { type: 'dns', names, jitterMs: 0 } } },
      originServices: { resolver: dns, random: () => 0 },
      routes: [{ origin: 'api' }],
    });
    onTestFinished(() => gateway.stop());
    return new Bench(gateway, dns, one, two);
  }

  /** The status, and the body or what `Proxy-Status` says. */
  async ask(): Promise<string> {
    const { status, text, headers } = await this.#gateway.request();
    const error = /error=(?<name>\w+)/.exec(headers.get('proxy-status') ?? '')?.groups?.['name'];
    return `${status} ${error ?? text}`;
  }

  async pass(ms: number): Promise<void> {
    this.#gateway.advance(ms);
    await this.#gateway.settle();
  }

  /** How often a failure was logged. */
  get warnings(): number {
    return this.#gateway.log.at('warn').filter((message) => /look|resolv|servers/i.test(message)).length;
  }
}
