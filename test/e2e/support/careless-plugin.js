import { setTimeout as wait } from 'node:timers/promises';
import { Handler } from '@sluice/inject';
import { Filter } from '@sluice/filters';

// A plugin that does everything wrong that one can do with callbacks and promises: each path its own.

const MISTAKES = {
  '/throw': () => fail(),
  '/reject': () => Promise.reject(new Error('a careless plugin: /reject')),
  '/timer': () => void setTimeout(fail, 1),
  '/immediate': () => void setImmediate(fail),
  '/microtask': () => queueMicrotask(fail),
  '/next-tick': () => process.nextTick(fail),
  '/promise': () => void Promise.reject(new Error('a careless plugin: /promise')),
  '/later': () => void wait(1).then(fail),
  '/abort': (_message, { signal }) => {
    signal.addEventListener('abort', fail);
    return new Promise(() => {});
  },
};

export class CarelessFilter {
  shouldFilter({ path }) {
    return path in MISTAKES;
  }

  apply(message, context) {
    return MISTAKES[message.path](message, context);
  }
}
Filter({ type: 'inbound', name: 'careless-filter', timeoutMs: 50 })(CarelessFilter);

export class CarelessHandler {
  async channelRead(ctx, message) {
    ctx.fireChannelRead(message);
    if (message.target === '/async-handler') fail();
    if (message.target === '/handler-timer') setTimeout(fail, 1);
  }
}
Handler({ name: 'careless-handler' })(CarelessHandler);

function fail() {
  throw new Error('a careless plugin');
}
