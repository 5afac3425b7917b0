import type { InetSocketAddress } from '@sluice/core';
import type { ServerSslOptions } from '@sluice/handler-tls';
import type { AdminSettings } from '../admin/admin-settings.ts';

/** What the command line says of the gateway, whatever stands behind it. */
export interface GatewaySettings {
  readonly listen: InetSocketAddress;
  /** Absent: no admin listener. */
  readonly admin: AdminSettings | undefined;
  /** `off`, `stdout` or a file. */
  readonly accessLog: string;
  /** `tab`, `combined`, `json`, or a template with operators. */
  readonly accessLogFormat: string;
  /** The networks whose connections must begin with a PROXY protocol header. Empty: off. */
  readonly proxyProtocolFrom: readonly string[];
  /** Absent: no TLS. */
  readonly tls: Partial<ServerSslOptions> | undefined;
  /** How long requests in flight may take to end, in ms. Absent: 30 000. */
  readonly drainTimeoutMs: number | undefined;
  /** Names of handlers to leave out. */
  readonly without: readonly string[];
  /** Options of handlers, as `handler.option=value`. */
  readonly set: readonly string[];
}
