import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** Format of a line: the path, which has the token, and how the exchange ended. */
export const SOAK_LOG_FORMAT = '%REQ(:PATH)% %RESPONSE_CODE% %COMPLETE_REASON%';

const TOKEN = /^\/exchange\/(\d+)\//;
const MOST = 255;

/** How many lines each exchange has in the access log, by its token. */
export type LogLines = { byToken: Uint8Array; total: number };

/** Reads the log of a gateway that has ended. */
export async function readAccessLog(file: string, exchanges: number): Promise<LogLines> {
  const byToken = new Uint8Array(exchanges + 1);
  let total = 0;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    total += 1;
    const token = Number(TOKEN.exec(line)?.[1] ?? 0);
    byToken[token] = Math.min(MOST, (byToken[token] ?? 0) + 1);
  }
  return { byToken, total };
}
