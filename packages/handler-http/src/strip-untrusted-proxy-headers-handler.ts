import {
  FieldNameSet,
  FORWARDING_FIELD_NAMES,
  HttpKind,
  HttpObject,
  HttpServerCodec,
} from '@sluice/codec-http';
import type { HttpRequest, HttpWireMessage } from '@sluice/codec-http';
import type { Channel, ChannelHandlerContext, ChannelInboundHandler } from '@sluice/core';
import { SSL_HANDSHAKE_INFO } from '@sluice/handler-tls';
import { Handler, withDefaults } from '@sluice/inject';
import { inject } from 'inversify';

/** When the forwarding fields of a client are kept: always, never, or from a client with a verified certificate. */
export type AllowProxyHeadersWhen = 'ALWAYS' | 'MUTUAL_SSL_AUTH' | 'NEVER';

export class StripUntrustedProxyHeadersOptions {
  readonly allowProxyHeadersWhen: AllowProxyHeadersWhen = 'NEVER';
  /** Hosts, without port and in any case, to which the fields are not passed on even when they are allowed. */
  readonly deniedHosts: readonly string[] = [];
}

/**
 * Where a client says that it comes from, and what it asked a proxy before this one for. Aliases
 * with `_` or `.` are the same names.
 */
export const FORWARDING_FIELDS: FieldNameSet = new FieldNameSet(FORWARDING_FIELD_NAMES);

/**
 * Takes the fields that say where a request came from out of requests of clients that could
 * forge them: Forwarded (RFC 7239), X-Forwarded-For, -Host, -Port, -Prefix, -Proto,
 * -Proto-Version, -Client-Cert and the like, X-Real-IP and the other names of a client's address
 * (as True-Client-IP) and certificate, Proxy, and X-Original-URL and X-Rewrite-URL, which some origins route by.
 *
 * Names with `_` or `.` in place of `-` go too: some origins take them for the same.
 */
@Handler({ name: 'strip-untrusted-proxy-headers', sharable: true, requires: [HttpServerCodec] })
export class StripUntrustedProxyHeadersHandler implements ChannelInboundHandler<HttpWireMessage> {
  readonly sharable = true;
  readonly #allowWhen: AllowProxyHeadersWhen;
  readonly #deniedHosts: ReadonlySet<string>;

  constructor(
    @inject(StripUntrustedProxyHeadersOptions) options: Partial<StripUntrustedProxyHeadersOptions> = {},
  ) {
    const { allowProxyHeadersWhen, deniedHosts } = withDefaults(StripUntrustedProxyHeadersOptions, options);
    this.#allowWhen = allowProxyHeadersWhen;
    this.#deniedHosts = new Set(deniedHosts.map((host) => host.toLowerCase()));
  }

  channelRead(ctx: ChannelHandlerContext<HttpWireMessage>, message: HttpWireMessage): void {
    if (message instanceof HttpObject && message.kind === HttpKind.request) {
      const request = message as HttpRequest;
      if (!this.#isAllowed(ctx.channel, request)) request.headers.deleteAll(FORWARDING_FIELDS);
    }
    ctx.fireChannelRead(message);
  }

  #isAllowed(channel: Channel, request: HttpRequest): boolean {
    if (this.#allowWhen === 'NEVER') return false;
    if (this.#allowWhen === 'MUTUAL_SSL_AUTH') {
      if (channel.attr(SSL_HANDSHAKE_INFO).get()?.clientAuth !== 'REQUIRE') return false;
    }
    return this.#deniedHosts.size === 0 || !this.#deniedHosts.has(request.host);
  }
}
