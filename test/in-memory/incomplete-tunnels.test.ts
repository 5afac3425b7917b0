import { PassportLoggingOptions } from '@sluice/handler-passport';
import { ContainerModule } from 'inversify';
import { describe, expect, it } from 'vitest';
import { openTunnel, UPGRADE } from './open-tunnel.ts';

describe('a WebSocket is told of as incomplete', () => {
  it('not when the server has ended it', async () => {
    const { gateway, server, incomplete } = await webSocket();
    server.send('bye').finish();
    gateway.advance(1);

    expect(incomplete).toEqual([]);
  });

  it('not when the client has, and the server after it', async () => {
    const { gateway, client, server, lines, incomplete } = await webSocket();
    client.finish();
    server.finish();
    gateway.advance(1);

    expect(lines).toHaveLength(1);
    expect(incomplete).toEqual([]);
  });

  it('not when the gateway stops', async () => {
    const { gateway, lines, incomplete } = await webSocket();
    await gateway.stop();

    expect(lines).toHaveLength(1);
    expect(incomplete).toEqual([]);
  });

  it.each(['client', 'server'] as const)('when the %s has reset it', async (side) => {
    const { gateway, incomplete, ...sides } = await webSocket();
    sides[side].reset();
    gateway.advance(1);

    expect(incomplete).toHaveLength(1);
  });
});

async function webSocket() {
  const incomplete: string[] = [];
  const onIncomplete: PassportLoggingOptions['onIncomplete'] = ({ id }) => void incomplete.push(id);
  const options = { ...new PassportLoggingOptions(), onIncomplete };
  const module = new ContainerModule(
    ({ bind }) => void bind(PassportLoggingOptions).toConstantValue(options),
  );
  return { incomplete, ...(await openTunnel(UPGRADE, 101, [module])) };
}
