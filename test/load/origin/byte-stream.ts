import type { Socket } from 'node:net';
import type { Ledger } from './ledger.ts';

const PIECE = Buffer.alloc(65_536, 'sluice ');

/** A long answer that is written as fast as it is taken, and no faster. */
export class ByteStream {
  readonly #socket: Socket;
  readonly #ledger: Ledger;
  #left: number;

  constructor(socket: Socket, bytes: number, ledger: Ledger) {
    this.#socket = socket;
    this.#ledger = ledger;
    this.#left = bytes;
  }

  start(): void {
    this.#socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${this.#left}\r\n\r\n`);
    this.#writeNext();
  }

  /** One piece at a time, so that what is counted has left the process. */
  #writeNext(): void {
    if (this.#left === 0 || this.#socket.destroyed) return;
    const piece = PIECE.subarray(0, Math.min(PIECE.length, this.#left));
    this.#left -= piece.length;
    this.#socket.write(piece, (error) => {
      if (error) return;
      this.#ledger.streamedBytes += piece.length;
      this.#writeNext();
    });
  }
}
