import type { TestGateway, TestOrigin, Wire } from '@sluice/testing';
import { expect } from 'vitest';
import { ReadingOrigin } from '../in-memory/reading-origin.ts';
import { referenceGateway } from '../in-memory/reference-gateway.ts';
import type { AccessLine, ReferenceSettings } from '../in-memory/reference-gateway.ts';

export const GET = 'GET /fault HTTP/1.1\r\nHost: o.test\r\n\r\n';
const NEXT = 'GET /next HTTP/1.1\r\nHost: o.test\r\n\r\n';
const FRESH = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nfresh';

/** What an origin does when a request has come whole. */
export type Fault = (connection: Wire) => void;

/** A gateway in memory, an origin that misbehaves but for `/next`, and what was logged. */
export class FaultBench {
  readonly gateway: TestGateway;
  readonly origin: ReadingOrigin | undefined;
  readonly lines: readonly AccessLine[];

  private constructor(gateway: TestGateway, lines: readonly AccessLine[], origin: ReadingOrigin | undefined) {
    this.gateway = gateway;
    this.lines = lines;
    this.origin = origin;
  }

  static async open(fault: Fault = answer(FRESH), settings: ReferenceSettings = {}): Promise<FaultBench> {
    const origin = new ReadingOrigin(({ head }, { wire }) => {
      if (head.startLine.startsWith('GET /next ')) wire.send(FRESH);
      else fault(wire);
    });
    return FaultBench.#with(origin.origin, origin, settings);
  }

  static before(origin: TestOrigin): Promise<FaultBench> {
    return FaultBench.#with(origin, undefined, {});
  }

  static async #with(
    origin: TestOrigin,
    reading: ReadingOrigin | undefined,
    settings: ReferenceSettings,
  ): Promise<FaultBench> {
    const { gateway, lines } = await referenceGateway(origin, settings);
    return new FaultBench(gateway, lines, reading);
  }

  connect(): Wire {
    return this.gateway.connectRaw();
  }

  /** Sends bytes on a new connection. */
  send(bytes: string): Wire {
    return this.connect().send(bytes);
  }

  /** The one line that was logged. */
  get line(): AccessLine {
    expect(this.lines).toHaveLength(1);
    const [line] = this.lines;
    if (line === undefined) throw new Error('Nothing was logged.');
    return line;
  }

  /** The next request gets its own answer: on the same connection when it is open, and on another. */
  expectNextClean(client?: Wire): void {
    if (client !== undefined && client.end === 'open' && !client.isClosed) {
      const before = client.received.length;
      client.send(NEXT);
      expect(client.received.slice(before)).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nfresh$/);
      client.close();
    }
    const other = this.send(NEXT);
    expect(other.received).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nfresh$/);
    other.close();
  }

  /** Nothing is left of clients that have gone, and every task ran without an error. */
  expectNothingLeft(): void {
    this.gateway.advance(60_000);
    expect(this.gateway.gateway.connectionCount).toBe(0);
    expect(this.gateway.gateway.getOrigin('origin')?.pendingCount).toBe(0);
    expect(this.gateway.log.at('error')).toEqual([]);
    expect(this.gateway.log.at('warn')).not.toContain('A task of an event loop threw.');
    expect(this.origin?.malformed ?? []).toEqual([]);
  }
}

/** Sends bytes and does nothing more. */
export function answer(bytes: string): Fault {
  return (connection) => void connection.send(bytes);
}

/** The statuses of the final responses in what a client has received. */
export function statuses(received: string): readonly number[] {
  return [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)]
    .map(([, status]) => Number(status))
    .filter((status) => status >= 200);
}
