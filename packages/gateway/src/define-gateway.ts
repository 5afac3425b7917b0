import type { DeclaredList, GatewayDeclaration } from './gateway-declaration.ts';

/**
 * A declaration, as it is: for one that stands in a module of its own. Editors complete its keys, and
 * the compiler checks the order of its handler lists, which an array in a variable would have lost.
 */
export function defineGateway<
  const Listeners extends readonly DeclaredList[],
  const OriginHandlers extends DeclaredList,
>(declaration: GatewayDeclaration<Listeners, OriginHandlers>): GatewayDeclaration;
export function defineGateway(declaration: GatewayDeclaration): GatewayDeclaration {
  return declaration;
}
