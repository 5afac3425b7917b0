import { Handler } from '@sluice/inject';
import { Filter } from '@sluice/filters';

// A plugin, as a user writes it in JavaScript, that computes for far too long when it is asked to.

export class SlowFilter {
  shouldFilter(request) {
    return request.path === '/filter' || request.path === '/endless';
  }

  apply(request) {
    computeFor(request.path === '/endless' ? Infinity : 500);
  }
}
Filter({ type: 'inbound', name: 'slow-filter' })(SlowFilter);

export class SlowHandler {
  channelRead(ctx, message) {
    if (message.target === '/handler') computeFor(500);
    ctx.fireChannelRead(message);
  }
}
Handler({ name: 'slow-handler' })(SlowHandler);

function computeFor(ms) {
  const end = performance.now() + ms;
  let count = 0;
  while (performance.now() < end) count++;
  return count;
}
