/** The results of `llhttp_execute` that the decoders act on. */
export const LlhttpErrno = Object.freeze({
  ok: 0,
  invalidMethod: 6,
  invalidConstant: 8,
  invalidVersion: 9,
  /** Returned by a callback to stop the parser at this place. */
  paused: 21,
  /** Returned by a callback to stop the parser for good; who stops it keeps the reason. */
  stopped: 24,
});
