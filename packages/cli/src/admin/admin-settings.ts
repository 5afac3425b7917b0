import type { SocketAddress } from '@sluice/core';

/** What the command line says of the admin listener. */
export interface AdminSettings {
  readonly address: SocketAddress;
  /** Where the token of changes stands. Default: in SLUICE_ADMIN_TOKEN, or nowhere. */
  readonly tokenFile: string | undefined;
  /** Names that it may be asked by, beside addresses and localhost. */
  readonly hosts: readonly string[];
  /** Whether other machines may reach it. */
  readonly allowRemote: boolean;
}
