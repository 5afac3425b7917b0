import { PassportState } from './passport-state.ts';
import { Passport } from './passport.ts';

const PASSPORT = /^CurrentPassport \{start_ms=(\d{1,16}), \[(.*)\+(\d{1,16})=NOW\]\}$/;
const ITEM = /^\+(\d{1,16})=([A-Z_]+)$/;

/**
 * Reads a passport back from its text, for tools and tests that look at logged passports. Its
 * time stands still at the `NOW` of the text. Throws a SyntaxError for any other text.
 */
export function parsePassport(text: string): Passport {
  const [, startMs, items, nowNs] = PASSPORT.exec(text) ?? [];
  if (startMs === undefined || items === undefined || nowNs === undefined) {
    throw new SyntaxError(`Not a passport: ${JSON.stringify(text.slice(0, 200))}`);
  }
  const now = (): number => clock.ns / 1e6;
  const clock = { ns: 0, now, turnNow: now, epochMs: (): number => Number(startMs) };
  const passport = new Passport(clock, { contentStates: true });
  for (const item of items.split(', ').slice(0, -1)) {
    const { state, atNs } = parseItem(item);
    clock.ns = atNs;
    passport.add(state);
  }
  clock.ns = Number(nowNs);
  return passport;
}

function parseItem(text: string): { state: PassportState; atNs: number } {
  const [, atNs, state] = ITEM.exec(text) ?? [];
  if (state === undefined || !isState(state)) {
    throw new SyntaxError(`Not a passport state: ${JSON.stringify(text)}`);
  }
  return { state, atNs: Number(atNs) };
}

function isState(name: string): name is PassportState {
  return Object.hasOwn(PassportState, name);
}
