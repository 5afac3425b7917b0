import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../../support/process/find-program.ts';
import type { Peer, PeerSetting, TlsFiles } from './peer.ts';
import { checkProgram } from './system-program.ts';

/** HAProxy with one thread, sharing idle connections to the origin among all clients. */
export const haproxy: Peer = {
  name: 'haproxy',
  speaksTls: true,
  check: () => checkProgram('haproxy'),
  command(setting) {
    const configuration = join(setting.directory, 'haproxy.cfg');
    writeFileSync(configuration, haproxyConfiguration(setting));
    return { file: findProgram('haproxy') ?? 'haproxy', args: ['-db', '-f', configuration] };
  },
};

function haproxyConfiguration({ port, originPort, accessLog, directory, tls }: PeerSetting): string {
  return `global
  nbthread 1
  maxconn 4096
  ${accessLog ? 'log stdout format raw local0' : ''}
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  http-reuse always
  ${accessLog ? 'log global' : ''}
  ${accessLog ? 'option httplog' : ''}
frontend in
  bind 127.0.0.1:${port} backlog 1024 ${tls ? `ssl crt ${bundle(directory, tls)}` : ''}
  http-request set-header X-Forwarded-For %[src]
  http-request set-header X-Forwarded-Proto http
  http-request set-header X-Forwarded-Host %[req.hdr(host)]
  http-request add-header Via "1.1 haproxy"
  default_backend origin
backend origin
  server origin 127.0.0.1:${originPort}
`;
}

/** HAProxy takes the certificate and the key as one file. */
function bundle(directory: string, { certFile, keyFile }: TlsFiles): string {
  const file = join(directory, 'bundle.pem');
  writeFileSync(file, Buffer.concat([readFileSync(certFile), readFileSync(keyFile)]));
  return file;
}
