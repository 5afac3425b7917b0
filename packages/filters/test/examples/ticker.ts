import { HttpContent, HttpResponse, LastHttpContent } from '@sluice/codec-http';
import { Filter, HttpResponseMessage } from '@sluice/filters';
import type { Downstream, HttpRequestMessage, StreamingEndpoint, Upstream } from '@sluice/filters';

/** Counts to three, a number a second. */
@Filter({ type: 'endpoint' })
export class Ticker implements StreamingEndpoint {
  open({ context }: HttpRequestMessage, downstream: Downstream): Upstream {
    downstream.respond(new HttpResponseMessage(new HttpResponse({ status: 200 }), context));
    const { eventLoop } = context.channel;
    const tick = (count: number): void => {
      const data = Buffer.from(`${count}\n`);
      downstream.content(count < 3 ? new HttpContent(data) : new LastHttpContent(data));
      downstream.flush();
      if (count < 3) timer = eventLoop.schedule(1_000, () => tick(count + 1));
    };
    let timer = eventLoop.schedule(1_000, () => tick(1));
    const ignore = (): void => {};
    return {
      content: ignore,
      tunnel: ignore,
      endTunnel: ignore,
      flush: ignore,
      downstreamWritabilityChanged: ignore,
      end: () => timer.cancel(),
    };
  }
}
