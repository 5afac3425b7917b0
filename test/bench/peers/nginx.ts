import { findProgram } from '../../support/process/find-program.ts';
import { nginxCommand } from '../../support/process/nginx-command.ts';
import type { Peer, PeerSetting, TlsFiles } from './peer.ts';
import { checkProgram } from './system-program.ts';

/** nginx with one worker and a pool of kept-alive connections to the origin: the yardstick of the comparison. */
export const nginx: Peer = {
  name: 'nginx',
  speaksTls: true,
  check: () => checkProgram('nginx'),
  command: (setting) => nginxCommand(findProgram('nginx') ?? 'nginx', setting.directory, proxy(setting)),
};

function proxy({ port, originPort, directory, accessLog, tls }: PeerSetting): string {
  return `access_log ${accessLog ? `${directory}/access.log` : 'off'};
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
  }`;
}

function tlsDirectives({ certFile, keyFile }: TlsFiles): string {
  return `ssl_certificate ${certFile}; ssl_certificate_key ${keyFile}; ssl_protocols TLSv1.2 TLSv1.3;`;
}
