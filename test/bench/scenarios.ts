import { uploadReceipt } from './origin/replies.ts';

/** One kind of traffic: what is sent, over and over, and what a correct answer is. */
export type Scenario = {
  /** Word for `--scenario`. */
  name: string;
  /** Heading of its table. */
  title: string;
  /** The whole request, written as one buffer. */
  request: Buffer;
  /** Length of the body that a 200 must carry. */
  expectedBodyBytes: number;
  /** Whether each request has a connection of its own. */
  connectionPerRequest: boolean;
  /** Whether the client speaks TLS, and whether its connections take up the session of the one before. */
  tls: 'none' | 'full' | 'resumed';
};

const HOST = 'Host: bench.test';
const POST_BYTES = 10_240;
const SMALL_BYTES = 34;

/** The dozen fields that a desktop browser sends with a navigation, beside `Host`. */
const BROWSER_FIELDS = [
  'Connection: keep-alive',
  'sec-ch-ua: "Chromium";v="140", "Not=A?Brand";v="24"',
  'sec-ch-ua-mobile: ?0',
  'sec-ch-ua-platform: "Linux"',
  'Upgrade-Insecure-Requests: 1',
  'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  'Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8',
  'Sec-Fetch-Site: same-origin',
  'Sec-Fetch-Mode: navigate',
  'Referer: http://bench.test/catalogue/gates?page=2',
  'Accept-Language: en-GB,en;q=0.9,de;q=0.8',
  'Cookie: session=7f3c9a51e2d84b06a1c5f09d6e3b8274; theme=dark; consent=1',
];

export const SCENARIOS: readonly Scenario[] = [
  scenario('small', 'small GET (34-byte body)', ['GET /small HTTP/1.1', HOST], SMALL_BYTES),
  scenario(
    'browser',
    'GET with the headers of a browser',
    ['GET /small HTTP/1.1', HOST, ...BROWSER_FIELDS],
    SMALL_BYTES,
  ),
  scenario(
    'post',
    'POST of 10 KiB',
    [
      'POST /upload HTTP/1.1',
      HOST,
      'Content-Type: application/octet-stream',
      `Content-Length: ${POST_BYTES}`,
    ],
    uploadReceipt(POST_BYTES).length,
    'x'.repeat(POST_BYTES),
  ),
  scenario('large', 'response of 1 MiB', ['GET /1m HTTP/1.1', HOST], 1_048_576),
  scenario(
    'connection',
    'a new connection per request',
    ['GET /small HTTP/1.1', HOST, 'Connection: close'],
    SMALL_BYTES,
  ),
  overTls('tls-small', 'small GET over TLS', 'full', ['GET /small HTTP/1.1', HOST], SMALL_BYTES),
  overTls('tls-large', 'response of 1 MiB over TLS', 'full', ['GET /1m HTTP/1.1', HOST], 1_048_576),
  overTls(
    'tls-connection',
    'a new TLS connection per request',
    'full',
    ['GET /small HTTP/1.1', HOST, 'Connection: close'],
    SMALL_BYTES,
  ),
  overTls(
    'tls-resumed',
    'a new TLS connection per request, its session resumed',
    'resumed',
    ['GET /small HTTP/1.1', HOST, 'Connection: close'],
    SMALL_BYTES,
  ),
];

/** Finds a scenario by its word. */
export function scenarioNamed(name: string): Scenario {
  const found = SCENARIOS.find((other) => other.name === name);
  if (!found) throw new Error(`no scenario is named "${name}"`);
  return found;
}

function scenario(
  name: string,
  title: string,
  head: string[],
  expectedBodyBytes: number,
  body = '',
): Scenario {
  return {
    name,
    title,
    request: Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`, 'latin1'),
    expectedBodyBytes,
    connectionPerRequest: head.includes('Connection: close'),
    tls: 'none',
  };
}

function overTls(
  name: string,
  title: string,
  tls: 'full' | 'resumed',
  head: string[],
  expectedBodyBytes: number,
): Scenario {
  return { ...scenario(name, title, head, expectedBodyBytes), tls };
}
