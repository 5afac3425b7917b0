import { FAULTS, type Fault } from './fault.ts';

/** What an answer of the origin is to be; all of it stands in the path of the request. */
export type Answer = {
  /** Names the exchange; no other has it. */
  token: number;
  /** Length of the body of the answer. */
  bytes: number;
  /** How the end of the body is told (RFC 9112 §6.3). */
  framing: 'length' | 'chunked' | 'close';
  fault: Fault;
  /** How long the origin waits before it answers. */
  delayMs: number;
  /** Length of the body of the request, which the origin checks. */
  requestBytes: number;
};

const FRAMINGS: ReadonlySet<string> = new Set(['length', 'chunked', 'close']);
const TARGET = /^\/exchange\/(\d+)\/(\d+)\/([a-z]+)\/([a-z-]+)\/(\d+)\/(\d+)$/;

/** The request target that asks for this answer. */
export function targetOf({ token, bytes, framing, fault, delayMs, requestBytes }: Answer): string {
  return `/exchange/${token}/${bytes}/${framing}/${fault}/${delayMs}/${requestBytes}`;
}

/** The target of an exchange without a fault that has a short answer, after a while. */
export function shortTarget(token: number, delayMs: number): string {
  return targetOf({ token, bytes: 10, framing: 'length', fault: 'none', delayMs, requestBytes: 0 });
}

/** Reads the target of an exchange; undefined for any other. */
export function answerFor(target: string): Answer | undefined {
  const [, token, bytes, framing = '', fault = '', delayMs, requestBytes] = TARGET.exec(target) ?? [];
  if (!FRAMINGS.has(framing) || !(fault in FAULTS)) return undefined;
  return {
    token: Number(token),
    bytes: Number(bytes),
    framing: framing as Answer['framing'],
    fault: fault as Fault,
    delayMs: Number(delayMs),
    requestBytes: Number(requestBytes),
  };
}
