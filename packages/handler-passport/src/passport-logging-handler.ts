import type { Channel, ChannelHandlerContext, ChannelInboundHandler, Transparent } from '@sluice/core';
import { CompleteEvent } from '@sluice/handler-http';
import { Handler, withDefaults } from '@sluice/inject';
import { CURRENT_PASSPORT } from '@sluice/passport';
import type { Passport } from '@sluice/passport';
import { inject } from 'inversify';
import { LinesPerSecond } from './lines-per-second.ts';
import { PassportLoggingOptions } from './passport-logging-options.ts';
import { PassportStateHttpServerHandler } from './passport-state-http-server-handler.ts';

const NS_PER_MS = 1e6;

type Context = ChannelHandlerContext<Transparent>;

/**
 * Logs the passport of each complete request: at `info` when the exchange was cut short or slow, at
 * `debug` otherwise, and beyond `maxInfoPerSecond`. Writes to the logger of the channel.
 */
@Handler({ name: 'passport-logging', sharable: true, requires: [PassportStateHttpServerHandler] })
export class PassportLoggingHandler implements ChannelInboundHandler {
  readonly sharable = true;
  readonly #options: PassportLoggingOptions;
  // Nothing in a passport that is shorter took too long: that is most of them, and found at once.
  readonly #slowFromNs: number;
  // A crowd of clients that leave, or a slow origin, would fill the log with as many lines.
  readonly #info: LinesPerSecond;

  constructor(@inject(PassportLoggingOptions) options: Partial<PassportLoggingOptions> = {}) {
    this.#options = withDefaults(PassportLoggingOptions, options);
    const { requestTimeThresholdMs, responseTimeThresholdMs, maxInfoPerSecond } = this.#options;
    this.#info = new LinesPerSecond(maxInfoPerSecond);
    this.#slowFromNs = Math.min(requestTimeThresholdMs, responseTimeThresholdMs) * NS_PER_MS;
  }

  /** The handlers behind this one have their say first: what they record is logged too. */
  userEventTriggered(ctx: Context, event: object): void {
    ctx.fireUserEventTriggered(event);
    if (!(event instanceof CompleteEvent)) return;
    const passport = ctx.channel.attr(CURRENT_PASSPORT).get();
    if (passport === undefined) return;
    try {
      this.#log(ctx, event, passport);
    } catch (cause) {
      ctx.channel.logger.warn({ err: cause }, 'A passport could not be logged.');
    }
  }

  #log({ channel }: Context, event: CompleteEvent, passport: Passport): void {
    const { request, reason } = event;
    const fields = { passport: new LoggedPassport(passport), reason, channel: channel.id };
    if (!passport.wasProxyAttempt) {
      if (request.path !== this.#options.healthcheckPath) {
        channel.logger.debug(fields, 'A request was answered without an origin.');
      }
    } else if (isCut(event, passport)) {
      this.#options.onIncomplete(channel);
      this.#tell(channel, fields, 'A proxied request ended before its response was complete.');
    } else {
      const slow = this.#slowness(passport);
      if (slow === undefined) channel.logger.debug(fields, 'A request was proxied.');
      else this.#tell(channel, fields, slow);
    }
  }

  #tell({ eventLoop, logger }: Channel, fields: object, message: string): void {
    if (!this.#info.take(eventLoop.clock.now())) {
      logger.debug(fields, message);
      return;
    }
    const leftOut = this.#info.takeLeftOut();
    logger.info(leftOut > 0 ? { ...fields, leftOut } : fields, message);
  }

  #slowness(passport: Passport): string | undefined {
    if (passport.lengthNs <= this.#slowFromNs) return undefined;
    if (this.#isRequestSlow(passport)) return 'A request was slow to reach its origin.';
    if (this.#isResponseSlow(passport)) return 'A response was slow to reach its client.';
    return undefined;
  }

  #isRequestSlow(passport: Passport): boolean {
    const takenNs = passport.spanNs('IN_REQ_HEADERS_RECEIVED', 'OUT_REQ_LAST_CONTENT_SENT');
    return takenNs > this.#options.requestTimeThresholdMs * NS_PER_MS;
  }

  #isResponseSlow(passport: Passport): boolean {
    const startNs = passport.lastNs('IN_RESP_HEADERS_RECEIVED');
    const endNs = passport.firstNs('OUT_RESP_LAST_CONTENT_SENDING');
    if (startNs === undefined || endNs === undefined) return false;
    return endNs - startNs > this.#options.responseTimeThresholdMs * NS_PER_MS;
  }
}

/** Whether the response was not sent whole. A tunnel has no end of its own: it is closed, and has failed when one side was reset. */
function isCut({ reason, response }: CompleteEvent, passport: Passport): boolean {
  if (response?.opensTunnel === true) return reason !== 'CLOSE' || passport.has('SERVER_CH_EXCEPTION');
  return !passport.has('OUT_RESP_LAST_CONTENT_SENDING');
}

// Its text is made when a logger asks for it: one that drops the line costs no more than this object.
class LoggedPassport {
  readonly #passport: Passport;

  constructor(passport: Passport) {
    this.#passport = passport;
  }

  toJSON(): string {
    return this.#passport.toString();
  }
}
