import { HttpKind } from '@sluice/codec-http';
import type { HttpContent, HttpRequest } from '@sluice/codec-http';
import { ContextKey, Filter, HttpRequestMessage } from '@sluice/filters';
import type { InboundFilter, SessionContext, StreamingEndpoint } from '@sluice/filters';
import { ProxyEndpoint } from '@sluice/origin';
import { RouteActionFilter } from '@sluice/router';
import { inject } from 'inversify';
import type { z } from 'zod';
import { Random } from '../fault/random.ts';
import { RequestHeaderMutationFilter } from '../header-mutation/request-header-mutation-filter.ts';
import { behind } from '../shared/behind.ts';
import { MirrorOptions } from './mirror-options.ts';
import { MirroredRequests } from './mirrored-requests.ts';
import type { mirrorSchema } from './mirror-options.ts';
import { ShadowContext } from './shadow-context.ts';
import { ShadowRequest } from './shadow-request.ts';

/** A request that is being copied: its head, as it came and as the origin gets it, and as much of its body as has come. */
interface Recording {
  readonly received: HttpRequest;
  readonly head: HttpRequest;
  readonly chunks: Buffer[];
  bytes: number;
}

const RECORDING = new ContextKey<Recording>('mirror-recording');

/**
 * Sends copies of requests that go to an origin to another one too, as the first one gets them, and
 * drops what it answers. The request itself neither waits for the copy nor hears of it. A copy is
 * sent when the request is whole; one with a body above the limit, a CONNECT or an upgrade is not copied.
 */
@Filter({
  type: 'inbound',
  name: 'mirror',
  after: behind(RequestHeaderMutationFilter, RouteActionFilter),
  onFailure: 'open',
  keepsBody: true,
})
export class MirrorFilter implements InboundFilter {
  readonly #options: MirrorOptions;
  readonly #endpoint: StreamingEndpoint;
  readonly #random: Random;
  readonly #mirrored: MirroredRequests;

  constructor(
    @inject(MirrorOptions) options: z.input<typeof mirrorSchema>,
    @inject(ProxyEndpoint) endpoint: StreamingEndpoint,
    @inject(Random) random: Random,
    @inject(MirroredRequests) mirrored: MirroredRequests = new MirroredRequests(),
  ) {
    this.#options = new MirrorOptions(options);
    this.#endpoint = endpoint;
    this.#random = random;
    this.#mirrored = mirrored;
  }

  shouldFilter({ method, outboundRequest }: HttpRequestMessage, context: SessionContext): boolean {
    const { origin, percentage, maxActive, maxBodyBytes } = this.#options;
    if (origin === undefined || this.#mirrored.active >= maxActive || !isProxied(context)) return false;
    if (method === 'CONNECT' || outboundRequest.upgrade !== undefined) return false;
    return outboundRequest.contentLength <= maxBodyBytes && this.#random.happens(percentage);
  }

  apply({ inboundRequest, outboundRequest, hasBody }: HttpRequestMessage, context: SessionContext): void {
    const recording = { received: inboundRequest, head: outboundRequest.copy(), chunks: [], bytes: 0 };
    // An endpoint may answer before the end of the request has come by.
    if (hasBody) context.set(RECORDING, recording);
    else this.#send(recording, context);
  }

  processContentChunk({ context }: HttpRequestMessage, chunk: HttpContent): HttpContent {
    const recording = context.get(RECORDING);
    if (recording !== undefined) this.#record(recording, chunk, context);
    return chunk;
  }

  #record(recording: Recording, chunk: HttpContent, context: SessionContext): void {
    recording.bytes += chunk.data.length;
    const isTooLarge = recording.bytes > this.#options.maxBodyBytes;
    // A copy: a small piece would keep the whole buffer that it was received in.
    if (!isTooLarge && chunk.data.length > 0) recording.chunks.push(Buffer.from(chunk.data));
    if (isTooLarge || chunk.kind === HttpKind.last) context.set(RECORDING, undefined);
    if (!isTooLarge && chunk.kind === HttpKind.last && chunk.failure === undefined)
      this.#send(recording, context);
  }

  #send({ received, head, chunks }: Recording, context: SessionContext): void {
    const { origin = '', hostSuffix, timeoutMs, maxActive } = this.#options;
    if (this.#mirrored.active >= maxActive) return;
    this.#mirrored.active++;
    const request = new HttpRequestMessage(received, new ShadowContext(context, origin), head);
    const shadow = new ShadowRequest(request, () => void this.#mirrored.active--);
    shadow.send(Buffer.concat(chunks), { endpoint: this.#endpoint, hostSuffix, timeoutMs });
  }
}

/** Whether an origin gets the request, and not an endpoint or a response that a filter or the route has chosen. */
function isProxied({ origin, endpoint, staticResponse }: SessionContext): boolean {
  const isProxy = endpoint === undefined || endpoint === ProxyEndpoint;
  return isProxy && origin !== undefined && staticResponse === undefined;
}
