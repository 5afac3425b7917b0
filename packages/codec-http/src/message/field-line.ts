import { requireFieldName, requireFieldValue } from './field-validation.ts';

/**
 * One field, checked: what {@link HttpHeaders.addLine} adds. Who sets the same field on many messages
 * makes it once.
 */
export class FieldLine {
  readonly name: string;
  /** Without white space around it. */
  readonly value: string;
  #text: string | undefined = undefined;

  /** Throws an InvalidHeaderError for what must not be sent, and for a name that belongs to the codec. */
  constructor(name: string, value: string) {
    this.name = requireFieldName(name);
    this.value = requireFieldValue(name, value);
  }

  /** @internal As it is written. */
  get text(): string {
    return (this.#text ??= `${this.name}: ${this.value}\r\n`);
  }
}
