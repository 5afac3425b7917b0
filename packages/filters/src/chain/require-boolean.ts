/**
 * What a filter, or a constraint of one, has answered. Untyped code returns anything, a Promise too, and whether it means yes
 * or no is not known. Throws a TypeError then.
 */
export function requireBoolean(answer: unknown, method: string, filter: string): boolean {
  if (typeof answer !== 'boolean') throw new TypeError(`${method} of ${filter} returned no boolean.`);
  return answer;
}
