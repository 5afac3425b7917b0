import type { UpstreamRecord } from '../wire/origin-connection.ts';
import type { ConnectionEnd, ReceivedResponse } from '../wire/raw-client.ts';

/** What a plain GET after a case got back. */
export interface Probe {
  /** Whether it was its own 200, and whole. */
  readonly isOwnAnswer: boolean;
  /** What came instead, for the report. */
  readonly saw: string;
}

/** What a client saw of a case. */
export interface ClientSide {
  /** Every byte received. */
  readonly received: string;
  /** Final responses; the last may be unfinished. */
  readonly responses: readonly ReceivedResponse[];
  /** Status codes of the interim responses. */
  readonly interim: readonly number[];
  readonly end: ConnectionEnd;
  /** Why the bytes were not HTTP, if they were not. */
  readonly malformed: string | undefined;
  readonly tunnel: string;
}

/** What was seen on both sides of the proxy during a request case. */
export interface RequestObservation {
  readonly client: ClientSide;
  /** The valid request in front of the case, when there is one. */
  readonly preceding: Probe | undefined;
  /** A GET on the case's own connection, when that should have lived on. */
  readonly sameConnection: Probe | undefined;
  /** A GET on a connection of its own. */
  readonly otherConnection: Probe;
  /** Upstream, without the requests of the three probes above; their bytes are there. */
  readonly upstream: readonly UpstreamRecord[];
}

/** What was seen on both sides of the proxy during a response case. */
export interface ResponseObservation {
  readonly client: ClientSide;
  /** `GET /next` on a connection of its own. */
  readonly next: Probe;
  /** How often the case's request reached the origin. */
  readonly timesForwarded: number;
  /** Upstream connections that must not serve anything more, if reuse is forbidden. */
  readonly spent: readonly UpstreamRecord[];
  /** Upstream connections that served `GET /next`. */
  readonly nextConnections: readonly number[];
}

/** What was seen on both sides of the proxy during a PROXY protocol case. */
export interface ProxyObservation {
  readonly client: ClientSide;
  /** A GET on a connection of its own, behind a valid header where one is due. */
  readonly otherConnection: Probe;
  /** Upstream, without the request of that probe. */
  readonly upstream: readonly UpstreamRecord[];
}

/** The outcome of a case: no failure means that it holds. */
export interface Verdict {
  /** Each rule that was broken, in words. */
  readonly failures: readonly string[];
  /** What is allowed and worth knowing. */
  readonly notes: readonly string[];
}
