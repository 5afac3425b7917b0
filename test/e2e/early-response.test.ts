import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ask } from './support/http-client.ts';
import type { Answer } from './support/http-client.ts';
import { startGateway, startHttpOrigin } from './support/start-gateway.ts';
import { dial } from './support/wire.ts';

const ROUNDS = 120;
const CLIENTS = 8;
// More than the system holds on the way.
const UPLOAD_BYTES = 32 * 1024 * 1024;
const BODY = randomBytes(256 * 1024);

describe('an origin that answers an upload at once and closes, with bytes that it has not read', () => {
  it.each([
    ['a small body', 'Not so much.'],
    ['a body of 100 KiB', randomBytes(75 * 1024).toString('base64')],
  ])(
    `has its answer delivered in each of ${ROUNDS} rounds: %s`,
    async (_, refusal) => {
      const origin = await startHttpOrigin((_request, response) => {
        response.writeHead(403, { connection: 'close', 'content-length': refusal.length });
        response.end(refusal);
      });
      const { port } = await startGateway(origin);
      const answers: Answer[] = [];
      const upload = async (): Promise<void> => {
        for (let round = 0; round < ROUNDS / CLIENTS; round++) {
          answers.push(await ask(port, { method: 'POST', headers: { 'content-length': BODY.length } }, BODY));
        }
      };
      await Promise.all(Array.from({ length: CLIENTS }, upload));

      expect(answers).toHaveLength(ROUNDS);
      expect(answers.map(({ status }) => status).filter((status) => status !== 403)).toEqual([]);
      expect(answers.every(({ body }) => body.toString() === refusal)).toBe(true);
    },
    30_000,
  );
});

const REFUSAL = 'Not so much.'.repeat(10_000);

it.each([
  ['HTTP/1.1', /the end\r\n0\r\n\r\n$/],
  // The end of the body is that of the connection.
  ['HTTP/1.0', /the end$/],
])(
  'delivers an early answer to a client of %s that reads only when it has sent all',
  async (version, end) => {
    const origin = await startHttpOrigin((_request, response) => {
      response.writeHead(413);
      response.write(REFUSAL);
      response.end('the end');
    });
    const { port } = await startGateway(origin);
    const client = await dial(port);
    const upload = Buffer.alloc(UPLOAD_BYTES);
    client.socket.pause();
    client.send(`POST / ${version}\r\nHost: a\r\nContent-Length: ${UPLOAD_BYTES}\r\n\r\n`);
    await new Promise<void>((resolve, reject) => {
      client.socket.write(upload, (error) => (error ? reject(error) : resolve()));
    });
    client.socket.resume();

    await client.take(/^HTTP\/1\.1 413 [^]*?\r\n\r\n/);
    expect(await client.ended).toBe('fin');
    expect(client.received.length).toBeGreaterThan(REFUSAL.length);
    expect(client.received.slice(-20)).toMatch(end);
  },
);
