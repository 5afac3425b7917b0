import { EmbeddedChannel, PeerProgress } from '@sluice/core';
import { expect, it } from 'vitest';

it.each<[string, readonly (number | undefined)[], boolean]>([
  ['not when first asked', [3], false],
  ['when less is under way', [3, 2], true],
  ['not when as much is', [3, 3], false],
  ['not when more is', [3, 4], false],
  ['by what was under way when it was asked last', [3, 5, 4], true],
  ['not when the system does not tell', [undefined, undefined], false],
  ['not when it tells no more', [3, undefined], false],
])('a peer moves %s', (_when, bytes, expected) => {
  const channel = new TellingChannel();
  const progress = new PeerProgress(channel);
  const seen = bytes.map((value) => {
    channel.underWay = value;
    return progress.hasMoved();
  });

  expect(seen.at(-1)).toBe(expected);
});

class TellingChannel extends EmbeddedChannel {
  underWay: number | undefined = undefined;

  override get unacknowledgedBytes(): number | undefined {
    return this.underWay;
  }
}
