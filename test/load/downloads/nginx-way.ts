import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../../bench/peers/system-program.ts';
import { freePort } from '../../support/process/free-port.ts';
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
  const configuration = join(directory, 'nginx.conf');
  writeFileSync(configuration, configurationOf(port, small, large, directory));
  const args = ['-p', directory, '-c', configuration, '-e', join(directory, 'nginx-error.log')];
  const started = processes.start({ name: 'nginx', file, args, logFile: join(directory, 'nginx.log') });
  await waitUntilReady(started, port);
  return { name: 'nginx', smallPort: port, downloadPort: port };
}

function configurationOf(port: number, small: LoadOrigin, large: LoadOrigin, directory: string): string {
  // Started by root, workers would change to a user that may not enter the temporary directory.
  const user = process.getuid?.() === 0 ? `user ${userInfo().username};` : '';
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${directory}/nginx-${kind};`,
  );
  const proxied = 'proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host;';
  return `${user}
daemon off;
worker_processes 1;
pid ${directory}/nginx.pid;
events { worker_connections 4096; }
http {
  access_log off;
  ${paths.join('\n  ')}
  proxy_max_temp_file_size 0;
  keepalive_requests 1000000000;
  upstream small { server 127.0.0.1:${small.port}; keepalive 256; keepalive_requests 1000000000; }
  upstream large { server 127.0.0.1:${large.port}; keepalive 256; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / { proxy_pass http://small; ${proxied} }
    location /stream/ { proxy_pass http://large; ${proxied} }
  }
}
`;
}
