export {
  clearPassport,
  CURRENT_PASSPORT,
  currentPassport,
  PASSPORT_OPTIONS,
  startPassport,
} from './current-passport.ts';
export { parsePassport } from './parse-passport.ts';
export { isContentState, PassportState } from './passport-state.ts';
export { Passport, PassportOptions } from './passport.ts';
export type { PassportClock, PassportInterval, PassportItem } from './passport.ts';
