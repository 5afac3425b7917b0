import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServerSslContext, TlsConfigError } from '@sluice/handler-tls';
import type { ServerSslOptions } from '@sluice/handler-tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openssl, TestCa } from '../../../test/support/certificates.ts';
import type { CertificateFiles } from '../../../test/support/certificates.ts';

describe.skipIf(openssl === undefined)('ServerSslContext', () => {
  let ca: TestCa;
  let first: CertificateFiles;
  let second: CertificateFiles;

  beforeAll(() => {
    ca = new TestCa();
    first = ca.issue(['DNS:a.test', 'DNS:*.A.test', 'IP:127.0.0.1'], 'first');
    second = ca.issue([], 'b.test');
  });

  afterAll(() => ca.remove());

  it('takes the names of certificates from their alternative names, or else from the common name', () => {
    const { certificates } = new ServerSslContext({ certificates: [first, second] });

    expect(certificates.map(({ names }) => names)).toEqual([['a.test', '*.a.test'], ['b.test']]);
  });

  it('says when nothing has changed', () => {
    const context = new ServerSslContext({ certificates: [ca.issue(['DNS:a.test'])] });

    expect(context.reload()).toBe(false);
  });

  it('has the new certificate after a reload', () => {
    const own = ca.issue(['DNS:a.test'], 'old');
    const context = new ServerSslContext({ certificates: [own] });
    ca.renew(own, ['DNS:b.test'], 'new');

    expect(context.reload()).toBe(true);
    expect(context.certificates[0]?.names).toEqual(['b.test']);
  });

  it('keeps the old certificate when the key belongs to another one, as between two writes', () => {
    const own = ca.issue(['DNS:a.test'], 'old');
    const context = new ServerSslContext({ certificates: [own] });
    const before = context.certificates[0];
    ca.renew({ ...own, keyFile: join(ca.folder, 'later.pem') }, ['DNS:b.test']);

    expect(() => context.reload()).toThrow(TlsConfigError);
    expect(context.certificates[0]).toBe(before);
  });

  it.each<[string, () => Partial<ServerSslOptions>, RegExp]>([
    ['no certificate', () => ({}), /A TLS listener needs a certificate and its key\./],
    [
      'a file that is not there',
      () => ({ certificates: [{ ...first, certFile: '/nowhere.pem' }] }),
      /certificate file "\/nowhere\.pem" can't be read: there is no such file\. Name a PEM file\./,
    ],
    [
      'a folder',
      () => ({ certificates: [{ ...first, keyFile: ca.folder }] }),
      /key file ".*" can't be read: it is a directory/,
    ],
    [
      'a key in the place of a certificate',
      () => ({ certificates: [{ ...first, certFile: first.keyFile }] }),
      /certificate file ".*" holds no certificate in PEM\./,
    ],
    [
      'a certificate in the place of a key',
      () => ({ certificates: [{ ...first, keyFile: first.certFile }] }),
      /key file ".*" holds no private key without a passphrase in PEM\./,
    ],
    [
      'the key of another certificate',
      () => ({ certificates: [{ ...first, keyFile: second.keyFile }] }),
      /key file ".*" does not belong to the certificate file ".*"\. Name the key that/,
    ],
    [
      'client certificates without a CA',
      () => ({ certificates: [first], clientAuth: 'REQUIRE' }),
      /Client certificates need the CA that they come from/,
    ],
    [
      'a CA of clients that are not asked for a certificate',
      () => ({ certificates: [first], clientAuth: 'NONE', clientCa: [{ file: ca.caFile }] }),
      /There is a CA for client certificates, but clientAuth is NONE: nobody is asked for one\./,
    ],
    [
      'a CA file without a certificate',
      () => ({ certificates: [first], clientAuth: 'REQUIRE', clientCa: [{ file: emptyFile() }] }),
      /CA file ".*" holds no certificate in PEM\./,
    ],
    [
      'ticket keys of a wrong length',
      () => ({ certificates: [first], ticketKeys: Buffer.alloc(16) }),
      /Ticket keys are 48 bytes; got 16\./,
    ],
    [
      'ciphers that OpenSSL does not know',
      () => ({ certificates: [first], ciphers: 'NOTHING' }),
      /OpenSSL does not take ".*" with these TLS settings: .*cipher/i,
    ],
  ])('refuses %s', (_what, options, message) => {
    expect(() => new ServerSslContext(options())).toThrow(message);
  });

  function emptyFile(): string {
    const file = join(ca.folder, 'empty.pem');
    writeFileSync(file, '');
    return file;
  }
});
