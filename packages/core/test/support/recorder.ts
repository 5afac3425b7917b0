import type { ChannelDuplexHandler, ChannelHandlerContext, ChannelPromise, Logger } from '@sluice/core';

/** A handler that passes everything on and notes in `log` what passes it, as `name:event`. */
export class Recorder implements ChannelDuplexHandler {
  readonly name: string;
  readonly log: string[];

  constructor(name: string, log: string[]) {
    this.name = name;
    this.log = log;
  }

  note(event: string): void {
    this.log.push(`${this.name}:${event}`);
  }

  handlerAdded(_ctx: ChannelHandlerContext): void {
    this.note('handlerAdded');
  }

  handlerRemoved(_ctx: ChannelHandlerContext): void {
    this.note('handlerRemoved');
  }

  channelRegistered(ctx: ChannelHandlerContext): void {
    this.note('channelRegistered');
    ctx.fireChannelRegistered();
  }

  channelUnregistered(ctx: ChannelHandlerContext): void {
    this.note('channelUnregistered');
    ctx.fireChannelUnregistered();
  }

  channelActive(ctx: ChannelHandlerContext): void {
    this.note('channelActive');
    ctx.fireChannelActive();
  }

  channelInactive(ctx: ChannelHandlerContext): void {
    this.note('channelInactive');
    ctx.fireChannelInactive();
  }

  channelRead(ctx: ChannelHandlerContext, message: unknown): void {
    this.note(`channelRead ${String(message)}`);
    ctx.fireChannelRead(message);
  }

  userEventTriggered(ctx: ChannelHandlerContext, event: object): void {
    this.note(`userEventTriggered ${event.constructor.name}`);
    ctx.fireUserEventTriggered(event);
  }

  exceptionCaught(ctx: ChannelHandlerContext, cause: unknown): void {
    this.note(`exceptionCaught ${cause instanceof Error ? cause.message : String(cause)}`);
    ctx.fireExceptionCaught(cause);
  }

  close(ctx: ChannelHandlerContext, promise: ChannelPromise): void {
    this.note('close');
    ctx.close(promise);
  }

  disconnect(ctx: ChannelHandlerContext, promise: ChannelPromise): void {
    this.note('disconnect');
    ctx.disconnect(promise);
  }

  write(ctx: ChannelHandlerContext, message: unknown, promise: ChannelPromise | undefined): void {
    this.note(`write ${String(message)}`);
    ctx.write(message, promise);
  }

  flush(ctx: ChannelHandlerContext): void {
    this.note('flush');
    ctx.flush();
  }
}

/** A logger that keeps what it is told, as `level message`. */
export class MemoryLogger implements Logger {
  readonly lines: string[] = [];
  readonly fields: object[] = [];

  error(fields: object, message: string): void {
    this.#keep('error', fields, message);
  }

  warn(fields: object, message: string): void {
    this.#keep('warn', fields, message);
  }

  info(fields: object, message: string): void {
    this.#keep('info', fields, message);
  }

  debug(fields: object, message: string): void {
    this.#keep('debug', fields, message);
  }

  #keep(level: string, fields: object, message: string): void {
    this.lines.push(`${level} ${message}`);
    this.fields.push(fields);
  }
}
