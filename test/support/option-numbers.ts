/** Reads a number of the command line; throws an error for people on any other text. */
export function positiveNumber(option: string, text: string, most: number): number {
  const number = Number(text);
  if (number > 0 && number <= most) return number;
  throw new Error(`--${option} must be a number above 0 and at most ${most}, not "${text}"`);
}

/** The same for a number without a fraction. */
export function wholeNumber(option: string, text: string, most: number): number {
  const number = positiveNumber(option, text, most);
  if (Number.isInteger(number)) return number;
  throw new Error(`--${option} must be a whole number, not "${text}"`);
}
