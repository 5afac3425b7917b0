/**
 * The names of a constructor's parameters, read from its source: for error messages. Undefined where
 * a parameter has none, as a pattern, or the source does not show it.
 */
export function parameterNames(type: object): readonly (string | undefined)[] {
  const source = Function.prototype.toString.call(type);
  const start = /\bconstructor\s*\(/.exec(source);
  if (start === null) return [];
  return topLevelParts(source.slice(start.index + start[0].length)).map(
    (part) => /^\s*([\w$]+)\s*(?:=|$)/.exec(part)?.[1],
  );
}

/** What stands between commas, up to the bracket that ends the list. */
function topLevelParts(source: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < source.length; at++) {
    const char = source.charAt(at);
    if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char) && --depth < 0) return [...parts, source.slice(from, at)];
    else if (char === ',' && depth === 0) {
      parts.push(source.slice(from, at));
      from = at + 1;
    }
  }
  return [];
}
