import { HttpServerCodec } from '@sluice/codec-http';
import { HttpServerLifecycleChannelHandler } from '@sluice/handler-http';
import { HandlerListError, PipelineAssembler } from '@sluice/inject';
import { Container } from 'inversify';
import { expect, it } from 'vitest';
import { AccessLog, AccessLogChannelHandler, openAccessLog } from '@sluice/handler-access-log';

it('can be declared in a handler list, behind the lifecycle', () => {
  const container = new Container({ autobind: true });
  container.bind(AccessLog).toConstantValue(openAccessLog({ destination: 'off' }));
  const list = [HttpServerCodec, HttpServerLifecycleChannelHandler, AccessLogChannelHandler];

  expect(new PipelineAssembler(container, list).names.at(-1)).toBe('access-log');
  expect(() => new PipelineAssembler(container, list.toReversed())).toThrow(HandlerListError);
});
