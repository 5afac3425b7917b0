import type { AdminToken } from './admin-token.ts';

/** Who may ask the admin listener, and change what. */
export class AdminOptions {
  /** What a change must bring. Default: none, and no change is made. */
  readonly token: AdminToken | undefined = undefined;
  /**
   * Names, in lower case, that a request may have as its host, beside IP addresses and `localhost`.
   * Any other is refused: a page in a browser of this machine could have made its own name lead here
   * (DNS rebinding). Default: none.
   */
  readonly allowedHosts: readonly string[] = [];
}
