/** How busy the clients are that are beside the cases. */
export type Busyness = {
  /** Each has a request in flight at any time. */
  connections: number;
  /** How long their origin waits before it answers; 0 is as fast as gateway and clients can. */
  answerDelayMs: number;
};

/** Where they ask, and what each connection begins with. */
export type BusyTarget = Pick<Busyness, 'answerDelayMs'> & { port: number; preface: string };

/** What the process of the busy clients can be asked for; `stop` is answered with what became of their requests. */
export type BusyQuestion = ({ ask: 'start' } & Busyness & BusyTarget) | { ask: 'stop' };

/** What became of the requests of busy clients. */
export type BusyCounts = {
  answered: number;
  /** Descriptions of the first few that had not the one answer that was due. */
  failures: readonly string[];
};
