import { accessSync, constants } from 'node:fs';
import type { CheckFinding, ConfigCheck } from '@sluice/config';
import { isLoopback } from '../../is-loopback.ts';
import type { GatewayConfig } from '../gateway-config-schema.ts';
import { parseAddress } from '../parse-address.ts';

type AdminConfig = NonNullable<GatewayConfig['admin']>;

/** What keeps the operator's listener from starting: a token that can't be read, an address that others reach unasked. */
export const adminRules: ConfigCheck<GatewayConfig> = {
  name: 'admin-rules',
  run: ({ admin }) => (admin === undefined ? [] : [...reach(admin), ...token(admin)]),
};

function reach({ address: text, allowRemote }: AdminConfig): readonly CheckFinding[] {
  const address = parseAddress(text);
  if (address === undefined || allowRemote || isLoopback(address)) return [];
  const message = `found ${text}, where other machines see all that it shows. Take 127.0.0.1, or say allowRemote: true.`;
  return [{ severity: 'error', path: ['admin', 'address'], message }];
}

function token({ tokenFile }: AdminConfig): readonly CheckFinding[] {
  if (tokenFile === undefined) return [];
  try {
    accessSync(tokenFile, constants.R_OK);
    return [];
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : `${code}`;
    const message = `The token file "${tokenFile}" can't be read: ${why}. Name a file with the token alone.`;
    return [{ severity: 'error', path: ['admin', 'tokenFile'], message }];
  }
}
