import { expect, test } from 'vitest';
import { withDefaults } from '@sluice/inject';

class PaceOptions {
  readonly bytesPerSecond: number = 500;
  readonly graceMs: number = 10_000;
}

test('what is left out has the default', () => {
  const options = withDefaults(PaceOptions, { graceMs: 5 });

  expect(options).toEqual({ bytesPerSecond: 500, graceMs: 5 });
});

test('an instance is shared, not copied', () => {
  const shared = new PaceOptions();

  const options = withDefaults(PaceOptions, shared);

  expect(options).toBe(shared);
});
