import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPeer } from '../support/process/find-program.ts';
import { freePort } from '../support/process/free-port.ts';

/** A server whose view of a request is compared with ours. */
export interface Peer {
  readonly name: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Node's own server, and nginx and HAProxy where they are installed; each answers every request by itself. */
export async function startPeers(): Promise<readonly Peer[]> {
  const nginx = findPeer('nginx');
  const haproxy = findPeer('haproxy');
  return await Promise.all([
    startNode(),
    ...(nginx === undefined ? [] : [startProgram('nginx', nginx, nginxSettings)]),
    ...(haproxy === undefined ? [] : [startProgram('haproxy', haproxy, haproxySettings)]),
  ]);
}

async function startNode(): Promise<Peer> {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.end('ok'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    name: 'node',
    port: (server.address() as AddressInfo).port,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

interface Settings {
  readonly text: string;
  readonly args: readonly string[];
}

async function startProgram(
  name: string,
  program: string,
  settings: (folder: string, port: number) => Settings,
): Promise<Peer> {
  const folder = mkdtempSync(join(tmpdir(), `sluice-${name}-`));
  const port = await freePort();
  const { text, args } = settings(folder, port);
  writeFileSync(join(folder, 'settings'), text);
  const child = spawn(program, args, { stdio: 'ignore' });
  const exited = once(child, 'close');
  await Promise.race([
    untilListening(port),
    exited.then(([code]) => Promise.reject(new Error(`${name} ended: ${String(code)}`))),
  ]);
  return {
    name,
    port,
    async stop() {
      child.kill('SIGKILL');
      await exited;
      rmSync(folder, { recursive: true });
    },
  };
}

function nginxSettings(folder: string, port: number): Settings {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/tmp;`,
  );
  const text = `daemon off; master_process off; pid ${folder}/pid; error_log /dev/null;
events {}
http { access_log off; ${temporary.join(' ')}
  upstream itself { server 127.0.0.1:${port}; }
  server { listen 127.0.0.1:${port}; return 200 ok; } }
`;
  return { text, args: ['-p', folder, '-c', 'settings', '-e', 'stderr'] };
}

function haproxySettings(folder: string, port: number): Settings {
  const text = `defaults
  mode http
  timeout client 5s
  timeout connect 5s
  timeout server 5s
frontend all
  bind 127.0.0.1:${port}
  http-request wait-for-body time 1s at-least 1m if { req.hdr_cnt(content-length) gt 0 } or { req.hdr_cnt(transfer-encoding) gt 0 }
  http-request return status 200 content-type text/plain string ok
`;
  return { text, args: ['-db', '-f', join(folder, 'settings')] };
}

/** Tries until someone takes a connection; a refusal takes a turn of the event loop. */
async function untilListening(port: number): Promise<void> {
  for (;;) {
    const socket = connect({ host: '127.0.0.1', port });
    const isTaken = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (isTaken) return;
  }
}
