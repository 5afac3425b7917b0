import { randomBytes } from 'node:crypto';
import { queryValue, readOwnedField } from '@sluice/codec-http';
import type { HttpRequestMessage } from '@sluice/filters';
import { clientAddress } from '@sluice/handler-connection';
import { xxHash64OfText } from '@sluice/load-balancing';
import type { Hash64 } from '@sluice/load-balancing';
import type { CookiePolicy, HashPolicy } from './hash-policy.ts';
import type { ServerChoice } from './server-choice.ts';

const COOKIE_BYTES = 16;

/** Makes the hash of a request from what the policies name. */
export class RequestHasher {
  readonly #policies: readonly HashPolicy[];

  constructor(policies: readonly HashPolicy[]) {
    this.#policies = policies;
  }

  /** No hash when the request has nothing of what the policies name. */
  choiceFor(request: HttpRequestMessage): ServerChoice {
    let hashKey: Hash64 | undefined = undefined;
    let newCookie: string | undefined = undefined;
    for (const policy of this.#policies) {
      let value = valueOf(policy, request);
      if (value === undefined && policy.type === 'cookie' && policy.ttlMs !== undefined) {
        value = randomBytes(COOKIE_BYTES).toString('hex');
        newCookie = setCookie(policy, value, policy.ttlMs);
      }
      if (value === undefined) continue;
      const hash = xxHash64OfText(value);
      hashKey = hashKey === undefined ? hash : hashKey.combinedWith(hash);
      if (policy.isTerminal) break;
    }
    return { hashKey, newCookie };
  }
}

function valueOf(policy: HashPolicy, request: HttpRequestMessage): string | undefined {
  switch (policy.type) {
    case 'header':
      return headerOf(request, policy.name);
    case 'cookie':
      return request.cookie(policy.name);
    case 'query':
      return queryValue(request.query, policy.name);
    default:
      return clientAddress(request.context.channel);
  }
}

// Several fields of one name count in any order.
function headerOf({ headers, outboundRequest }: HttpRequestMessage, name: string): string | undefined {
  const values = headers.getAll(name);
  return values.length === 0 ? readOwnedField(outboundRequest, name) : values.toSorted().join(',');
}

function setCookie({ name, path = '/', isSecure }: CookiePolicy, value: string, ttlMs: number): string {
  const age = ttlMs === 0 ? '' : `; Max-Age=${Math.ceil(ttlMs / 1000)}`;
  return `${name}=${value}${age}; Path=${path}; HttpOnly${isSecure ? '; Secure' : ''}`;
}
