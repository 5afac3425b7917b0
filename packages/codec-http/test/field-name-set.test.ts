import { expect, it } from 'vitest';
import { FieldNameSet } from '../src/message/field-name-set.ts';

const NAMES = new FieldNameSet(['forwarded', 'x-real-ip']);

function hasReceived(name: string): boolean {
  return NAMES.hasOctets(Buffer.from(`A: b\r\n${name}: c`), 6, 6 + name.length);
}

it.each(['forwarded', 'Forwarded', 'FORWARDED', 'X-Real-IP', 'x_real.ip', 'X.Real_IP'])(
  'finds %s',
  (name) => {
    expect(hasReceived(name)).toBe(true);
    expect(NAMES.has(name)).toBe(true);
  },
);

it.each(['forwarder', 'forward', 'x-real-ips', 'y-real-ip', 'Host', ''])('does not find %j', (name) => {
  expect(hasReceived(name)).toBe(false);
  expect(NAMES.has(name)).toBe(false);
});
