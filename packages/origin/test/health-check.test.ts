import { describe, expect, it } from 'vitest';
import { HttpClientCodec } from '@sluice/codec-http';
import { formatAddress } from '@sluice/core';
import { Origin, OriginResponseReceiver } from '../src/index.ts';
import type { HealthCheckOptions, OriginConfig, ProbeOutcome } from '../src/index.ts';
import { Asker, bytes, embeddedConnector, sent } from './support.ts';
import type { EmbeddedConnector } from './support.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';
const ILL = 'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n';

describe('an active health check', () => {
  it('asks with a GET on a connection of its own, and closes it', () => {
    const { answer, checks } = checked({ path: '/healthz?deep=1', host: 'api.test' });
    const channel = answer(OK);

    expect(sent(channel)).toMatch(
      /^GET \/healthz\?deep=1 HTTP\/1\.1\r\nHost: api\.test\r\n(?:.*\r\n)*user-agent: sluice-health-check\r\n/,
    );
    expect(sent(channel)).toBe('');
    expect(channel.isOpen).toBe(false);
    expect(checks).toEqual(['success']);
  });

  it('asks for the address when no host is given', () => {
    const { answer } = checked({});

    expect(sent(answer(OK))).toMatch(/\r\nHost: 10\.0\.0\.1:80\r\n/);
  });

  it('takes a server for ill until it has passed once', () => {
    const { origin, answer } = checked({});
    expect(origin.healthyCount).toBe(0);

    answer(OK);

    expect(origin.healthyCount).toBe(1);
  });

  it('is done with the first round before the origin is ready', async () => {
    const { ready, answer } = checked({});
    let isReady = false;
    const seen = ready.then(() => (isReady = true));
    await Promise.resolve();
    expect(isReady).toBe(false);
    answer(ILL);

    expect(await seen).toBe(true);
  });

  it('makes a server ill at once when it says so itself', () => {
    const { origin, answer, next } = checked({});
    answer(OK);
    next();
    answer(ILL);

    expect(origin.healthyCount).toBe(0);
  });

  it.each<[string, Partial<HealthCheckOptions>, (connector: EmbeddedConnector) => void]>([
    ['connects to nobody', {}, (connector) => connector.attempts.at(-1)?.fail('ECONNREFUSED')],
    ['is not answered', {}, (connector) => connector.attempts.at(-1)?.succeed().close()],
    ['is answered with garbage', {}, (connector) => reply(connector, 'SSH-2.0-OpenSSH_9.6\r\n')],
    [
      'gets a status that may pass',
      { retriableStatuses: [[500, 599]] },
      (connector) => reply(connector, ILL),
    ],
    ['takes too long', {}, (connector) => connector.clock.advance(2000)],
  ])('that %s makes a server ill the third time in a row', (_what, options, fail) => {
    const { origin, answer, next, connector } = checked(options);
    answer(OK);
    for (let count = 0; count < 2; count++) {
      next();
      fail(connector);
      connector.turn();
    }
    expect(origin.healthyCount).toBe(1);
    next();
    fail(connector);
    connector.turn();

    expect(origin.healthyCount).toBe(0);
  });

  it('counts failures anew after a success', () => {
    const { origin, answer, next, connector } = checked({});
    answer(OK);
    for (const isWell of [false, false, true, false, false]) {
      next();
      if (isWell) answer(OK);
      else connector.attempts.at(-1)?.fail('ECONNREFUSED');
    }

    expect(origin.healthyCount).toBe(1);
  });

  it('makes an ill server well after two successes in a row', () => {
    const { origin, answer, next } = checked({});
    answer(ILL);
    const healthy = [OK, ILL, OK, OK].map((text) => {
      next();
      answer(text);
      return origin.healthyCount;
    });

    expect(healthy).toEqual([0, 0, 0, 1]);
  });

  it('takes what statuses it is told for well', () => {
    const { origin, answer } = checked({ expectedStatuses: [[200, 299], 503] });
    answer(ILL);

    expect(origin.healthyCount).toBe(1);
  });

  it('of type tcp is content with a connection', () => {
    const { origin, connector } = checked({ type: 'tcp' });
    const channel = connector.attempt(0).succeed();

    expect(origin.healthyCount).toBe(1);
    expect(sent(channel)).toBe('');
    expect(channel.isOpen).toBe(false);
  });

  it('waits for the interval and the jitter, and asks an ill server as often as it is told', () => {
    const { answer, connector } = checked({ unhealthyIntervalMs: 100, jitterMs: 10 }, 0.5);
    connector.clock.advance(5);
    answer(OK);
    connector.clock.advance(5004);
    expect(connector.attempts).toHaveLength(1);
    connector.clock.advance(1);
    expect(connector.attempts).toHaveLength(2);
    answer(ILL);
    connector.clock.advance(104);
    expect(connector.attempts).toHaveLength(2);
    connector.clock.advance(1);

    expect(connector.attempts).toHaveLength(3);
  });

  it('keeps requests from an ill server while enough others are well', () => {
    const { origin, answer, connector } = checked({}, 0, [1, 2]);
    for (const at of [0, 1]) answer(OK, at);
    for (let count = 0; count < 2; count++) origin.acquire(new Asker());
    connector.clock.advance(5000);
    const [first = 0] = connector.attempts.flatMap(({ address }, at) =>
      at > 3 && 'host' in address && address.host === '10.0.0.2' ? [at] : [],
    );
    answer(ILL, first);
    const before = connector.attempts.length;
    for (let count = 0; count < 4; count++) origin.acquire(new Asker());

    const asked = connector.attempts.slice(before).map(({ address }) => formatAddress(address));
    expect([...new Set(asked)]).toEqual(['10.0.0.1:80']);
  });

  it('leaves no connection and no timer when the origin is closed', () => {
    const { origin, connector } = checked({});
    origin.close();

    expect(connector.attempt(0).channel.isOpen).toBe(false);
    expect(connector.clock.pendingTimers).toBe(0);
  });
});

/** An origin whose servers are checked, from the first check on. */
function checked(healthCheck: Partial<HealthCheckOptions>, random = 0, numbers = [1]) {
  const connector = embeddedConnector();
  connector.handlers = () => [new HttpClientCodec(), new OriginResponseReceiver()] as never;
  const checks: ProbeOutcome[] = [];
  const config: OriginConfig = {
    name: 'origin',
    servers: numbers.map((number) => ({ host: `10.0.0.${number}`, port: 80 })),
    healthCheck,
  };
  const origin = new Origin(config, connector, connector.loop, {
    healthConnector: connector,
    random: () => random,
    listener: { onHealthCheck: (_server, outcome) => checks.push(outcome) },
  });
  const ready = origin.start();
  connector.clock.advance(0);
  const answer = (text: string, at = connector.attempts.length - 1) => reply(connector, text, at);
  const next = () => connector.clock.advance(5000);
  return { connector, origin, checks, ready, answer, next };
}

function reply(connector: EmbeddedConnector, text: string, at = connector.attempts.length - 1) {
  const channel = connector.attempt(at).succeed();
  channel.writeInbound(bytes(text));
  connector.turn();
  return channel;
}
