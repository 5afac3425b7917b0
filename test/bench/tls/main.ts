/**
 * What decision 3 rests on: TLS over the handle of a socket against TLS over a JavaScript stream, in CPU time of the
 * server for each answer. Run it with: node --import tsx test/bench/tls/main.ts
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { makeTlsFiles } from '../peers/tls-files.ts';
import { median } from '../statistics.ts';

const SERVER = fileURLToPath(new URL('wrap-server.ts', import.meta.url));
const WAYS = ['native', 'duplex'] as const;
const KINDS = [
  { title: '34 bytes', bytes: 34, warmUp: 20_000, count: 20_000 },
  { title: '1 MiB', bytes: 1_048_576, warmUp: 200, count: 400 },
];
const ROUNDS = 5;
const CONNECTIONS = 16;

const directory = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
const { certFile, keyFile } = makeTlsFiles(directory);
const servers = await Promise.all(
  WAYS.map(async (way) => {
    const child = fork(SERVER, [way, certFile, keyFile], { execArgv: process.execArgv });
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    return { way, child, port };
  }),
);
const figures = new Map<string, number[]>();
for (let round = 1; round <= ROUNDS; round++) {
  for (const { title, bytes, warmUp, count } of KINDS) {
    for (const { way, child, port } of servers) {
      await load(port, bytes, round === 1 ? warmUp : warmUp / 10);
      const before = await cpuMicros(child);
      await load(port, bytes, count);
      const micros = (await cpuMicros(child)) - before;
      const name = `${title.padEnd(9)} ${way}`;
      figures.set(name, [...(figures.get(name) ?? []), micros / count]);
    }
  }
}
for (const [name, values] of figures) console.log(`${name.padEnd(17)} ${median(values).toFixed(1)} us each`);
for (const { child } of servers) child.kill();
rmSync(directory, { recursive: true });

async function cpuMicros(child: ChildProcess): Promise<number> {
  child.send('cpu');
  const [{ user, system }] = (await once(child, 'message')) as [NodeJS.CpuUsage];
  return user + system;
}

/** Asks so often, on several connections, each for the next answer when the one before is there. */
async function load(port: number, bytes: number, count: number): Promise<void> {
  const request = Buffer.alloc(4);
  request.writeUInt32BE(bytes);
  let left = count;
  await Promise.all(Array.from({ length: CONNECTIONS }, run));

  async function run(): Promise<void> {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
    socket.setNoDelay(true);
    let due = 0;
    const next = (): void => {
      due = bytes;
      if (left-- > 0) socket.write(request);
      else socket.destroy();
    };
    socket.on('secureConnect', next);
    socket.on('data', (chunk) => {
      due -= chunk.length;
      if (due === 0) next();
    });
    await once(socket, 'close');
  }
}
