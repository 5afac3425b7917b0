import { dial } from './wire.ts';
import type { Wire } from './wire.ts';

const GET = 'GET /x HTTP/1.1\r\nHost: a\r\n\r\n';

/** What became of the requests of a client. */
export interface ClientCounts {
  answered: number;
  lost: number;
}

/** A client as they are: keeps its connection until a response ends it, and then makes another. */
export async function askUntil(
  isOver: { readonly value: boolean },
  port: () => number,
  counts: ClientCounts = { answered: 0, lost: 0 },
): Promise<ClientCounts> {
  let client: Wire | undefined = undefined;
  while (!isOver.value) {
    client ??= await dial(port());
    try {
      const [response] = await client.send(GET).take(/^[^]*\r\n\r\nok$/);
      counts.answered++;
      if (!/connection: close/i.test(response)) continue;
      client.socket.end();
      client = undefined;
    } catch {
      counts.lost++;
      client = undefined;
    }
  }
  return counts;
}
