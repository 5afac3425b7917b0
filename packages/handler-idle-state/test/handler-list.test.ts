import { EmbeddedChannel } from '@sluice/core';
import {
  CloseOnIdleStateHandler,
  IdleStateHandler,
  IdleStateOptions,
  ReadTimeoutHandler,
  ReadTimeoutOptions,
  WriteTimeoutHandler,
} from '@sluice/handler-idle-state';
import { checkHandlerList, PipelineAssembler } from '@sluice/inject';
import { Container } from 'inversify';
import { expect, it } from 'vitest';

const HANDLERS = [IdleStateHandler, CloseOnIdleStateHandler, ReadTimeoutHandler, WriteTimeoutHandler];

it('is made with default options when nothing is bound', () => {
  const channel = new EmbeddedChannel();
  new PipelineAssembler(new Container({ autobind: true }), HANDLERS).assemble(channel);

  expect(channel.pipeline.names()).toEqual([
    'idle-state',
    'close-on-idle-state',
    'read-timeout',
    'write-timeout',
  ]);
  channel.writeInbound('bytes');
  channel.clock.advance(29_999);
  expect(channel.isActive).toBe(true);
});

it('takes the options that are bound', () => {
  const container = new Container({ autobind: true });
  container.bind(IdleStateOptions).toConstantValue({ ...new IdleStateOptions(), allIdleMs: 1_000 });
  container.bind(ReadTimeoutOptions).toConstantValue({ timeoutMs: 0 });
  const channel = new EmbeddedChannel();
  new PipelineAssembler(container, HANDLERS).assemble(channel);
  channel.clock.advance(999);
  expect(channel.isActive).toBe(true);
  channel.clock.advance(1);

  expect(channel.isActive).toBe(false);
});

it('refuses a list that closes idle channels before it notices them', () => {
  expect(() => checkHandlerList([CloseOnIdleStateHandler, IdleStateHandler])).toThrow(
    'CloseOnIdleStateHandler must come after IdleStateHandler',
  );
});
