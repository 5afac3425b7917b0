export { clusterProcesses } from './cluster-processes.ts';
export type { ClusterProgram, ClusterScheduling } from './cluster-processes.ts';
export type { FromWorker, StartFailure, ToWorker } from './messages.ts';
export { RestartBackoff } from './restart-backoff.ts';
export type { SupervisedWorker, WorkerEnd } from './supervised-worker.ts';
export { defaultWorkerCount } from './worker-count.ts';
export { WorkerError } from './worker-error.ts';
export { WorkerLink } from './worker-link.ts';
export type { WorkerChannel } from './worker-link.ts';
export type {
  ProcessExit,
  StartWorkerProcess,
  WorkerProcess,
  WorkerProcessListener,
} from './worker-process.ts';
export { WorkerSupervisorOptions } from './worker-supervisor-options.ts';
export { WorkerSupervisor } from './worker-supervisor.ts';
export type { WorkerSupervisorSettings } from './worker-supervisor.ts';
export type {
  AnyWorkerRequests,
  WorkerReply,
  WorkerRequest,
  WorkerRequestArguments,
  WorkerRequestOptions,
  WorkerRequests,
} from './worker-request.ts';
