import type { HttpRequest } from '@sluice/codec-http';
import type { PathMatcher } from '../match/path-matcher.ts';
import { pathRewrite } from './path-rewrite.ts';
import type { PathRewrite, PathRewriteConfig } from './path-rewrite.ts';

export interface RedirectConfig extends PathRewriteConfig {
  readonly scheme?: Scheme | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly stripQuery?: boolean | undefined;
  readonly status?: number | undefined;
}

type Scheme = 'http' | 'https';

const DEFAULT_PORTS = { http: 80, https: 443 } as const;
const MOVED_PERMANENTLY = 301;

/** Where a request is sent on to. */
export class Redirect {
  readonly status: number;
  readonly #config: RedirectConfig;
  readonly #rewrite: PathRewrite | undefined;

  constructor(config: RedirectConfig, matcher: PathMatcher) {
    this.status = config.status ?? MOVED_PERMANENTLY;
    this.#config = config;
    this.#rewrite = pathRewrite(config, matcher);
  }

  get changesPath(): boolean {
    return this.#rewrite !== undefined;
  }

  /**
   * The value of `Location`: a path when only that changes, so that it holds behind other proxies; else
   * a URL. `ownScheme`: of the URL that was asked for.
   */
  locationOf(request: HttpRequest, ownScheme: Scheme): string {
    const { scheme, host, port, stripQuery = false } = this.#config;
    const target =
      this.#pathOf(request) + (stripQuery || request.query === undefined ? '' : `?${request.query}`);
    if (scheme === undefined && host === undefined && port === undefined) return target;
    const newScheme = scheme ?? ownScheme;
    return `${newScheme}://${host ?? request.host}${this.#portOf(request, ownScheme, newScheme)}${target}`;
  }

  #pathOf({ path }: HttpRequest): string {
    const own = path === '*' ? '/' : path;
    const changed = this.#rewrite?.(own) ?? own;
    // Two slashes at the start would name a host of the client's choice (RFC 3986 §4.2).
    return changed.startsWith('//') ? changed.replace(/^\/+/, '/') : changed;
  }

  // Another host has ports of its own. The default port of either scheme is none that was asked for.
  #portOf(request: HttpRequest, ownScheme: Scheme, newScheme: Scheme): string {
    const { host, port } = this.#config;
    const isOwn = host === undefined && request.port !== DEFAULT_PORTS[ownScheme];
    const chosen = port ?? (isOwn ? request.port : undefined);
    return chosen === undefined || chosen === DEFAULT_PORTS[newScheme] ? '' : `:${chosen}`;
  }
}
