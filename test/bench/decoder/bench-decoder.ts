import { HttpRequestDecoder } from '@sluice/codec-http';
import { printRow } from '../print-row.ts';

interface Input {
  readonly name: string;
  /** Length of the pieces that it comes in. */
  readonly pieceBytes: number;
  /** A request of about so many bytes. */
  readonly request: (bytes: number) => string;
  /** What it must reach at every size; absent for those that no limit of throughput is set for. */
  readonly leastMbPerSecond?: number;
}

const KIB = 1024;
/** Up to the limit of a head. */
const SIZES = [2 * KIB, 4 * KIB, 8 * KIB, 16 * KIB, 31 * KIB];
const ROUNDS = 40;
const BYTES_A_ROUND = 512 * KIB;
const FIELD_BYTES = 80;
const MOST_FIELDS = 200;
const WHOLE = Infinity;
const LEAST_MB_PER_SECOND = 100;
/** Twice the input may cost so many times as much: what is above is not linear. */
const MOST_FOR_TWICE = 2.3;

const INPUTS: readonly Input[] = [
  {
    name: 'fields of 80 bytes',
    pieceBytes: WHOLE,
    request: withFields,
    leastMbPerSecond: LEAST_MB_PER_SECOND,
  },
  {
    name: 'one long field',
    pieceBytes: WHOLE,
    request: (bytes) => head(longField(bytes)),
    leastMbPerSecond: LEAST_MB_PER_SECOND,
  },
  { name: 'byte by byte', pieceBytes: 1, request: withFields },
  { name: 'chunks of one byte', pieceBytes: WHOLE, request: withChunks },
];

/** Prints how fast heads are decoded, by their length, and what twice the input costs at most. */
export function benchDecoder(): void {
  printRow('MB/s', [...SIZES.map((bytes) => `${bytes / KIB} KiB`), 'twice']);
  for (const input of INPUTS) {
    const costs = nanosecondsPerByte(input);
    const twice = Math.max(...costs.slice(1).map((cost, at) => (2 * cost) / (costs[at] ?? cost)));
    const rates = costs.map((cost) => 1000 / cost);
    printRow(input.name, [...rates.map((rate) => rate.toFixed(0)), `${twice.toFixed(2)} x`]);
    if (twice > MOST_FOR_TWICE || Math.min(...rates) < (input.leastMbPerSecond ?? 0)) process.exitCode = 1;
  }
  printRow('bar', [`${LEAST_MB_PER_SECOND}`, ...SIZES.slice(1).map(() => ''), `${MOST_FOR_TWICE} x`]);
}

/** For each size, the best of some rounds: the others were disturbed, or before the code was compiled. */
function nanosecondsPerByte({ pieceBytes, request }: Input): number[] {
  const best = SIZES.map(() => Infinity);
  const requests = SIZES.map((bytes) => pieces(request(bytes), pieceBytes));
  for (let left = ROUNDS; left > 0; left--)
    requests.forEach((one, at) => (best[at] = Math.min(best[at] ?? Infinity, round(one, SIZES[at] ?? 0))));
  return best;
}

function pieces(request: string, pieceBytes: number): Buffer[] {
  const whole = Buffer.from(request, 'latin1');
  const cut: Buffer[] = [];
  for (let at = 0; at < whole.length; at += pieceBytes) cut.push(whole.subarray(at, at + pieceBytes));
  return cut;
}

function round(request: readonly Buffer[], bytes: number): number {
  let complete = 0;
  const decoder = new HttpRequestDecoder(
    {
      onHead: () => {},
      onContent: () => {},
      onLast: ({ failure }) => (complete += failure === undefined ? 1 : 0),
    },
    { maxFields: MOST_FIELDS + 1, maxHeadBytes: 64 * KIB },
  );
  const times = Math.ceil(BYTES_A_ROUND / bytes);
  const begin = process.hrtime.bigint();
  for (let left = times; left > 0; left--) {
    for (const piece of request) decoder.decode(piece);
    decoder.resume();
  }
  const took = Number(process.hrtime.bigint() - begin);
  decoder.dispose();
  if (complete !== times) throw new Error(`Only ${complete} of ${times} requests were decoded.`);
  return took / (times * bytes);
}

function head(fields: string): string {
  return `GET / HTTP/1.1\r\nHost: a\r\n${fields}\r\n`;
}

/** Up to some number of fields, and longer ones where that is not enough. */
function withFields(bytes: number): string {
  const count = Math.min(MOST_FIELDS, Math.floor(bytes / FIELD_BYTES));
  return head(longField(bytes / count).repeat(count));
}

function longField(bytes: number): string {
  const name = 'x-some-field: ';
  return `${name}${'v'.repeat(bytes - name.length - 2)}\r\n`;
}

function withChunks(bytes: number): string {
  const chunk = '1\r\nx\r\n';
  return `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(bytes / chunk.length)}0\r\n\r\n`;
}
