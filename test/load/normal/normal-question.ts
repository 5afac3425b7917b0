/** What the process of the normal clients can be asked for; each is answered with the counts since the last `take`. */
export type NormalQuestion =
  | { ask: 'start'; port: number; ratePerSecond: number }
  | { ask: 'take' }
  | { ask: 'stop' };
