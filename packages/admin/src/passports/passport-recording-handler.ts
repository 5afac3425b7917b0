import { RefusedRequest } from '@sluice/codec-http';
import type { HttpRequest } from '@sluice/codec-http';
import type { ChannelHandlerContext, ChannelInboundHandler, Transparent } from '@sluice/core';
import { ACCESS_LOG_FIELDS, AccessLogChannelHandler } from '@sluice/handler-access-log';
import type { AccessLogFields } from '@sluice/handler-access-log';
import { CompleteEvent } from '@sluice/handler-http';
import { PassportStateHttpServerHandler } from '@sluice/handler-passport';
import { Handler } from '@sluice/inject';
import { CURRENT_PASSPORT } from '@sluice/passport';
import type { Passport } from '@sluice/passport';
import { inject } from 'inversify';
import { PassportHistory } from './passport-history.ts';
import type { PassportRecord } from './passport-record.ts';

const NS_PER_MS = 1e6;
const NO_FIELDS: AccessLogFields = Object.freeze({});

type Context = ChannelHandlerContext<Transparent>;

/** Keeps the passport of each complete request in a {@link PassportHistory}, for an operator to look at. */
@Handler({
  name: 'passport-recording',
  sharable: true,
  requires: [PassportStateHttpServerHandler],
  // Which takes the fields off the channel.
  before: [AccessLogChannelHandler],
})
export class PassportRecordingHandler implements ChannelInboundHandler {
  readonly sharable = true;
  readonly #history: PassportHistory;

  constructor(@inject(PassportHistory) history: PassportHistory) {
    this.#history = history;
  }

  /** The handlers behind this one have their say first: what they record is kept too. */
  userEventTriggered(ctx: Context, event: object): void {
    if (!(event instanceof CompleteEvent)) {
      ctx.fireUserEventTriggered(event);
      return;
    }
    const { channel } = ctx;
    const fields = channel.attr(ACCESS_LOG_FIELDS).get() ?? NO_FIELDS;
    ctx.fireUserEventTriggered(event);
    const passport = channel.attr(CURRENT_PASSPORT).get();
    if (passport !== undefined) this.#history.add(recordOf(event, passport, fields), channel.clock.now());
  }
}

/** Copies what it needs: neither the request nor what its filters share is to live on with it. */
function recordOf(
  { request, response, reason }: CompleteEvent,
  passport: Passport,
  fields: AccessLogFields,
): PassportRecord {
  const startNs = passport.lastNs('IN_REQ_HEADERS_RECEIVED') ?? 0;
  const endNs = passport.nowNs();
  return {
    passport,
    startNs,
    endNs,
    durationMs: (endNs - startNs) / NS_PER_MS,
    ...namesOf(request),
    status: response?.status,
    reason,
    requestId: fields.requestId,
    route: fields.routeName,
    origin: fields.origin,
    upstreamHost: fields.upstreamHost,
    upstreamAttempts: fields.upstreamAttempts,
    responseFlags: fields.responseFlags,
  };
}

function namesOf(request: HttpRequest): Pick<PassportRecord, 'method' | 'path'> {
  if (!(request instanceof RefusedRequest)) return { method: request.method, path: request.path };
  const { method, target } = request.received;
  return { method, path: target?.replace(/\?.*/s, '') };
}
