import type { HttpObject, HttpWireMessage } from '@sluice/codec-http';
import { ChannelPromise } from '@sluice/core';
import type { Channel, ChannelHandlerContext } from '@sluice/core';
import { currentPassport } from '@sluice/passport';
import type { Passport, PassportState } from '@sluice/passport';

/** The states of one write: begun, done, failed. */
export interface WriteStates {
  readonly sending: PassportState;
  readonly sent: PassportState;
  readonly errorSending: PassportState;
}

/**
 * Writes a message and records in the current passport when that began and how it ended. `promise`
 * is completed after the end was recorded: who completes a request by it finds the whole passport.
 */
export function writeRecorded(
  ctx: ChannelHandlerContext<HttpWireMessage, HttpWireMessage>,
  message: HttpObject,
  promise: ChannelPromise | undefined,
  states: WriteStates,
): void {
  const { channel } = ctx;
  const passport = currentPassport(channel);
  passport.add(states.sending);
  ctx.write(message, new RecordedWrite(channel, passport, states, promise));
}

// A promise of its own kind, in place of one with a first listener that completes the other: there are four for each request.
class RecordedWrite extends ChannelPromise {
  readonly #passport: Passport;
  readonly #states: WriteStates;
  readonly #asked: ChannelPromise | undefined;

  constructor(channel: Channel, passport: Passport, states: WriteStates, asked: ChannelPromise | undefined) {
    super(channel);
    this.#passport = passport;
    this.#states = states;
    this.#asked = asked;
  }

  override trySuccess(): boolean {
    if (this.isDone) return false;
    this.#passport.add(this.#states.sent);
    this.#asked?.trySuccess();
    return super.trySuccess();
  }

  override tryFailure(cause: unknown): boolean {
    if (this.isDone) return false;
    this.#passport.addIfAbsent(this.#states.errorSending);
    this.#asked?.tryFailure(cause);
    return super.tryFailure(cause);
  }
}
