import { Buffer } from 'node:buffer';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readPem } from './pem-files.ts';
import type { CertificateSource } from './server-ssl-options.ts';
import { TlsConfigError } from './tls-errors.ts';

/** A certificate that a listener shows, with its key and the names it is made out to. */
export class Certificate {
  /** Where it comes from, for messages: a file, or its subject. */
  readonly source: string;
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly x509: X509Certificate;
  /** In lower case; `*.example.com` for a wildcard. */
  readonly names: readonly string[];

  private constructor(source: string, cert: Buffer, key: Buffer, x509: X509Certificate) {
    this.source = source;
    this.cert = cert;
    this.key = key;
    this.x509 = x509;
    this.names = namesOf(x509);
  }

  /** Throws a {@link TlsConfigError} when a file can't be read, is no PEM, or the key is another one's. */
  static load(source: CertificateSource): Certificate {
    const isFile = 'certFile' in source;
    const cert = isFile ? readPem('certificate file', source.certFile) : Buffer.from(source.cert);
    const key = isFile ? readPem('key file', source.keyFile) : Buffer.from(source.key);
    const certName = isFile ? `certificate file "${source.certFile}"` : 'certificate';
    const keyName = isFile ? `key file "${source.keyFile}"` : 'key';
    const x509 = parse(certName, 'certificate', () => new X509Certificate(cert));
    const privateKey = parse(keyName, 'private key without a passphrase', () => createPrivateKey(key));
    if (!isKeyOf(x509, privateKey)) {
      throw new TlsConfigError(
        `The ${keyName} does not belong to the ${certName}. Name the key that the certificate was made with.`,
      );
    }
    return new Certificate(isFile ? source.certFile : x509.subject, cert, key, x509);
  }

  /** The end of its validity. */
  get notAfter(): Date {
    return new Date(this.x509.validTo);
  }
}

function parse<T>(name: string, kind: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new TlsConfigError(`The ${name} holds no ${kind} in PEM.`, cause);
  }
}

function isKeyOf(x509: X509Certificate, key: KeyObject): boolean {
  try {
    return x509.checkPrivateKey(key);
  } catch {
    return false;
  }
}

// RFC 6125 §6.4.4: the common name counts only where there are no alternative names.
function namesOf({ subjectAltName, subject }: X509Certificate): readonly string[] {
  const alternatives = (subjectAltName ?? '').split(', ').flatMap((entry) => dnsName(entry, /^DNS:(.+)$/));
  if (alternatives.length > 0 || subjectAltName !== undefined) return alternatives;
  return subject.split('\n').flatMap((line) => dnsName(line, /^CN=(.+)$/));
}

// A wildcard stands for one whole label, the first.
function dnsName(text: string, pattern: RegExp): readonly string[] {
  const name = pattern.exec(text)?.[1]?.toLowerCase() ?? '';
  return /^(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/.test(name) ? [name] : [];
}
