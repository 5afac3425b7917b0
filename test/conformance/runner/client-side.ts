import type { ClientSide } from '../judge/observation.ts';
import type { RawClient } from '../wire/raw-client.ts';

/** Keeps what a client has seen up to now. */
export function clientSide(client: RawClient): ClientSide {
  const { received, responses, interim, end, malformed, tunnel } = client;
  return { received, responses, interim, end, malformed, tunnel };
}
