/**
 * Which of the processes that run the same gateway this is. Inject it where a limit for the whole
 * gateway is to be shared out; who starts several processes binds it.
 */
export class WorkerPlace {
  /** The number of this process, from 1. */
  readonly worker: number = 1;
  /** How many there are. */
  readonly workers: number = 1;
}
