import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { TlsFiles } from './peer.ts';

/** Makes the certificate that all peers show: P-256, as most of the web does. Throws when openssl is not there. */
export function makeTlsFiles(directory: string): TlsFiles {
  const files = { certFile: join(directory, 'cert.pem'), keyFile: join(directory, 'key.pem') };
  const key = [
    '-nodes',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-keyout',
    files.keyFile,
  ];
  const names = ['-subj', '/CN=bench.test', '-addext', 'subjectAltName=DNS:bench.test'];
  const args = ['req', '-x509', '-days', '2', ...key, ...names, '-out', files.certFile];
  const { status, error, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl could not make a certificate: ${error?.message ?? stderr}`);
  return files;
}
