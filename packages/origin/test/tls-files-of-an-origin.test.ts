import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentLogger } from '@sluice/core';
import type { ClientSslOptions } from '@sluice/handler-tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openssl, TestCa } from '../../../test/support/certificates.ts';
import { Origin } from '../src/index.ts';
import type { OriginConfig } from '../src/index.ts';
import { embeddedConnector } from './support.ts';

describe.skipIf(openssl === undefined)('the files of the TLS of an origin', () => {
  let ca: TestCa;
  let tls: Partial<ClientSslOptions>;

  beforeEach(() => {
    ca = new TestCa();
    tls = { ca: [{ file: ca.caFile }], certificate: ca.issue([]) };
  });

  afterEach(() => rmSync(ca.folder, { recursive: true, force: true }));

  it('are those of the start for servers that come later', () => {
    const origin = originOf({ tls });
    ca.remove();
    origin.setServers([serverAt(1), serverAt(2)]);

    expect(origin.servers.map(({ name }) => name)).toEqual(['10.0.0.1:443', '10.0.0.2:443']);
    origin.close();
  });

  it('make it another origin when they hold something else', () => {
    const origin = originOf({ tls });
    const declared = (): boolean => origin.isDeclaredBy(configOf({ tls }));
    const files = tls.certificate;

    expect(declared()).toBe(true);
    if (files !== undefined && 'certFile' in files) ca.renew(files, []);
    expect(declared()).toBe(false);
    origin.close();
  });

  it('are refused when they can not be used any more', () => {
    const origin = originOf({ tls });
    writeFileSync(join(ca.folder, 'ca.pem'), 'nothing');

    expect(() => origin.isDeclaredBy(configOf({ tls }))).toThrow('holds no certificate in PEM');
    origin.close();
  });
});

function originOf(config: Partial<OriginConfig>): Origin {
  const connector = embeddedConnector();
  return new Origin(configOf(config), connector, connector.loop, { logger: silentLogger });
}

function configOf(config: Partial<OriginConfig>): OriginConfig {
  return { name: 'api', servers: [serverAt(1)], ...config };
}

function serverAt(last: number): { readonly host: string; readonly port: number } {
  return { host: `10.0.0.${last}`, port: 443 };
}
