import cluster from 'node:cluster';
import type { FromWorker, ToWorker } from './messages.ts';
import type { ProcessExit, StartWorkerProcess } from './worker-process.ts';

/** How connections get to the workers: the primary hands them out in turn, or whoever wakes first takes those that wait. */
export type ClusterScheduling = 'round-robin' | 'shared';

/** What the worker processes run. Default: the program that is running, with its arguments. */
export interface ClusterProgram {
  readonly exec?: string;
  readonly args?: string[];
  /** Default: what NODE_CLUSTER_SCHED_POLICY says, or `round-robin`. */
  readonly scheduling?: ClusterScheduling | undefined;
}

/** Workers as processes of `node:cluster`, which share what they listen on. */
export function clusterProcesses({ scheduling, ...program }: ClusterProgram = {}): StartWorkerProcess {
  if (scheduling === 'shared') cluster.schedulingPolicy = cluster.SCHED_NONE;
  else if (scheduling !== undefined || process.env['NODE_CLUSTER_SCHED_POLICY'] === undefined)
    cluster.schedulingPolicy = cluster.SCHED_RR;
  // A structured clone of messages: bytes stay bytes.
  cluster.setupPrimary({ ...program, serialization: 'advanced' });
  return (_id, listener) => {
    const worker = cluster.fork();
    const child = worker.process;
    const exited = (exit: ProcessExit): void => listener.exited(exit);
    worker.on('message', (message: FromWorker) => listener.received(message));
    // Not 'exit' of the process, which may come before its last message.
    child.once('close', (code, signal) => exited({ code: code ?? undefined, signal: signal ?? undefined }));
    child.on('error', () => {
      if (child.pid === undefined) exited({ code: undefined, signal: 'an error of its start' });
    });
    return {
      pid: child.pid,
      send: (message: ToWorker): void => {
        if (child.connected) child.send(message, () => {});
      },
      kill: () => void child.kill('SIGKILL'),
    };
  };
}
