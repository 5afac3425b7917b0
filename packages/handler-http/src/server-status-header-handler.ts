import { HttpKind, HttpObject, HttpServerCodec } from '@sluice/codec-http';
import type { HttpResponse, HttpWireMessage } from '@sluice/codec-http';
import type { ChannelHandlerContext, ChannelOutboundHandler, ChannelPromise } from '@sluice/core';
import { Handler, withDefaults } from '@sluice/inject';
import { inject } from 'inversify';

export class ServerStatusHeaderOptions {
  /** The field to set. */
  readonly headerName: string = 'x-instance-status';
  /** The status of this instance, asked for each response; undefined, as by default, sets no field. */
  readonly status: () => string | undefined = () => undefined;
}

/** Tells in a field of each final response how this instance is, as UP or OUT_OF_SERVICE, for load balancers and people. Off until a status is configured. */
@Handler({ name: 'server-status-header', sharable: true, requires: [HttpServerCodec] })
export class ServerStatusHeaderHandler implements ChannelOutboundHandler<HttpWireMessage> {
  readonly sharable = true;
  readonly #options: ServerStatusHeaderOptions;

  constructor(@inject(ServerStatusHeaderOptions) options: Partial<ServerStatusHeaderOptions> = {}) {
    this.#options = withDefaults(ServerStatusHeaderOptions, options);
  }

  write(
    ctx: ChannelHandlerContext<never, HttpWireMessage>,
    message: HttpWireMessage,
    promise: ChannelPromise | undefined,
  ): void {
    if (message instanceof HttpObject && message.kind === HttpKind.response) {
      this.#setStatus(message as HttpResponse);
    }
    ctx.write(message, promise);
  }

  #setStatus(response: HttpResponse): void {
    if (response.isInformational) return;
    const status = this.#options.status();
    if (status !== undefined) response.headers.set(this.#options.headerName, status);
  }
}
