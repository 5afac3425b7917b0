/** A page as a list of words. The formatter widens tables; what counts is the words. */
export function words(text: string): readonly string[] {
  return text
    .replaceAll(/[|\s-]+/g, ' ')
    .trim()
    .split(' ');
}
