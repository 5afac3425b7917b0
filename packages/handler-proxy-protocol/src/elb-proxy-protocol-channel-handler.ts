import { AttributeKey, ChannelInputShutdownEvent, formatAddress } from '@sluice/core';
import type { Channel, ChannelHandlerContext, ChannelInboundHandler, Timer } from '@sluice/core';
import { setLocalAddress, setSourceAddress, SourceAddressChannelHandler } from '@sluice/handler-connection';
import { Handler, withDefaults } from '@sluice/inject';
import { inject } from 'inversify';
import { ElbProxyProtocolOptions } from './elb-proxy-protocol-options.ts';
import type { ProxyHeader } from './proxy-header.ts';
import { ProxyProtocolDecoder } from './proxy-protocol-decoder.ts';
import type { DecodedProxyHeader } from './proxy-protocol-decoder.ts';
import { ProxyProtocolError } from './proxy-protocol-error.ts';
import { ProxyProtocolRefusedEvent } from './proxy-protocol-refused-event.ts';

type Context = ChannelHandlerContext<Buffer>;

/** The header that a connection began with. */
export const PROXY_HEADER = AttributeKey.valueOf<ProxyHeader>('_proxy_header');

/**
 * Takes the PROXY protocol header off the start of a connection from a load balancer, and puts the
 * client's addresses in the place of the balancer's.
 *
 * No byte goes on before the header is accepted. Once it is, the handler leaves the pipeline; what
 * came behind the header in the same segment goes on as it is.
 */
@Handler({ name: 'elb-proxy-protocol', after: [SourceAddressChannelHandler] })
export class ElbProxyProtocolChannelHandler implements ChannelInboundHandler<Buffer> {
  readonly #options: ElbProxyProtocolOptions;
  readonly #decoder: ProxyProtocolDecoder;
  #deadline: Timer | undefined = undefined;
  #isDone = false;

  constructor(@inject(ElbProxyProtocolOptions) options: Partial<ElbProxyProtocolOptions> = {}) {
    this.#options = withDefaults(ElbProxyProtocolOptions, options);
    this.#decoder = new ProxyProtocolDecoder(this.#options.maxHeaderBytes);
  }

  get isOff(): boolean {
    return this.#options.mode === 'off';
  }

  handlerAdded(ctx: Context): void {
    if (this.isOff) ctx.pipeline.remove(ctx.name);
  }

  handlerRemoved(): void {
    this.#end();
  }

  channelActive(ctx: Context): void {
    // First, so that the handlers behind see the beginning of a channel whose end they will see.
    ctx.fireChannelActive();
    if (ctx.channel.isActive) this.#begin(ctx);
  }

  channelInactive(ctx: Context): void {
    this.#inputEnded(ctx);
    ctx.fireChannelInactive();
  }

  userEventTriggered(ctx: Context, event: object): void {
    if (event instanceof ChannelInputShutdownEvent) this.#inputEnded(ctx);
    ctx.fireUserEventTriggered(event);
  }

  channelRead(ctx: Context, bytes: Buffer): void {
    // Again here, for a handler that was added to a channel that was active already.
    this.#begin(ctx);
    if (this.#isDone) return;
    const decoded = this.#decode(ctx, bytes);
    if (decoded !== undefined) this.#accept(ctx, decoded);
  }

  channelReadComplete(ctx: Context): void {
    // The handlers behind have seen no read, so they ask for none.
    if (!this.#isDone && !ctx.channel.config.autoRead) ctx.read();
  }

  #begin(ctx: Context): void {
    if (this.#isDone || this.#deadline !== undefined) return;
    const { trustedPeers, timeoutMs } = this.#options;
    if (!trustedPeers.trusts(ctx.channel.remoteAddress)) {
      this.#refuse(
        ctx,
        new ProxyProtocolError('untrusted', 'The peer may not send a PROXY protocol header.'),
      );
      return;
    }
    this.#deadline = ctx.channel.eventLoop.schedule(timeoutMs, () => {
      this.#refuse(ctx, new ProxyProtocolError('timeout', `No whole header within ${timeoutMs} ms.`));
    });
  }

  #decode(ctx: Context, bytes: Buffer): DecodedProxyHeader | undefined {
    try {
      return this.#decoder.decode(bytes);
    } catch (cause) {
      if (!(cause instanceof ProxyProtocolError)) throw cause;
      this.#refuse(ctx, cause);
      return undefined;
    }
  }

  #accept(ctx: Context, { header, leftover }: DecodedProxyHeader): void {
    const { channel } = ctx;
    channel.attr(PROXY_HEADER).set(header);
    overrideAddresses(channel, header);
    ctx.pipeline.remove(ctx.name);
    if (leftover.length > 0) ctx.fireChannelRead(leftover);
    else if (!channel.config.autoRead) ctx.read();
  }

  #inputEnded(ctx: Context): void {
    if (this.#isDone) return;
    // Many balancers see whether a port is open by connecting and saying nothing.
    if (this.#decoder.isWithinHeader) {
      this.#refuse(ctx, new ProxyProtocolError('truncated', 'The connection has ended within the header.'));
    } else {
      this.#end();
      ctx.close();
    }
  }

  #refuse(ctx: Context, error: ProxyProtocolError): void {
    this.#end();
    const { channel } = ctx;
    const peer = channel.remoteAddress && formatAddress(channel.remoteAddress);
    const fields = { reason: error.reason, detail: error.message, peer };
    channel.logger.warn(fields, 'PROXY protocol: a connection is refused.');
    ctx.pipeline.fireUserEventTriggered(new ProxyProtocolRefusedEvent(error));
    ctx.close();
  }

  #end(): void {
    this.#isDone = true;
    this.#deadline?.cancel();
    this.#deadline = undefined;
  }
}

// Only a TCP client stands in for the peer of a TCP connection; otherwise the ends of the socket are what is known.
function overrideAddresses(channel: Channel, { transport, source, destination }: ProxyHeader): void {
  if (transport !== 'TCP4' && transport !== 'TCP6') return;
  if (source !== undefined) setSourceAddress(channel, source);
  if (destination !== undefined) setLocalAddress(channel, destination);
}
