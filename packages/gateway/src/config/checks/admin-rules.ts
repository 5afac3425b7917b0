import type { CheckFinding, ConfigCheck } from '@sluice/config';
import { SluiceError } from '@sluice/core';
import { readAdminToken } from '../../admin-token.ts';
import { isLoopback } from '../../is-loopback.ts';
import type { GatewayConfig } from '../gateway-config-schema.ts';
import { parseAddress } from '../parse-address.ts';

type AdminConfig = NonNullable<GatewayConfig['admin']>;

/** What keeps the operator's listener from starting: a token that can't be used, an address that others reach unasked. */
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
    readAdminToken(tokenFile);
    return [];
  } catch (cause) {
    if (!(cause instanceof SluiceError)) throw cause;
    return [{ severity: 'error', path: ['admin', 'tokenFile'], message: cause.message }];
  }
}
