import { expect, it } from 'vitest';
import { ask } from './support/http-client.ts';
import { startGatewayWith } from './support/start-gateway.ts';

it('a server whose name can not be resolved is logged once, with its name', { timeout: 20_000 }, async () => {
  const warnings: unknown[] = [];
  const logger = {
    debug() {},
    info() {},
    warn: (...line: unknown[]) => void warnings.push(line),
    error() {},
  };
  // RFC 6761 §6.4: there are no names in it.
  const origin = { name: 'web', servers: [{ host: 'nobody.invalid', port: 80 }] };
  const { port } = await startGatewayWith(origin, {}, [], logger);

  const statuses = [(await ask(port)).status, (await ask(port)).status];

  expect(statuses).toEqual([502, 502]);
  expect(warnings).toEqual([
    [
      expect.objectContaining({ origin: 'web', server: 'nobody.invalid:80' }),
      'The name of an origin server can not be resolved: requests to it are answered with 502.',
    ],
  ]);
});
