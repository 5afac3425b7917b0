import { describeStack } from '@sluice/event-loop-watch';
import type { StackFrame } from '@sluice/event-loop-watch';
import { expect, it } from 'vitest';

it.each<[string, readonly StackFrame[], string]>([
  [
    'the handler that a context has called, not what it calls',
    [
      frame('find', 'PriceTable'),
      frame('channelRead', 'PriceHandler'),
      frame('invokeChannelRead', 'ChannelHandlerContext'),
      frame('fireChannelRead', 'ChannelHandlerContext'),
      frame('channelRead', 'OuterHandler'),
      frame('invokeChannelRead', 'ChannelHandlerContext'),
    ],
    'PriceHandler.channelRead',
  ],
  [
    'a filter within the handler that runs it',
    [
      frame('hash', undefined),
      frame('apply', 'PriceFilter'),
      frame('#apply', 'FilterChainRunner'),
      frame('channelRead', 'ZuulFilterChainHandler'),
      frame('invokeChannelRead', 'ChannelHandlerContext'),
    ],
    'PriceFilter.apply',
  ],
  [
    'a handler that is told of its place',
    [frame('handlerAdded', 'TableHandler'), frame('callHandlerAdded', 'ChannelHandlerContext')],
    'TableHandler.handlerAdded',
  ],
  [
    'the innermost function of what is none of both',
    [frame('', undefined), frame('run', 'Job')],
    'a function',
  ],
  [
    'what calls Node.js, not Node.js itself',
    [frame('pbkdf2Sync', undefined, 'node:internal/crypto/pbkdf2'), frame('shouldFilter', 'KeyFilter')],
    'KeyFilter.shouldFilter',
  ],
])('names %s', (_what, frames, culprit) => {
  expect(describeStack(frames)?.culprit).toBe(culprit);
});

it('shows ten calls with their files and lines', () => {
  const frames = Array.from({ length: 30 }, (_, at) => frame(`f${at}`, 'Deep'));

  const { stack = [] } = describeStack(frames) ?? {};

  expect(stack).toHaveLength(10);
  expect(stack[9]).toBe('Deep.f9 (file:///app/a.js:7)');
});

it('has nothing to say where Node.js alone runs', () => {
  expect(describeStack([frame('processTimers', 'process', 'node:internal/timers')])).toBeUndefined();
});

function frame(functionName: string, className: string | undefined, url = 'file:///app/a.js'): StackFrame {
  return { functionName, className, url, line: 7 };
}
