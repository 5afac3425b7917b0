import { HttpClientCodec } from '@sluice/codec-http';
import { silentLogger } from '@sluice/core';
import type { Logger } from '@sluice/core';
import { expect, it, onTestFinished } from 'vitest';
import { OriginManager, OriginResponseReceiver } from '../src/index.ts';
import type { OriginConfig } from '../src/index.ts';
import { Asker, bytes, embeddedConnector } from './support.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';
const ILL = 'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n';
const [FIT, UNFIT] = ['is fit for requests again.', 'is unfit for requests.'].map(
  (what) => `A server of an origin ${what}`,
);
const SERVER = { origin: 'api', server: '10.0.0.1:80' };

it('tells of a server that falls ill, and that it is well again, once each', () => {
  const { check, lines } = logged({ healthCheck: { healthyThreshold: 1 } });
  check(OK);
  expect(lines).toEqual([]);
  check(ILL);
  check(ILL);
  check(OK);

  expect(lines).toEqual([
    ['warn', UNFIT, { ...SERVER, why: ['health check: unhealthy'] }],
    ['info', FIT, SERVER],
  ]);
});

it('tells of a server whose first check fails', () => {
  const { check, lines } = logged({ healthCheck: {} });
  check(ILL);

  expect(lines).toEqual([['warn', UNFIT, { ...SERVER, why: ['health check: unhealthy'] }]]);
});

it('tells of a server whose circuit is tripped', () => {
  const { connector, manager, lines } = logged({ options: { connectionFailureCountThreshold: 1 } });
  manager.getOrigin('api')?.acquire(new Asker());
  connector.attempt(0).fail('ECONNREFUSED');
  connector.clock.advance(10_000);
  connector.attempt(1).succeed();

  expect(lines).toEqual([
    ['warn', UNFIT, { ...SERVER, why: ['connections that failed in a row'] }],
    ['info', FIT, SERVER],
  ]);
});

function logged(config: Partial<OriginConfig>) {
  const lines: unknown[] = [];
  const log = (level: string) => (fields: object, message: string) =>
    void lines.push([level, message, fields]);
  const logger: Logger = { ...silentLogger, info: log('info'), warn: log('warn') };
  const connector = embeddedConnector();
  if (config.healthCheck !== undefined)
    connector.handlers = () => [new HttpClientCodec(), new OriginResponseReceiver()] as never;
  const servers = [{ host: '10.0.0.1', port: 80 }];
  const manager = new OriginManager([{ name: 'api', servers, ...config }], connector, connector.loop, {
    logger,
    healthConnector: connector,
  });
  onTestFinished(() => manager.close());
  void manager.start();
  connector.clock.advance(0);
  const check = (answer: string): void => {
    connector.attempts.at(-1)?.succeed().writeInbound(bytes(answer));
    connector.turn();
    connector.clock.advance(5000);
  };
  return { connector, manager, lines, check };
}
