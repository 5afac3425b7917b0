import { AttributeKey } from '@sluice/core';
import type { Channel } from '@sluice/core';
import { Passport } from './passport.ts';
import type { PassportOptions } from './passport.ts';

/** The passport of the request under way on a channel, or of the channel before its first request. */
export const CURRENT_PASSPORT = AttributeKey.valueOf<Passport>('_current_passport');

/** How the passports of a channel are made; set it before the first of them. Absent: the defaults. */
export const PASSPORT_OPTIONS = AttributeKey.valueOf<Partial<PassportOptions>>('_passport_options');

/** The passport of a channel, made when there is none yet. */
export function currentPassport(channel: Channel): Passport {
  return channel.attr(CURRENT_PASSPORT).get() ?? startPassport(channel);
}

/** Puts a fresh passport in the place of the current one, for the next request on a connection. */
export function startPassport(channel: Channel): Passport {
  const options = channel.hasAttr(PASSPORT_OPTIONS) ? channel.attr(PASSPORT_OPTIONS).get() : undefined;
  const passport = new Passport(channel.clock, options);
  channel.attr(CURRENT_PASSPORT).set(passport);
  return passport;
}

/** Forgets the passport: its request is complete. */
export function clearPassport(channel: Channel): void {
  channel.attr(CURRENT_PASSPORT).set(undefined);
}
