const COPIES = Symbol.for('@sluice/core:copies');

interface Copies {
  [COPIES]?: Set<string>;
}

const copies = ((globalThis as Copies)[COPIES] ??= new Set<string>());
copies.add(import.meta.url);

/**
 * The modules that this process has this package from. Where there is more than one, as when a bundle and a plugin bring
 * theirs, messages, events and attributes of one copy are unknown to what the other has made.
 */
export function loadedCopies(): readonly string[] {
  return [...copies];
}
