/**
 * Fields of a message that is to be made: `[name, value]` pairs, of which a name may have several, as an HttpHeaders has
 * them, or an object with one value for each name.
 */
export type HeaderFields =
  | Iterable<readonly [name: string, value: string]>
  | Readonly<Record<string, string>>;
