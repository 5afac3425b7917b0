import { rawOrigin } from '@sluice/testing';
import type { RawOrigin, Wire } from '@sluice/testing';
import { requestFraming } from '../conformance/wire/framing.ts';
import { MessageReader } from '../conformance/wire/message-reader.ts';
import type { Message } from '../conformance/wire/message-reader.ts';

/** Answers a request that has come whole, with bytes; a tunnel may follow on the connection. */
export type ReadingListener = (message: Message, connection: ReadingConnection) => void;

/** One connection to a {@link ReadingOrigin}. */
export interface ReadingConnection {
  readonly wire: Wire;
  readonly reader: MessageReader;
}

/** An origin in memory that reads requests strictly, with the reader that shares no code with the codec. */
export class ReadingOrigin {
  readonly origin: RawOrigin;
  readonly #readers = new Map<Wire, MessageReader>();
  readonly #listener: ReadingListener;

  constructor(listener: ReadingListener) {
    this.#listener = listener;
    this.origin = rawOrigin((wire, bytes) => this.#readerOf(wire).push(bytes));
  }

  /** The readers of all connections that bytes have come on, in their order. */
  get readers(): readonly MessageReader[] {
    return [...this.#readers.values()];
  }

  get messages(): readonly Message[] {
    return this.readers.flatMap(({ messages }) => messages);
  }

  /** Why the bytes that came make no requests, if so. */
  get malformed(): readonly string[] {
    return this.readers.flatMap(({ malformed }) => malformed ?? []);
  }

  /** Forgets what has come on connections that are between two requests. */
  forget(): void {
    for (const { messages } of this.#readers.values()) messages.length = 0;
  }

  #readerOf(wire: Wire): MessageReader {
    const known = this.#readers.get(wire);
    if (known !== undefined) return known;
    const reader: MessageReader = new MessageReader({
      framingOf: (head) => requestFraming(head),
      onComplete: (message) => this.#listener(message, { wire, reader }),
    });
    this.#readers.set(wire, reader);
    return reader;
  }
}
