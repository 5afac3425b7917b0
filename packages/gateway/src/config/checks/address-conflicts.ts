import { formatPath } from '@sluice/config';
import type { CheckFinding, ConfigCheck, ConfigPath } from '@sluice/config';
import { formatAddress } from '@sluice/core';
import type { SocketAddress } from '@sluice/core';
import type { GatewayConfig } from '../gateway-config-schema.ts';
import { isSamePlace } from '../../same-place.ts';
import { parseAddress } from '../parse-address.ts';

interface Listening {
  readonly address: SocketAddress;
  readonly path: ConfigPath;
}

/** No two listeners, the admin's among them, on one address. */
export const addressConflicts: ConfigCheck<GatewayConfig> = {
  name: 'address-conflicts',
  run: (config) => {
    const all = listening(config);
    return all.flatMap(({ address, path }, at): readonly CheckFinding[] => {
      const other = all.slice(0, at).find((earlier) => isSamePlace(earlier.address, address));
      if (other === undefined) return [];
      const message = `found ${formatAddress(address)}, which ${formatPath(other.path)} listens on as ${formatAddress(other.address)}.`;
      return [{ severity: 'error', path, message }];
    });
  },
};

function listening({ listeners, admin }: GatewayConfig): readonly Listening[] {
  const places = listeners.map((listener, at) => place(listener.address, ['listeners', at, 'address']));
  return [...places, ...(admin ? [place(admin.address, ['admin', 'address'])] : [])].flat();
}

function place(text: string, path: ConfigPath): readonly Listening[] {
  const address = parseAddress(text);
  return address === undefined ? [] : [{ address, path }];
}
