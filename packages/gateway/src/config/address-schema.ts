import { parseAddress } from './parse-address.ts';
import { z } from 'zod';

/** An address to listen on or to connect to, as text. */
export const addressSchema = z
  .string()
  .refine((text) => parseAddress(text) !== undefined, {
    error: 'expected HOST:PORT, [IPV6]:PORT or unix:/path, like 127.0.0.1:8080',
  })
  .meta({ description: 'HOST:PORT, [IPV6]:PORT or unix:/path.', examples: ['127.0.0.1:8080'] });
