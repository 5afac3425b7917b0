import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkUpstreamPolicy, upstreamPolicySchema } from '../src/index.ts';

describe('checkUpstreamPolicy', () => {
  it('fills in what is left out of a retry policy, and nothing else', () => {
    expect(checkUpstreamPolicy({ timeoutMs: 15_000, retry: { retryOn: ['5xx'] } })).toEqual({
      timeoutMs: 15_000,
      retry: {
        retryOn: ['5xx'],
        numRetries: 1,
        retriableStatusCodes: [],
        backOffBaseMs: 25,
        backOffMaxMs: 250,
        retryAfterMaxMs: 0,
        maxReplayBytes: 0,
      },
    });
  });

  it('names every fault at once, with its place and what was found there', () => {
    const given = { timeoutMs: -1, retry: { retryOn: ['5xy'], numRetries: 1.5 } };

    expect(() => checkUpstreamPolicy(given, 'routes[0].policy')).toThrow(
      expect.objectContaining({
        code: 'SLUICE_UPSTREAM_POLICY',
        message: expect.stringMatching(
          /^routes\[0\]\.policy\.timeoutMs: .*; found -1\n.*policy\.retry\.retryOn\.0: .*5xx.*; found "5xy"\n.*numRetries: .*; found 1\.5$/,
        ) as string,
      }),
    );
  });

  it.each([
    ['an unknown name', { tiemoutMs: 1 }, /tiemoutMs/],
    ['a retry on nothing', { retry: { retryOn: [] } }, /retryOn/],
    [
      'status codes that nothing asks for',
      { retry: { retryOn: ['5xx'], retriableStatusCodes: [429] } },
      /need each/,
    ],
    ['a condition without its codes', { retry: { retryOn: ['retriable-status-codes'] } }, /need each other/],
    ['a bound below the base', { retry: { retryOn: ['5xx'], backOffMaxMs: 1 } }, /not be less than/],
    ['an idle time of nothing', { idleTimeoutMs: 0 }, /idleTimeoutMs/],
    ['text', 'fast', /policy: .*"fast"/],
  ])('refuses %s', (_what, given, message) => {
    expect(() => checkUpstreamPolicy(given)).toThrow(message);
  });

  it('has a JSON schema whose every field is described', () => {
    const { properties = {} } = z.toJSONSchema(upstreamPolicySchema, { io: 'input' });

    expect(Object.keys(properties)).toContain('retry');
    for (const [name, property] of Object.entries(properties)) {
      expect(property, name).toHaveProperty('description');
    }
  });
});
