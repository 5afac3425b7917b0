import { isUnixPath, MAX_UNIX_PATH_BYTES } from '@sluice/core';
import { parseAddress } from './parse-address.ts';
import { z } from 'zod';

/** An address to listen on, as text. */
export const addressSchema = z
  .string()
  .refine((text) => parseAddress(text) !== undefined, {
    error: 'expected HOST:PORT, [IPV6]:PORT or unix:/path, like 127.0.0.1:8080',
  })
  .refine(hasRoom, {
    error: `expected a path of at most ${MAX_UNIX_PATH_BYTES} bytes behind unix:`,
  })
  .meta({ description: 'HOST:PORT, [IPV6]:PORT or unix:/path.', examples: ['127.0.0.1:8080'] });

/** An address to connect to. */
export const serverAddressSchema = addressSchema.refine((text) => !hasPortZero(text), {
  error: 'expected a port from 1 on, since nobody can connect to port 0',
});

function hasPortZero(text: string): boolean {
  const address = parseAddress(text);
  return address !== undefined && 'port' in address && address.port === 0;
}

function hasRoom(text: string): boolean {
  const address = parseAddress(text);
  return address === undefined || !('path' in address) || isUnixPath(address.path);
}
