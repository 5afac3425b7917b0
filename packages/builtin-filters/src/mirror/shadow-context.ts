import { SessionContext } from '@sluice/filters';
import type { Passport } from '@sluice/passport';

/** The context of a copy: of the same connection, but what becomes of it is not in the client's records. */
export class ShadowContext extends SessionContext {
  override readonly passport: Passport | undefined = undefined;

  constructor(of: SessionContext, origin: string) {
    super(of.channel, of.startedAt);
    this.origin = origin;
    this.requestId = of.requestId;
    this.routeName = of.routeName;
  }
}
