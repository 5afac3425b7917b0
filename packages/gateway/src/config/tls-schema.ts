import { ClientSslOptions, ServerSslOptions } from '@sluice/handler-tls';
import { z } from 'zod';

const file = z.string().min(1);
const ca = z.array(file).default([]);
const certificateSchema = z.strictObject({
  certFile: file.describe('A PEM file with the certificate and its chain.'),
  keyFile: file.describe('A PEM file with its key.'),
});
const versions = z.enum(['TLSv1.2', 'TLSv1.3']);
const ciphers = z
  .string()
  .min(1)
  .optional()
  .describe('In the notation of OpenSSL. Default: those of Node.js.');

const server = new ServerSslOptions();
const client = new ClientSslOptions();

/** The TLS of a listener. Paths are relative to where the program was started. */
export const serverTlsSchema = z.strictObject({
  certificates: z
    .array(certificateSchema)
    .min(1)
    .describe(
      'Names come from the certificates; the first one is for clients that name no server, or an unknown one.',
    ),
  clientAuth: z
    .enum(['NONE', 'OPTIONAL', 'REQUIRE'])
    .optional()
    .describe(
      'Whether clients are asked for a certificate, and must have one. Default: REQUIRE with a clientCa, else NONE.',
    ),
  clientCa: ca.describe('PEM files with the authorities of the certificates of clients.'),
  minVersion: versions.default(server.minVersion),
  ciphers,
  unknownServerName: z
    .enum(['default', 'refuse'])
    .default(server.unknownServerName)
    .describe('What a client gets that asks for a name without a certificate.'),
  sessionTimeoutS: z
    .int()
    .min(1)
    .default(server.sessionTimeoutS)
    .describe('How long a session can be taken up again, in seconds.'),
});

/** The TLS of an origin. */
export const clientTlsSchema = z.strictObject({
  serverName: z
    .string()
    .min(1)
    .optional()
    .describe('The name to ask for and to find in the certificate. Default: the host of the server.'),
  ca: ca.describe('PEM files with the authorities of its certificate. Default: those of Node.js.'),
  certificate: certificateSchema.optional().describe('What to show when the server asks for one.'),
  minVersion: versions.default(client.minVersion),
  ciphers,
});

export function serverTlsOptions({
  clientCa,
  ...options
}: z.output<typeof serverTlsSchema>): Partial<ServerSslOptions> {
  return { ...defined(options), clientCa: clientCa.map((path) => ({ file: path })) };
}

export function clientTlsOptions({
  ca: files,
  ...options
}: z.output<typeof clientTlsSchema>): Partial<ClientSslOptions> {
  return { ...defined(options), ca: files.map((path) => ({ file: path })) };
}

function defined<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
