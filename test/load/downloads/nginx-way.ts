import { join } from 'node:path';
import { findProgram } from '../../support/process/find-program.ts';
import { freePort } from '../../support/process/free-port.ts';
import { nginxCommand } from '../../support/process/nginx-command.ts';
import { waitUntilReady } from '../../support/process/wait-until-ready.ts';
import type { LoadBench } from '../load-bench.ts';
import type { LoadOrigin } from '../origin/load-origin.ts';
import type { Way } from './mixed-load.ts';

/** Starts nginx with one worker in front of the two origins; undefined where it is not installed. */
export async function nginxWay(
  { processes, directory }: LoadBench,
  small: LoadOrigin,
  large: LoadOrigin,
): Promise<Way | undefined> {
  const file = findProgram('nginx');
  if (file === undefined) return undefined;
  const port = await freePort();
  const command = nginxCommand(file, directory, proxies(port, small, large));
  const started = processes.start({ name: 'nginx', ...command, logFile: join(directory, 'nginx.log') });
  await waitUntilReady(started, port);
  return { name: 'nginx', smallPort: port, downloadPort: port };
}

function proxies(port: number, small: LoadOrigin, large: LoadOrigin): string {
  const proxied = 'proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host;';
  return `access_log off;
  upstream small { server 127.0.0.1:${small.port}; keepalive 256; keepalive_requests 1000000000; }
  upstream large { server 127.0.0.1:${large.port}; keepalive 256; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / { proxy_pass http://small; ${proxied} }
    location /stream/ { proxy_pass http://large; ${proxied} }
  }`;
}
