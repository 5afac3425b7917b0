/**
 * The first value of a query parameter, decoded as forms are (`+` is a space), as most origins read it;
 * undefined when there is none.
 */
export function queryValue(query: string | undefined, name: string): string | undefined {
  if (query === undefined) return undefined;
  for (let start = 0; start <= query.length;) {
    const ampersand = query.indexOf('&', start);
    const end = ampersand === -1 ? query.length : ampersand;
    const equals = query.indexOf('=', start);
    const nameEnd = equals === -1 || equals > end ? end : equals;
    if (nameEnd > start && decoded(query.slice(start, nameEnd)) === name) {
      return decoded(query.slice(nameEnd + 1, end));
    }
    start = end + 1;
  }
  return undefined;
}

function decoded(text: string): string {
  if (!/[%+]/.test(text)) return text;
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    // What is not percent-encoded UTF-8 stands for itself.
    return spaced;
  }
}
