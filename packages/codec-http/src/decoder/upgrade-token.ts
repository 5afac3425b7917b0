import { someListElement } from '../grammar/list-tokens.ts';

/** The first protocol of an Upgrade field (RFC 9110 §7.8) that is in `allowed`, in lower case; undefined for none. */
export function chooseUpgrade(field: string, allowed: readonly string[]): string | undefined {
  let chosen: string | undefined;
  someListElement(field.toLowerCase(), (protocol) => {
    if (!allowed.includes(protocol)) return false;
    chosen = protocol;
    return true;
  });
  return chosen;
}
