/** A message, event or error that no handler can know. */
export class Foreign extends Error {
  override readonly name = 'Foreign';
}
