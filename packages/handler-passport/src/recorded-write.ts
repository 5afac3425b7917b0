import type { HttpObject } from '@sluice/codec-http';
import type { ChannelHandlerContext, ChannelPromise, Transparent } from '@sluice/core';
import { currentPassport } from '@sluice/passport';
import type { PassportState } from '@sluice/passport';

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
  ctx: ChannelHandlerContext<Transparent, Transparent>,
  message: HttpObject,
  promise: ChannelPromise | undefined,
  states: WriteStates,
): void {
  const passport = currentPassport(ctx.channel);
  passport.add(states.sending);
  const recorded = ctx.newPromise().addListener((future) => {
    if (future.isSuccess) {
      passport.add(states.sent);
      promise?.trySuccess();
    } else {
      passport.addIfAbsent(states.errorSending);
      promise?.tryFailure(future.cause);
    }
  });
  ctx.write(message, recorded);
}
