import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPeer } from './process/find-program.ts';

/** The program that makes the certificates; undefined where it is not installed. */
export const openssl = findPeer('openssl');

export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** A certificate authority that lives for one test file, in a folder of its own unless one is given. */
export class TestCa {
  readonly folder: string;
  readonly caFile: string;
  readonly #caKeyFile: string;
  #issued = 0;

  constructor(name = 'Test CA', folder = mkdtempSync(join(tmpdir(), 'sluice-tls-'))) {
    this.folder = folder;
    this.caFile = join(folder, 'ca.pem');
    this.#caKeyFile = join(folder, 'ca-key.pem');
    make([...SELF_SIGNED, '-subj', `/CN=${name}`, '-keyout', this.#caKeyFile, '-out', this.caFile]);
  }

  /** Its own certificate. */
  get pem(): Buffer {
    return readFileSync(this.caFile);
  }

  /** A certificate with these alternative names: `DNS:a.test`, `IP:127.0.0.1`. */
  issue(names: readonly string[], commonName = 'test'): CertificateFiles {
    const at = String((this.#issued += 1));
    const certFile = join(this.folder, `cert-${at}.pem`);
    const keyFile = join(this.folder, `key-${at}.pem`);
    const files = { certFile, keyFile };
    this.renew(files, names, commonName);
    return files;
  }

  /** Puts a new certificate, with a new key, into the files of an earlier one. */
  renew({ certFile, keyFile }: CertificateFiles, names: readonly string[], commonName = 'test'): void {
    const signed = ['-CA', this.caFile, '-CAkey', this.#caKeyFile];
    const extensions = names.length > 0 ? ['-addext', `subjectAltName=${names.join(',')}`] : [];
    const plain = ['-addext', 'basicConstraints=critical,CA:FALSE'];
    const files = ['-keyout', keyFile, '-out', certFile];
    make([...SELF_SIGNED, ...signed, '-subj', `/CN=${commonName}`, ...plain, ...extensions, ...files]);
  }

  /** Puts a certificate into the files of an earlier one that has expired since a day. */
  expire({ certFile, keyFile }: CertificateFiles, names: readonly string[], commonName = 'test'): void {
    const request = join(this.folder, 'request.pem');
    const extensions = join(this.folder, 'extensions.conf');
    writeFileSync(extensions, `basicConstraints=critical,CA:FALSE\nsubjectAltName=${names.join(',')}\n`);
    make(['req', '-new', ...NEW_KEY, '-subj', `/CN=${commonName}`, '-keyout', keyFile, '-out', request]);
    const signed = ['-CA', this.caFile, '-CAkey', this.#caKeyFile, '-CAcreateserial', '-days', '-1'];
    make(['x509', '-req', '-in', request, ...signed, '-extfile', extensions, '-out', certFile]);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

// Elliptic keys: made in a moment.
const NEW_KEY = ['-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
const SELF_SIGNED = ['req', '-x509', '-days', '2', ...NEW_KEY];

function make(args: readonly string[]): void {
  if (openssl === undefined) throw new Error('openssl is not installed.');
  execFileSync(openssl, args, { stdio: 'pipe' });
}
