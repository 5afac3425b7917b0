import type { HttpHeaders } from '@sluice/codec-http';

const QUOTED = /^"(?<inner>.*)"$/;

/** The value of the first cookie of a name, without the quotes that may stand around it (RFC 6265 §4.1.1). */
export function cookieValue(headers: HttpHeaders, name: string): string | undefined {
  const prefix = `${name}=`;
  for (const field of headers.getAll('cookie')) {
    for (const pair of field.split(';')) {
      const text = pair.trim();
      if (text.startsWith(prefix)) return text.slice(prefix.length).replace(QUOTED, '$<inner>');
    }
  }
  return undefined;
}
