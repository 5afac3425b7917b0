import { canonicalHost } from '@sluice/codec-http';
import type { HttpRequest } from '@sluice/codec-http';
import type { Domain } from './domain.ts';

/** How a client speaks to the gateway. */
export type Scheme = 'http' | 'https';

/** The port of a Host field that names none (RFC 9110 §4.2.1, §4.2.2). */
const DEFAULT_PORTS: Readonly<Record<Scheme, number>> = { http: 80, https: 443 };

/** Finds what belongs to a host: exact before `*.example.com`, longest first, before `api.*`, before `*`. */
export class DomainIndex<T> {
  readonly #byKind: Readonly<Record<Domain['kind'], Map<string, T>>> = {
    exact: new Map(),
    suffix: new Map(),
    prefix: new Map(),
    any: new Map(),
  };
  #hasPorts = false;
  #size = 0;

  /** Returns what has this domain already; undefined when it was free and is taken now. */
  add({ kind, key, port }: Domain, value: T): T | undefined {
    const map = this.#byKind[kind];
    const full = port === undefined ? key : `${key}:${port}`;
    const known = map.get(full);
    if (known !== undefined) return known;
    if (port !== undefined) this.#hasPorts = true;
    map.set(full, value);
    this.#size++;
    return undefined;
  }

  /** A domain with a port comes before the same one without. */
  find(request: HttpRequest, scheme: Scheme): T | undefined {
    const { exact, any } = this.#byKind;
    // Most gateways serve every host alike.
    if (any.size === this.#size && !this.#hasPorts) return any.get('');
    const { host, port = DEFAULT_PORTS[scheme] } = request;
    const name = canonicalHost(host);
    return (
      this.#get(exact, name, port) ??
      this.#findSuffix(name, port) ??
      this.#findPrefix(name, port) ??
      this.#get(any, '', port)
    );
  }

  // The part that the asterisk stands for is not empty.
  #findSuffix(host: string, port: number): T | undefined {
    const { suffix } = this.#byKind;
    if (suffix.size === 0) return undefined;
    for (let dot = host.indexOf('.', 1); dot !== -1; dot = host.indexOf('.', dot + 1)) {
      const found = this.#get(suffix, host.slice(dot), port);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #findPrefix(host: string, port: number): T | undefined {
    const { prefix } = this.#byKind;
    if (prefix.size === 0) return undefined;
    for (let dot = host.lastIndexOf('.', host.length - 2); dot > 0; dot = host.lastIndexOf('.', dot - 1)) {
      const found = this.#get(prefix, host.slice(0, dot + 1), port);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #get(map: Map<string, T>, key: string, port: number): T | undefined {
    return (this.#hasPorts ? map.get(`${key}:${port}`) : undefined) ?? map.get(key);
  }
}
