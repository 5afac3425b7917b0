import type { SocketAddress } from '@sluice/core';
import type { ProxySsl, ProxyTlv } from './proxy-tlv.ts';

/** What the connection was, as its first proxy saw it. `UNKNOWN` when that proxy can't or won't say. */
export type ProxyTransport = 'UNKNOWN' | 'TCP4' | 'UDP4' | 'TCP6' | 'UDP6' | 'UNIX_STREAM' | 'UNIX_DGRAM';

/** The header that a proxy puts before the bytes of a connection that it passes on (PROXY protocol §2). */
export interface ProxyHeader {
  readonly version: 1 | 2;
  /** `LOCAL`: the proxy itself is the client, as for a health check. Version 1 has only `PROXY`. */
  readonly command: 'PROXY' | 'LOCAL';
  readonly transport: ProxyTransport;
  /** The client. Absent for LOCAL and UNKNOWN: then the ends of the socket are what is known. IPv6 in the form of RFC 5952. */
  readonly source?: SocketAddress;
  /** What the client has connected to. Present when `source` is. */
  readonly destination?: SocketAddress;
  /** Version 2: what else the proxy tells, in its order. Untrusted bytes: escape them before they go anywhere. */
  readonly tlvs: readonly ProxyTlv[];
  /** Version 2: the client's TLS connection to the proxy, when there was one. */
  readonly ssl?: ProxySsl;
}

/** A header, and how many bytes of the connection it takes. */
export interface ParsedHeader {
  readonly header: ProxyHeader;
  readonly length: number;
}
