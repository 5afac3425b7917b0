import { describe, expect, it } from 'vitest';
import { cut } from '../conformance/wire/feeding.ts';
import { loadRequestCases } from '../conformance/case/case-files.ts';
import { isForwarded, requestFeeder } from './split-requests.ts';
import { twoPartSplits } from './splits.ts';

const cases = loadRequestCases().filter(isForwarded);

describe('a request that is forwarded gives the same at every two-part split', () => {
  it.each(cases.map((testCase) => [testCase.id, testCase] as const))(
    '%s',
    { timeout: 600_000 },
    async (_id, testCase) => {
      const { raw } = testCase;
      const feed = await requestFeeder(testCase);
      const whole = feed([raw]);

      expect(feed(cut('bytes', raw, undefined).map((piece) => piece.toString('latin1')))).toEqual(whole);
      for (const at of twoPartSplits(raw)) {
        expect(feed([raw.slice(0, at), raw.slice(at)]), `cut at ${at}`).toEqual(whole);
      }
      expect(whole.forwarded.length + whole.received.length).toBeGreaterThan(0);
    },
  );
});

it('has cases to split', () => {
  expect(cases.length).toBeGreaterThan(100);
});
