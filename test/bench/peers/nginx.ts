import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Peer, PeerSetting, TlsFiles } from './peer.ts';
import { checkProgram, findProgram } from './system-program.ts';

/** nginx with one worker and a pool of kept-alive connections to the origin: the yardstick of the comparison. */
export const nginx: Peer = {
  name: 'nginx',
  speaksTls: true,
  check: () => checkProgram('nginx'),
  command(setting) {
    const configuration = join(setting.directory, 'nginx.conf');
    writeFileSync(configuration, nginxConfiguration(setting));
    const args = ['-p', setting.directory, '-c', configuration, '-e', join(setting.directory, 'error.log')];
    return { file: findProgram('nginx') ?? 'nginx', args };
  },
};

function nginxConfiguration({ port, originPort, directory, accessLog, tls }: PeerSetting): string {
  // Started by root, workers would change to a user that may not enter the temporary directory.
  const user = process.getuid?.() === 0 ? `user ${userInfo().username};` : '';
  // Its own limit of 1000 requests a connection would close pooled connections in the middle of a round.
  return `${user}
daemon off;
worker_processes 1;
pid ${directory}/nginx.pid;
events { worker_connections 4096; }
http {
  access_log ${accessLog ? `${directory}/access.log` : 'off'};
  client_body_temp_path ${directory}/body;
  proxy_temp_path ${directory}/proxy;
  fastcgi_temp_path ${directory}/fastcgi;
  uwsgi_temp_path ${directory}/uwsgi;
  scgi_temp_path ${directory}/scgi;
  proxy_max_temp_file_size 0;
  keepalive_requests 1000000000;
  upstream origin {
    server 127.0.0.1:${originPort};
    keepalive 256;
    keepalive_requests 1000000000;
  }
  server {
    listen 127.0.0.1:${port} ${tls ? 'ssl' : ''} backlog=1024;
    ${tls ? tlsDirectives(tls) : ''}
    location / {
      proxy_pass http://origin;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header Via "1.1 nginx";
    }
  }
}
`;
}

function tlsDirectives({ certFile, keyFile }: TlsFiles): string {
  return `ssl_certificate ${certFile}; ssl_certificate_key ${keyFile}; ssl_protocols TLSv1.2 TLSv1.3;`;
}
