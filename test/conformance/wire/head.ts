/** Bytes that are not an HTTP/1 message. */
export class MalformedMessageError extends Error {
  override readonly name = 'MalformedMessageError';
}

/** A field line, its name in lower case and its value without the white space around it. */
export interface Field {
  readonly name: string;
  readonly value: string;
}

/** Start line and field section of a message. */
export interface Head {
  readonly startLine: string;
  readonly fields: readonly Field[];
}

/** Reads a head without its closing empty line: CRLF only, no folding, no white space before a colon. */
export function parseHead(text: string): Head {
  const [startLine = '', ...lines] = linesOf(text);
  return { startLine, fields: lines.map(parseField) };
}

/** Reads the field lines of a trailer section. */
export function parseFields(text: string): readonly Field[] {
  return text === '' ? [] : linesOf(text).map(parseField);
}

/** Every value of a field, in order. */
export function valuesOf(fields: readonly Field[], name: string): readonly string[] {
  return fields.filter((field) => field.name === name).map((field) => field.value);
}

function linesOf(text: string): string[] {
  const lines = text.split('\r\n');
  const bad = lines.find((line) => /[\r\n\0]/.test(line));
  if (bad !== undefined) throw new MalformedMessageError(`bare CR, LF or NUL in ${JSON.stringify(bad)}`);
  return lines;
}

// RFC 9112 §5: field-name ":" OWS field-value OWS.
function parseField(line: string): Field {
  const match = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*)$/s.exec(line);
  if (!match) throw new MalformedMessageError(`not a field line: ${JSON.stringify(line.slice(0, 120))}`);
  const [, name = '', rest = ''] = match;
  return { name: name.toLowerCase(), value: trimEnd(rest) };
}

function trimEnd(value: string): string {
  let end = value.length;
  while (end > 0 && (value[end - 1] === ' ' || value[end - 1] === '\t')) end--;
  return value.slice(0, end);
}
