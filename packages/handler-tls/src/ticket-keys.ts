import { randomBytes } from 'node:crypto';
import { TlsConfigError } from './tls-errors.ts';

const TICKET_KEYS_BYTES = 48;

/** Keys for the tickets of sessions, to be shared by the workers of a listener. */
export function newTicketKeys(): Buffer {
  return randomBytes(TICKET_KEYS_BYTES);
}

/** Throws a {@link TlsConfigError}. */
export function checkTicketKeys({ length }: Buffer): void {
  if (length !== TICKET_KEYS_BYTES)
    throw new TlsConfigError(`Ticket keys are ${TICKET_KEYS_BYTES} bytes; got ${length}.`);
}
