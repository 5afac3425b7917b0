import { IpAccessFilter, IpAccessOptions } from '@sluice/builtin-filters';
import { describe, expect, it } from 'vitest';
import { isNetwork, Networks } from '@sluice/handler-connection';
import { Client, recorder, statusOf } from './support.ts';

describe('access by address', () => {
  it.each([
    { allow: [], deny: [], address: '192.0.2.1', status: 200 },
    { allow: ['192.0.2.0/24'], deny: [], address: '192.0.2.1', status: 200 },
    { allow: ['192.0.2.0/24'], deny: [], address: '192.0.3.1', status: 403 },
    { allow: ['192.0.2.0/24'], deny: [], address: '2001:db8::1', status: 403 },
    { allow: ['192.0.2.0/24'], deny: ['192.0.2.1'], address: '192.0.2.1', status: 403 },
    { allow: [], deny: ['2001:db8::/32'], address: '2001:db8:1::1', status: 403 },
    { allow: [], deny: ['::ffff:192.0.2.0/120'], address: '192.0.2.1', status: 403 },
    { allow: [], deny: ['192.0.2.1'], address: '', status: 200 },
    { allow: ['192.0.2.1'], deny: [], address: '', status: 403 },
  ])('of $address with allow $allow and deny $deny is $status', ({ allow, deny, address, status }) => {
    const origin = recorder();
    const client = new Client({
      filters: [IpAccessFilter],
      endpoint: origin.endpoint,
      bindings: [[IpAccessOptions, new IpAccessOptions({ allow, deny })]],
      address,
    });

    const response = client.get('/', 'x-forwarded-for: 192.0.2.1', 'forwarded: for=192.0.2.1');

    expect(statusOf(response)).toBe(status);
    expect(origin.sides).toHaveLength(status === 200 ? 1 : 0);
    if (status === 403) expect(response).toContain('proxy-status: sluice; error=http_request_denied');
  });

  it.each([
    ['::ffff:192.0.2.1', '192.0.2.1', '192.0.2.2'],
    ['::ffff:c000:201', '192.0.2.1', '192.0.2.2'],
    ['::FFFF:192.0.2.0/120', '192.0.2.255', '192.0.3.0'],
    ['0:0:0:0:0:ffff:0:0/96', '10.1.2.3', '::1'],
    ['0.0.0.0/0', '10.1.2.3', '::1'],
    ['::/0', '2001:db8::1', '10.1.2.3'],
    ['::/80', '::1', '10.1.2.3'],
    ['10.0.0.0/9', '10.127.255.255', '10.128.0.0'],
  ])('%s has %s and not %s', (network, inside, outside) => {
    const networks = new Networks([network]);

    expect(networks.has(inside)).toBe(true);
    expect(networks.has(outside)).toBe(false);
  });

  it.each([
    '',
    '10.0.0',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/+8',
    '10.0.0.0/08',
    '10.0.0.0/8/8',
    '::1/129',
    'fe80::1%eth0',
    'a.example',
    '010.0.0.1',
  ])('refuses %j at the start', (network) => {
    expect(isNetwork(network)).toBe(false);
    expect(() => new IpAccessOptions({ deny: [network] })).toThrow(
      `ip-access: deny[0]: expected an IP address or a network such as 10.0.0.0/8, found ${JSON.stringify(network)}`,
    );
  });
});
