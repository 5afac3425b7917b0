import { MetricsRegistry } from '@sluice/handler-metrics';
import { exposition } from '@sluice/handler-metrics/prometheus';
import { ContainerModule } from 'inversify';
import { describe, expect, it } from 'vitest';
import { CONNECT, openTunnel, UPGRADE } from './open-tunnel.ts';

describe.each([
  ['an upgrade', UPGRADE, 101],
  ['CONNECT', CONNECT, 200],
])('a tunnel by %s', (_, request, status) => {
  it('has its bytes in the access log and in the metrics', async () => {
    const registry = new MetricsRegistry();
    const module = new ContainerModule(({ bind }) => void bind(MetricsRegistry).toConstantValue(registry));
    const { gateway, client, server, lines } = await openTunnel(request, status, [module]);
    client.send('a question').send('another');
    server.send('an answer').finish();
    client.finish();
    gateway.advance(1);

    expect(lines).toEqual([expect.objectContaining({ status, requestBytes: 17, responseBytes: 9 })]);
    const text = await exposition(registry);
    expect(text).toMatch(/^server_http_request_size_bytes_sum\{.*\} 17$/m);
    expect(text).toMatch(/^server_http_response_size_bytes_sum\{.*\} 9$/m);
  });
});
