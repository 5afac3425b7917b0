import type { GatewayState } from '@sluice/gateway';
import type { PassportState } from '@sluice/passport';

export interface StatusReport {
  readonly state: GatewayState;
  /** Whether it takes connections and is not about to stop. */
  readonly isReady: boolean;
  readonly pid: number;
  readonly uptimeMs: number;
  /** What came of the last time that the configuration was read again. Absent: it has not been. */
  readonly lastReload?: LastReloadReport | undefined;
}

/** A limit that all servers of an origin share: its circuit breaker. */
export interface BreakerReport {
  readonly used: number;
  /** 0 for retries: no limit but the budget. */
  readonly max: number;
  /** Whether no more are let through at the moment. */
  readonly isOpen: boolean;
}

export interface OriginServerReport {
  readonly address: string;
  readonly weight: number;
  /** 0 is used first. */
  readonly priority: number;
  readonly isHealthy: boolean;
  /** Whether its health checks fail, or have not passed yet. */
  readonly failsHealthCheck: boolean;
  /** Whether outlier detection has taken it out for a while. */
  readonly isEjected: boolean;
  /** Whether it is passed over because connections to it have failed in a row. */
  readonly isTripped: boolean;
  readonly activeRequests: number;
  readonly totalRequests: number;
  /** Connections made and being made. */
  readonly connections: number;
  readonly idleConnections: number;
  /** Requests that wait for a connection. */
  readonly pendingRequests: number;
}

export interface OriginReport {
  readonly name: string;
  readonly servers: readonly OriginServerReport[];
  readonly healthyServers: number;
  readonly ejectedServers: number;
  /** Whether so few servers are fit that all are used. */
  readonly isInPanic: boolean;
  readonly breakers: {
    readonly connections: BreakerReport;
    readonly pendingRequests: BreakerReport;
    readonly requests: BreakerReport;
    readonly retries: BreakerReport;
  };
  /** Limits and timeouts, with their defaults. */
  readonly options: unknown;
}

export interface HandlerReport {
  readonly name: string;
  readonly className: string;
  readonly isSharable: boolean;
  readonly inbound: readonly string[];
  readonly outbound: readonly string[];
  readonly options: unknown;
}

export interface ListenerReport {
  readonly name: string;
  readonly address: string;
  readonly isListening: boolean;
  /** Open connections of clients. */
  readonly connections: number;
  /** Head first. */
  readonly handlers: readonly HandlerReport[];
}

export interface ListenersReport {
  /** In the order of their declaration. */
  readonly listeners: readonly ListenerReport[];
  /** The pipeline of every connection to an origin, head first. */
  readonly originHandlers: readonly HandlerReport[];
}

export interface FilterReport {
  readonly name: string;
  readonly kind: 'inbound' | 'endpoint' | 'outbound';
  /** Whether the operator has not turned it off. */
  readonly isEnabled: boolean;
}

/** The level of each logger by its name. */
export interface LoggingReport {
  readonly loggers: Readonly<Record<string, string>>;
}

export interface ReloadReport {
  /** Whether anything was put in force. */
  readonly isApplied: boolean;
  /** What is wrong with the configuration that was refused, or what has changed with the one that was applied. */
  readonly messages: readonly string[];
}

/** What came of reading a configuration again, and when. */
export interface LastReloadReport extends ReloadReport {
  /** In ISO 8601. */
  readonly at: string;
  /** The file that was read, with all that it includes. */
  readonly file: string;
}

export interface PassportStateReport {
  readonly state: PassportState;
  /** Since the head of the request came, in ms; negative for what happened to the connection before. */
  readonly atMs: number;
}

/** A request that is over, and what it went through. */
export interface PassportReport {
  /** When the head of the request came, in ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** Absent, like the path, when the client has not sent so much of a request that was refused. */
  readonly method?: string | undefined;
  /** Without the query, which may hold secrets. Of a request that was refused it may have any character. */
  readonly path?: string | undefined;
  /** Absent when no response was begun. */
  readonly status?: number | undefined;
  /** How the exchange ended: SESSION_COMPLETE when as it should. */
  readonly reason: string;
  readonly requestId?: string | undefined;
  readonly route?: string | undefined;
  readonly origin?: string | undefined;
  readonly upstreamHost?: string | undefined;
  readonly upstreamAttempts?: number | undefined;
  readonly responseFlags?: string | undefined;
  readonly states: readonly PassportStateReport[];
  /** The whole passport in its text form. */
  readonly passport: string;
}
