import { describe, expect, it } from 'vitest';
import { PassportLog } from './support/passport-log.ts';
import { RawOrigin } from './support/raw-origin.ts';
import { startGateway } from './support/start-gateway.ts';
import { dial } from './support/wire.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

const RECEIVED = [
  'IN_REQ_HEADERS_RECEIVED',
  'FILTERS_INBOUND_START',
  'FILTERS_INBOUND_END',
  'ORIGIN_CONN_ACQUIRE_START',
];
const SENT_TO_ORIGIN = [
  'OUT_REQ_HEADERS_SENDING',
  'OUT_REQ_LAST_CONTENT_SENDING',
  'OUT_REQ_HEADERS_SENT',
  'OUT_REQ_LAST_CONTENT_SENT',
];
// The promise of connect() is told before the handlers, so ORIGIN_CH_ACTIVE follows what it led to.
const ANSWERED = [
  'IN_RESP_HEADERS_RECEIVED',
  'FILTERS_OUTBOUND_START',
  'FILTERS_OUTBOUND_END',
  'OUT_RESP_HEADERS_SENDING',
  'IN_RESP_LAST_CONTENT_RECEIVED',
  'ORIGIN_CH_POOL_RETURNED',
  'OUT_RESP_LAST_CONTENT_SENDING',
  'OUT_RESP_HEADERS_SENT',
  'OUT_RESP_LAST_CONTENT_SENT',
];
const ERROR_ANSWERED = [
  'FILTERS_OUTBOUND_START',
  'FILTERS_OUTBOUND_END',
  'OUT_RESP_HEADERS_SENDING',
  'OUT_RESP_LAST_CONTENT_SENDING',
  'OUT_RESP_HEADERS_SENT',
  'OUT_RESP_LAST_CONTENT_SENT',
];

describe('the passport of a request', () => {
  it('of a GET on a new and then on a reused origin connection', async () => {
    const { log, client, origin } = await setUp();
    client.send(GET);
    const wire = await origin.connection();
    await wire.take(/\r\n\r\n$/);
    wire.send(OK);
    await client.take(/ok$/);
    client.send(GET);
    await wire.take(/\r\n\r\n$/);
    wire.send(OK);

    expect(await log.passport(0)).toEqual([
      'SERVER_CH_ACTIVE',
      ...RECEIVED,
      'ORIGIN_CH_CONNECTING',
      'IN_REQ_LAST_CONTENT_RECEIVED',
      'ORIGIN_CH_CONNECTED',
      'ORIGIN_CONN_ACQUIRE_END',
      ...SENT_TO_ORIGIN,
      'ORIGIN_CH_ACTIVE',
      ...ANSWERED,
    ]);
    expect(await log.passport(1)).toEqual([
      ...RECEIVED,
      'ORIGIN_CONN_ACQUIRE_END',
      'OUT_REQ_HEADERS_SENDING',
      'IN_REQ_LAST_CONTENT_RECEIVED',
      'OUT_REQ_LAST_CONTENT_SENDING',
      'OUT_REQ_HEADERS_SENT',
      'OUT_REQ_LAST_CONTENT_SENT',
      ...ANSWERED,
    ]);
  });

  it('of a POST, whose body has no states of its own', async () => {
    const { log, client, origin } = await setUp();
    client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc');
    const wire = await origin.connection();
    await wire.take(/abc$/);
    wire.send(OK);

    expect(await log.passport(0)).toEqual([
      'SERVER_CH_ACTIVE',
      ...RECEIVED,
      'ORIGIN_CH_CONNECTING',
      'IN_REQ_LAST_CONTENT_RECEIVED',
      'ORIGIN_CH_CONNECTED',
      'ORIGIN_CONN_ACQUIRE_END',
      ...SENT_TO_ORIGIN,
      'ORIGIN_CH_ACTIVE',
      ...ANSWERED,
    ]);
  });

  it('of a client that resets its connection while it waits', async () => {
    const { log, client, origin } = await setUp();
    client.send(GET);
    const wire = await origin.connection();
    await wire.take(/\r\n\r\n$/);
    client.socket.resetAndDestroy();

    const passport = await log.passport(0);

    expect(passport).toContain('SERVER_CH_EXCEPTION');
    expect(passport).toContain('ORIGIN_CH_CLOSE');
    expect(passport).not.toContain('OUT_RESP_HEADERS_SENDING');
  });

  it('of an origin that does not answer in time', async () => {
    const { log, client, origin } = await setUp({ responseTimeoutMs: 100 });
    client.send(GET);
    await origin.connection();
    await client.take(/^HTTP\/1\.1 504 /);

    const passport = await log.passport(0);

    expect(passport.slice(passport.indexOf('ORIGIN_CH_ACTIVE') + 1)).toEqual([
      'ORIGIN_CH_READ_TIMEOUT',
      'ORIGIN_CH_CLOSE',
      ...ERROR_ANSWERED,
    ]);
  });

  it('of a request that is sent once more, because the kept connection was closed', async () => {
    const { log, client, origin } = await setUp();
    client.send(GET);
    const first = await origin.connection();
    await first.take(/\r\n\r\n$/);
    first.send(OK);
    await client.take(/ok$/);
    client.send(GET);
    await first.take(/\r\n\r\n$/);
    first.socket.resetAndDestroy();
    const second = await origin.connection();
    await second.take(/\r\n\r\n$/);
    second.send(OK);

    const passport = await log.passport(1);

    expect(passport.filter((state) => /RETRY|ACQUIRE|POOL/.test(state))).toEqual([
      'ORIGIN_CONN_ACQUIRE_START',
      'ORIGIN_CONN_ACQUIRE_END',
      'ORIGIN_RETRY_START',
      'ORIGIN_CONN_ACQUIRE_START',
      'ORIGIN_CONN_ACQUIRE_END',
      'ORIGIN_CH_POOL_RETURNED',
    ]);
  });
});

async function setUp(options: Parameters<typeof startGateway>[1] = {}) {
  const log = new PassportLog();
  const origin = await RawOrigin.listen();
  const { port } = await startGateway(origin.port, options, [], log.logger);
  return { log, origin, client: await dial(port) };
}
