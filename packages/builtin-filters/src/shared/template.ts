/** A value with variables, like `client %CLIENT_IP%`. `%%` is one percent sign. */
export class Template<Subject> {
  readonly #parts: readonly (string | Variable<Subject>)[];

  /** Throws a RangeError that names what is wrong and which variables there are. */
  constructor(text: string, variables: Variables<Subject>) {
    const mistake = templateMistake(text, variables);
    if (mistake !== undefined) throw new RangeError(mistake);
    // Every other piece stands between two percent signs.
    this.#parts = text.split('%').map((piece, at) => (at % 2 === 0 ? piece : (variables.get(piece) ?? '%')));
  }

  /** The value; undefined when a variable is not known at the moment. */
  render(subject: Subject): string | undefined {
    let text = '';
    for (const part of this.#parts) {
      const value = typeof part === 'string' ? part : part(subject);
      if (value === undefined) return undefined;
      text += value;
    }
    return text;
  }
}

export type Variable<Subject> = (subject: Subject) => string | undefined;
export type Variables<Subject> = ReadonlyMap<string, Variable<Subject>>;

/** What is wrong with the text of a template; undefined when nothing is. */
export function templateMistake(text: string, variables: Variables<never>): string | undefined {
  const pieces = text.split('%');
  if (pieces.length % 2 === 0) return `${JSON.stringify(text)} has a % without its pair; write %% for one`;
  const unknown = pieces.find((piece, at) => at % 2 === 1 && piece !== '' && !variables.has(piece));
  if (unknown === undefined) return undefined;
  const known = [...variables.keys()].map((name) => `%${name}%`).join(', ');
  return `%${unknown}% is no variable; there are ${known}`;
}
