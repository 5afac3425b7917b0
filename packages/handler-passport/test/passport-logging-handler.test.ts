import { HttpResponse, HttpServerCodec, LastHttpContent } from '@sluice/codec-http';
import { EmbeddedChannel } from '@sluice/core';
import type { Logger } from '@sluice/core';
import { HttpServerLifecycleChannelHandler } from '@sluice/handler-http';
import { currentPassport } from '@sluice/passport';
import type { PassportState } from '@sluice/passport';
import { expect, it } from 'vitest';
import {
  PassportLoggingHandler,
  PassportLoggingOptions,
  PassportStateHttpServerHandler,
} from '@sluice/handler-passport';

const PROXIED: readonly PassportState[] = [
  'OUT_REQ_HEADERS_SENDING',
  'OUT_REQ_LAST_CONTENT_SENT',
  'IN_RESP_HEADERS_RECEIVED',
];

it('logs a proxied request at debug, with the text of its passport', () => {
  const { channel, lines } = server();
  receive(channel, '/a');
  record(channel, ...PROXIED);
  answer(channel);

  expect(lines).toMatchObject([
    { level: 'debug', message: 'A request was proxied.', reason: 'SESSION_COMPLETE' },
  ]);
  expect(lines[0]?.passport).toMatch(
    /^CurrentPassport \{.*IN_REQ_HEADERS_RECEIVED.*OUT_RESP_LAST_CONTENT_SENT/,
  );
});

it('logs a request that was answered here at debug, but no health check', () => {
  const { channel, lines } = server();
  receive(channel, '/healthcheck?from=lb');
  answer(channel);
  receive(channel, '/healthcheck-of-mine');
  answer(channel);

  expect(lines).toMatchObject([{ level: 'debug', message: 'A request was answered without an origin.' }]);
});

it('logs and counts a proxied request whose response was not sent whole', () => {
  const incomplete: string[] = [];
  const { channel, lines } = server({ onIncomplete: ({ id }) => incomplete.push(id) });
  receive(channel, '/a');
  record(channel, ...PROXIED);
  channel.close();

  expect(incomplete).toEqual(['embedded']);
  expect(lines).toMatchObject([{ level: 'info', reason: 'CLOSE' }]);
});

it.each([
  [1_000, 'debug', 'A request was proxied.'],
  [1_001, 'info', 'A request was slow to reach its origin.'],
])('logs a request that took %i ms to reach its origin at %s', (ms, level, message) => {
  const { channel, lines } = server();
  receive(channel, '/a');
  channel.clock.advance(ms);
  record(channel, ...PROXIED);
  answer(channel);

  expect(lines).toMatchObject([{ level, message }]);
});

it.each([
  [1_000, 'debug', 'A request was proxied.'],
  [1_001, 'info', 'A response was slow to reach its client.'],
])('logs a response that took %i ms to reach its client at %s', (ms, level, message) => {
  const { channel, lines } = server();
  receive(channel, '/a');
  record(channel, ...PROXIED);
  channel.clock.advance(ms);
  answer(channel);

  expect(lines).toMatchObject([{ level, message }]);
});

it('logs no more than so many lines a second at info, and then how many it has left out', () => {
  const { channel, lines } = server({ maxInfoPerSecond: 2, responseTimeThresholdMs: 0 });
  for (let count = 0; count < 9; count++) {
    receive(channel, '/a');
    record(channel, ...PROXIED);
    channel.clock.advance(200);
    answer(channel);
  }

  expect(lines.map(({ level, leftOut }) => leftOut ?? level).join(' ')).toBe(
    'info info debug debug debug 3 info debug debug',
  );
});

it('takes other thresholds', () => {
  const { channel, lines } = server({ requestTimeThresholdMs: 10, responseTimeThresholdMs: 20 });
  receive(channel, '/a');
  record(channel, ...PROXIED);
  channel.clock.advance(21);
  answer(channel);
  receive(channel, '/a');
  channel.clock.advance(11);
  record(channel, ...PROXIED);
  answer(channel);

  expect(lines.map(({ message }) => message)).toEqual([
    'A response was slow to reach its client.',
    'A request was slow to reach its origin.',
  ]);
});

it('survives an observer that throws', () => {
  const { channel, lines } = server({
    onIncomplete: () => {
      throw new Error('no metrics');
    },
  });
  receive(channel, '/a');
  record(channel, ...PROXIED);
  channel.close();

  expect(lines).toMatchObject([{ level: 'warn', message: 'A passport could not be logged.' }]);
});

interface Line {
  readonly level: string;
  readonly message: string;
  readonly passport?: string;
  readonly leftOut?: number;
}

function server(options?: Partial<PassportLoggingOptions>): { channel: EmbeddedChannel; lines: Line[] } {
  const lines: Line[] = [];
  const log = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, message, ...(JSON.parse(JSON.stringify(fields)) as object) });
  const logger: Logger = { error: log('error'), warn: log('warn'), info: log('info'), debug: log('debug') };
  const channel = new EmbeddedChannel({
    logger,
    handlers: [
      new HttpServerCodec(),
      new PassportStateHttpServerHandler(),
      new HttpServerLifecycleChannelHandler(),
      new PassportLoggingHandler(options),
    ],
  });
  return { channel, lines };
}

function receive(channel: EmbeddedChannel, target: string): void {
  channel.writeInbound(Buffer.from(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`));
}

function record(channel: EmbeddedChannel, ...states: readonly PassportState[]): void {
  for (const state of states) currentPassport(channel).add(state);
}

function answer(channel: EmbeddedChannel): void {
  channel.writeOutbound(new HttpResponse({ status: 204, framing: 'none' }), LastHttpContent.EMPTY);
}
