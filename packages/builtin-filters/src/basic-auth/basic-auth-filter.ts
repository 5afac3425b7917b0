import { utf8ToLatin1 } from '@sluice/codec-http';
import { ContextKey, Filter, HttpStatusError } from '@sluice/filters';
import type { HttpRequestMessage, InboundFilter, SessionContext } from '@sluice/filters';
import { inject } from 'inversify';
import type { z } from 'zod';
import { EarlyRateLimitFilter } from '../rate-limit/early-rate-limit-filter.ts';
import { behind } from '../shared/behind.ts';
import { BasicAuthOptions } from './basic-auth-options.ts';
import type { basicAuthSchema } from './basic-auth-options.ts';
import { parseBasicCredentials } from './basic-credentials.ts';
import { CredentialVerifier } from './credential-verifier.ts';

/** The name of the user whose credentials were verified. */
export const AUTHENTICATED_USER: ContextKey<string> = new ContextKey('authenticated-user');

/** Lets in who has a name and a password (RFC 7617). Only for connections that nobody listens in on. */
@Filter({ type: 'inbound', name: 'basic-auth', after: behind(EarlyRateLimitFilter) })
export class BasicAuthFilter implements InboundFilter {
  readonly #options: BasicAuthOptions;
  readonly #verifier: CredentialVerifier;
  readonly #challenge: string;

  constructor(@inject(BasicAuthOptions) options: z.input<typeof basicAuthSchema> = {}) {
    this.#options = new BasicAuthOptions(options);
    this.#verifier = new CredentialVerifier(this.#options);
    this.#challenge = `Basic realm="${this.#options.realm}", charset="UTF-8"`;
  }

  apply(request: HttpRequestMessage, context: SessionContext): void | Promise<void> {
    const [value = '', ...others] = request.headers.getAll('authorization');
    const credentials = others.length === 0 ? parseBasicCredentials(value) : undefined;
    if (credentials === undefined) throw this.#refused();
    const isRight = this.#verifier.verify(credentials, context.channel.clock.now());
    if (isRight === undefined) throw tooBusy();
    if (isRight === true) this.#admit(request, credentials.user);
    else if (isRight === false) throw this.#refused();
    else return this.#admitLater(isRight, request, credentials.user);
  }

  async #admitLater(isRight: Promise<boolean>, request: HttpRequestMessage, user: string): Promise<void> {
    if (!(await isRight)) throw this.#refused();
    this.#admit(request, user);
  }

  #admit({ headers, context }: HttpRequestMessage, user: string): void {
    const { stripAuthorization, userField } = this.#options;
    context.set(AUTHENTICATED_USER, user);
    if (stripAuthorization) headers.delete('authorization');
    if (userField !== undefined) headers.set(userField, utf8ToLatin1(user));
  }

  #refused(): HttpStatusError {
    return new HttpStatusError(401, 'A user name and a password are needed.', {
      reason: 'http_request_denied',
      headers: [['www-authenticate', this.#challenge]],
    });
  }
}

function tooBusy(): HttpStatusError {
  return new HttpStatusError(503, 'Too many passwords are being verified.', {
    reason: 'proxy_internal_error',
    details: 'password_verification_limit',
    headers: [['retry-after', '1']],
  });
}
