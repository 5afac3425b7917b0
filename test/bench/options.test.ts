import { describe, expect, it } from 'vitest';
import { parseOptions } from './options.ts';

describe('parseOptions', () => {
  it('runs everything when nothing is asked for', () => {
    const options = parseOptions([]);

    expect(options).toMatchObject({ rounds: 5, durationSeconds: 3, connections: 64, accessLog: false });
    expect(options.scenarios.map(({ name }) => name)).toEqual([
      'small',
      'browser',
      'post',
      'large',
      'connection',
      'tls-small',
      'tls-large',
      'tls-connection',
      'tls-resumed',
    ]);
    expect(options.peers.map(({ name }) => name)).toContain('nginx');
  });

  it('runs the gateway with filters only when it is named', () => {
    const filtered = 'sluice-20-filters';

    expect(parseOptions([]).peers.map(({ name }) => name)).not.toContain(filtered);
    expect(parseOptions(['--peer', filtered]).peers.map(({ name }) => name)).toEqual([filtered]);
  });

  it('takes the rate of an open loop', () => {
    expect(parseOptions([]).ratePerSecond).toBeUndefined();
    expect(parseOptions(['--rate', '9000']).ratePerSecond).toBe(9000);
  });

  it('pins and measures without a proxy only when told to', () => {
    expect(parseOptions([])).toMatchObject({ isPinned: false });
    expect(parseOptions([]).peers.map(({ name }) => name)).not.toContain('direct');
    expect(parseOptions(['--pin'])).toMatchObject({ isPinned: true });
  });

  it('lets a number given beside --quick win', () => {
    const options = parseOptions(['--quick', '--rounds', '3', '--duration', '0.5']);

    expect(options).toMatchObject({ rounds: 3, durationSeconds: 0.5 });
  });

  it('takes lists with commas and repeated', () => {
    const options = parseOptions(['--peer', 'nginx,sluice', '--peer', 'haproxy', '--scenario', 'post']);

    expect(options.peers.map(({ name }) => name)).toEqual(['sluice', 'nginx', 'haproxy']);
    expect(options.scenarios.map(({ name }) => name)).toEqual(['post']);
  });

  it.each([
    [['--rounds', '0'], '--rounds must be a number above 0 and at most 100, not "0"'],
    [['--rounds', '1.5'], '--rounds must be a whole number, not "1.5"'],
    [['--rate', '0'], '--rate must be a number above 0 and at most 100000, not "0"'],
    [['--duration', 'soon'], '--duration must be a number above 0 and at most 600, not "soon"'],
    [
      ['--scenario', 'smal'],
      '--scenario "smal" is unknown; there are: small, browser, post, large, connection, tls-small, tls-large, tls-connection, tls-resumed',
    ],
    [['--fast'], "Unknown option '--fast'"],
  ])('refuses %j', (args, message) => {
    expect(() => parseOptions(args)).toThrow(message);
  });
});
