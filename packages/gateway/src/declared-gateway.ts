import type { DeclaredList, GatewayDeclaration } from './gateway-declaration.ts';
import { Gateway as GatewayClass } from './gateway.ts';

/** The constructor of a {@link Gateway}: it takes a declaration only if the compiler finds its handler lists in order. */
export interface GatewayConstructor {
  readonly prototype: Gateway;
  new <const Listeners extends readonly DeclaredList[], const OriginHandlers extends DeclaredList>(
    declaration: GatewayDeclaration<Listeners, OriginHandlers>,
  ): Gateway;
}

// The constructor in a class can't have type parameters but those of the class, and a gateway has no use for them.
export type Gateway = GatewayClass;
export const Gateway: GatewayConstructor = GatewayClass;
