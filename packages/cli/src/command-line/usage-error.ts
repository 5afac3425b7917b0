/** The command line can't be followed; the message says what to write instead. Ends the program with 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
