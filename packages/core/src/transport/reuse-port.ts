/** The first versions of Node.js that take `reusePort`, by their major one; later ones have it from the start. */
const FIRST_MINOR: Readonly<Record<number, number>> = { 22: 12, 23: 1 };
const LAST_WITHOUT = 21;

/** Whether Node.js can have several sockets listen on one port, each with a queue of its own. */
export function canReusePort(version = process.versions.node): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > LAST_WITHOUT && minor >= (FIRST_MINOR[major] ?? 0);
}
