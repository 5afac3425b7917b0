/** What a client may see of an exchange. */
export type Outcome =
  /** A complete response of the origin with the right token and body. */
  | 'whole'
  /** A complete response that the gateway made in the place of one. */
  | 'refused'
  /** The connection ended before the response was complete. */
  | 'cut';

/** What an origin does wrong with an answer, and what its client may then see. */
export const FAULTS = {
  none: ['whole'],
  /** Resets before it answers. */
  'reset-at-once': ['refused'],
  /** Ends before it answers. */
  'end-at-once': ['refused'],
  /** Ends within the head of its answer. */
  'end-in-head': ['refused'],
  /** Speaks no HTTP. */
  'not-http': ['refused'],
  /** Resets within the body. */
  'reset-in-body': ['cut'],
  /** Ends within the body. */
  'end-in-body': ['cut'],
  /** Says nothing any more after half of the body. */
  'stall-in-body': ['cut'],
  /** Never answers. */
  stall: ['refused'],
  /** Sends more than it promised. */
  surplus: ['whole'],
  /** Sends a whole second response, for nobody. */
  'second-response': ['whole'],
  /** Answers before the request has ended. */
  early: ['whole'],
  /** Sends interim responses first. */
  interim: ['whole'],
  /** Ends the connection with the answer, and says so. */
  'announced-end': ['whole'],
  /** Ends the connection right after the answer, without a word. */
  'silent-end': ['whole'],
} as const satisfies Record<string, readonly Outcome[]>;

export type Fault = keyof typeof FAULTS;

/** All that is not `none`. */
export const FAULT_NAMES = Object.keys(FAULTS).filter((name) => name !== 'none') as Fault[];
