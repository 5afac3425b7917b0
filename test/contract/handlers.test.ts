import { MaxInboundConnectionsHandler } from '@sluice/handler-connection';
import { LingeringCloseHandler } from '@sluice/handler-http';
import { ReadTimeoutHandler, WriteTimeoutHandler } from '@sluice/handler-idle-state';
import { ElbProxyProtocolChannelHandler } from '@sluice/handler-proxy-protocol';
import { describeHandler as describeClass } from '@sluice/inject';
import { describeHandler } from '@sluice/testing';
import { describe, expect, it } from 'vitest';
import { originHandlers, serverHandlers } from '@sluice/cli';
import {
  BYTES,
  CONSUMES,
  madeBefore,
  makeListed,
  ORIGIN_STEPS,
  prepareOrigin,
  PROXY_BYTES,
  requiredProxyProtocol,
  SERVER_STEPS,
} from './handler-table.ts';

describe.each([
  ['of a client', serverHandlers, SERVER_STEPS],
  ['to an origin', originHandlers, ORIGIN_STEPS],
])('a connection %s: the contract of', (_what, list, steps) => {
  for (const [at, handler] of list.entries()) {
    const bytes = BYTES[handler.name];
    describeHandler({ describe, it }, makeListed(list, at), {
      name: handler.name,
      before: madeBefore(list, at),
      consumes: CONSUMES[handler.name] ?? [],
      steps,
      ...(bytes && { bytes }),
      prepare: steps === ORIGIN_STEPS ? prepareOrigin : () => {},
    });
  }
});

describe('handlers that are in no list: the contract of', () => {
  describeHandler({ describe, it }, () => new ElbProxyProtocolChannelHandler(requiredProxyProtocol()), {
    name: 'ElbProxyProtocolChannelHandler, required',
    consumes: ['channelRead', 'channelReadComplete'],
    bytes: PROXY_BYTES,
  });
  describeHandler({ describe, it }, () => new ReadTimeoutHandler({ timeoutMs: 1_000 }));
  describeHandler({ describe, it }, () => new WriteTimeoutHandler({ timeoutMs: 1_000 }));
  describeHandler({ describe, it }, () => new LingeringCloseHandler(), {
    consumes: ['channelRead'],
  });
  describeHandler({ describe, it }, () => new MaxInboundConnectionsHandler());
});

it('is run for every handler of the lists', () => {
  const names = [...serverHandlers, ...originHandlers].map((handler) => describeClass(handler).className);

  expect(names.length).toBeGreaterThan(30);
  for (const name of [...Object.keys(CONSUMES), ...Object.keys(BYTES)]) expect(names).toContain(name);
});
