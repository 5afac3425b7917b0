import type { HttpHeaders } from '@sluice/codec-http';
import { HttpStatusError } from '@sluice/filters';
import type { AdminToken } from './admin-token.ts';

// RFC 6750 §2.1; the scheme in any case (RFC 9110 §11.1).
const BEARER = /^bearer +(?<token>\S{1,1024})$/i;
const CHALLENGE = 'Bearer realm="sluice admin"';

const NO_TOKEN =
  'Changes are turned off: no token is configured. Start the program with --admin-token-file FILE, or with SLUICE_ADMIN_TOKEN in its environment.';

/** Throws an HttpStatusError unless the request has the token: 403 when none is configured, else 401 (RFC 6750 §3). */
export function requireToken(headers: HttpHeaders, token: AdminToken | undefined): void {
  if (token === undefined) throw new HttpStatusError(403, NO_TOKEN);
  const [field, ...more] = headers.getAll('authorization');
  if (field === undefined)
    throw unauthorized('A change takes a token: Authorization: Bearer TOKEN.', CHALLENGE);
  const candidate = more.length === 0 ? BEARER.exec(field)?.groups?.['token'] : undefined;
  if (candidate !== undefined && token.matches(candidate)) return;
  throw unauthorized('The token is wrong.', `${CHALLENGE}, error="invalid_token"`);
}

function unauthorized(message: string, challenge: string): HttpStatusError {
  return new HttpStatusError(401, message, { headers: [['www-authenticate', challenge]] });
}
