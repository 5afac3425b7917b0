import type { MetricsSnapshot } from '@sluice/handler-metrics/prometheus';
import type {
  AdminSource,
  FilterReport,
  ListenersReport,
  LoggingReport,
  OriginReport,
  PassportQuery,
  PassportReport,
} from '@sluice/admin';
import type { ConfigRecord } from '@sluice/config';
import type { SocketAddress } from '@sluice/core';
import type { DrainReport } from '@sluice/gateway';
import type { WorkerPlace } from '@sluice/inject';
import type { AdminSettings } from '../admin/admin-settings.ts';
import type { Announcement } from '../program/announce.ts';

/** What the primary tells a worker of its part, when it starts. */
export interface WorkerRole extends WorkerPlace {
  /** Whether it listens by itself, on ports that the others listen on too. */
  readonly reusePort: boolean;
  /** The same for all workers: each takes up TLS sessions of the others. Others come by `setTicketKeys`. */
  readonly ticketKeys: Buffer;
  /** The demo origins, which run in the primary. */
  readonly demoServers: readonly SocketAddress[] | undefined;
  /** The configuration in force, whatever has become of its files. Absent: there is none. */
  readonly config: ConfigRecord | undefined;
  /** What the operator has changed since the program was started. */
  readonly logLevel: string | undefined;
  readonly disabledFilters: readonly string[];
}

/** What a worker says of itself when it is ready. */
export interface ReadyWorker {
  readonly announcement: Announcement;
  readonly admin: AdminSettings | undefined;
}

/** What a worker says last when it was drained. */
export interface DrainedWorker {
  readonly drain: DrainReport | undefined;
  /** Absent: nobody asks for them. */
  readonly metrics: MetricsSnapshot | undefined;
}

/** What came of a change: what there is to say of it, or why it can't be done and the status that says so. */
export type ChangeReply<Report> =
  | { readonly report: Report }
  | { readonly status: number; readonly message: string };

/** Whether a worker could go over to a configuration, and if not, why. */
export type PreparedReply =
  | { readonly isPrepared: true }
  | { readonly isPrepared: false; readonly why: string };

/** A question of the primary, with its answer. */
interface Question<Data, Reply> {
  readonly data: Data;
  readonly reply: Reply;
}

/** What a primary asks its workers. */
export interface GatewayWorkerRequests {
  readonly metrics: Question<undefined, MetricsSnapshot>;
  readonly origins: Question<undefined, readonly OriginReport[]>;
  readonly listeners: Question<undefined, ListenersReport>;
  readonly filters: Question<undefined, readonly FilterReport[]>;
  readonly config: Question<undefined, Awaited<ReturnType<AdminSource['config']>>>;
  readonly passports: Question<PassportQuery, readonly PassportReport[]>;
  readonly setFilterEnabled: Question<
    { readonly name: string; readonly isEnabled: boolean },
    ChangeReply<readonly FilterReport[]>
  >;
  readonly setLogLevel: Question<
    { readonly level: string; readonly logger: string | undefined },
    ChangeReply<LoggingReport>
  >;
  /** The first half of a reload. */
  readonly prepareReload: Question<ConfigRecord, PreparedReply>;
  /** The second half: it counts from now on, or nothing has happened. */
  readonly commitReload: Question<undefined, void>;
  readonly discardReload: Question<undefined, void>;
  readonly reloadCertificates: Question<undefined, void>;
  readonly setTicketKeys: Question<Buffer, void>;
}
