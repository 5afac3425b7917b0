import { MetricsRegistry } from '@sluice/handler-metrics';
import { exposition } from '@sluice/handler-metrics/prometheus';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prefersOpenMetrics, toOpenMetrics } from '../src/text/open-metrics.ts';
import { parseExposition } from '../src/text/parse-exposition.ts';

describe('parseExposition', () => {
  it('reads metrics with their type, help, labels and values', () => {
    const text = [
      '# HELP requests_total Requests, \\\\ and\\n all.',
      '# TYPE requests_total counter',
      'requests_total{host="a\\"b\\\\c\\nd",code="200"} 3 1700000000000',
      '',
      '# HELP took_seconds How long.',
      '# TYPE took_seconds histogram',
      'took_seconds_bucket{le="+Inf"} 2',
      'took_seconds_sum 0.5',
      '# a comment',
      'bare NaN',
      '',
    ].join('\n');

    expect(parseExposition(text)).toEqual([
      {
        name: 'requests_total',
        type: 'counter',
        help: 'Requests, \\ and\n all.',
        samples: [{ name: 'requests_total', labels: { host: 'a"b\\c\nd', code: '200' }, value: 3 }],
      },
      {
        name: 'took_seconds',
        type: 'histogram',
        help: 'How long.',
        samples: [
          { name: 'took_seconds_bucket', labels: { le: '+Inf' }, value: 2 },
          { name: 'took_seconds_sum', labels: {}, value: 0.5 },
        ],
      },
      { name: 'bare', type: 'untyped', help: '', samples: [{ name: 'bare', labels: {}, value: 'NaN' }] },
    ]);
  });

  it('reads back whatever label the registry writes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 12 }), async (host) => {
        const metrics = new MetricsRegistry();
        metrics
          .counter({ name: 'hits', help: 'Hits.', labels: { host: 10 } })
          .labels(host)
          .inc(2);

        const [report] = parseExposition(await exposition(metrics));

        expect(report?.samples).toEqual([{ name: 'hits_total', labels: { host }, value: 2 }]);
      }),
      { numRuns: 200 },
    );
  });

  it('refuses a line that is none', () => {
    expect(() => parseExposition('a b c d')).toThrow('Not a line of the text format: a b c d');
  });
});

describe('toOpenMetrics', () => {
  it('names counters without their suffix, escapes quotes in help, has no empty line, and an end', () => {
    const text =
      '# HELP a_total All "a".\n# TYPE a_total counter\na_total 1\n\n# HELP b B.\n# TYPE b gauge\nb{x="a_total"} 2\n\n# HELP c C.\n# TYPE c counter\nc 3\n\n# TYPE d untyped\nd 4\n';

    expect(toOpenMetrics(text)).toBe(
      '# HELP a All \\"a\\".\n# TYPE a counter\na_total 1\n# HELP b B.\n# TYPE b gauge\nb{x="a_total"} 2\n# HELP c C.\n# TYPE c unknown\nc 3\n# TYPE d unknown\nd 4\n# EOF\n',
    );
  });
});

describe('prefersOpenMetrics', () => {
  it.each([
    [undefined, false],
    ['', false],
    ['*/*', false],
    ['text/plain', false],
    ['application/openmetrics-text', true],
    ['Application/OpenMetrics-Text; version=1.0.0', true],
    ['application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.1', true],
    ['application/openmetrics-text;q=0.4, text/plain;q=0.5', false],
    ['application/openmetrics-text;q=0', false],
    ['application/openmetrics-text;q=x', false],
  ])('for Accept %j is %j', (accept, isPreferred) => {
    expect(prefersOpenMetrics(accept)).toBe(isPreferred);
  });
});
