import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';

/** Of nginx that one worker of a directory of its own is run by. */
export type NginxCommand = { file: string; args: readonly string[] };

/**
 * Writes a configuration of nginx into a directory, and says how it is run: as a proxy with one worker, which keeps its
 * connections, and writes nowhere else. `http` is what there is besides, of upstreams, servers and logs.
 */
export function nginxCommand(file: string, directory: string, http: string): NginxCommand {
  const configuration = join(directory, 'nginx.conf');
  writeFileSync(configuration, configurationOf(directory, http));
  return { file, args: ['-p', directory, '-c', configuration, '-e', join(directory, 'error.log')] };
}

function configurationOf(directory: string, http: string): string {
  // Started by root, workers would change to a user that may not enter the temporary directory.
  const user = process.getuid?.() === 0 ? `user ${userInfo().username};` : '';
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${directory}/${kind};`,
  );
  // Its own limit of 1000 requests a connection would close pooled connections in the middle of a run.
  return `${user}
daemon off;
worker_processes 1;
pid ${directory}/nginx.pid;
events { worker_connections 4096; }
http {
  ${paths.join('\n  ')}
  proxy_max_temp_file_size 0;
  keepalive_requests 1000000000;
  ${http}
}
`;
}
