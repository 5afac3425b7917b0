import { parseListenAddress } from '../command-line/addresses.ts';
import { UsageError } from '../command-line/usage-error.ts';
import type { AdminSettings } from './admin-settings.ts';

/** The options of the command line about the admin listener. */
export interface AdminArguments {
  /** An address, or `off`. */
  readonly address: string;
  readonly tokenFile: string | undefined;
  readonly hosts: readonly string[];
  readonly allowRemote: boolean;
}

/** What the options mean; undefined: there is none. Throws a {@link UsageError}. */
export function parseAdmin({
  address,
  tokenFile,
  hosts,
  allowRemote,
}: AdminArguments): AdminSettings | undefined {
  if (address !== 'off') {
    return {
      address: parseListenAddress('--admin', address),
      tokenFile,
      hosts: hosts.map((host) => host.toLowerCase()),
      allowRemote,
    };
  }
  if (tokenFile === undefined && hosts.length === 0 && !allowRemote) return undefined;
  throw new UsageError('--admin-token-file, --admin-host and --admin-allow-remote need --admin HOST:PORT.');
}
