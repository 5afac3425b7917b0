import { latin1Slice } from '../grammar/latin1.ts';
import { someListElement } from '../grammar/list-tokens.ts';
import { isToken, spells } from '../grammar/octets.ts';

/** What the Connection fields of one message say (RFC 9110 §7.6.1). One is used for all messages. */
export class ConnectionOptions {
  close = false;
  keepAlive = false;
  upgrade = false;
  /** Lower-case names of fields that are meant for the next hop alone; undefined for none. */
  nominated: Set<string> | undefined = undefined;

  reset(): void {
    this.close = false;
    this.keepAlive = false;
    this.upgrade = false;
    this.nominated = undefined;
  }

  /** Takes one Connection field. An element that is no token is passed over. */
  add(bytes: Buffer, start: number, end: number): void {
    if (spells(bytes, start, end, 'keep-alive')) this.keepAlive = true;
    else if (spells(bytes, start, end, 'close')) this.close = true;
    else if (spells(bytes, start, end, 'upgrade')) this.upgrade = true;
    else someListElement(latin1Slice(bytes, start, end).toLowerCase(), this.#addOption);
  }

  readonly #addOption = (option: string): boolean => {
    if (option === 'close') this.close = true;
    else if (option === 'keep-alive') this.keepAlive = true;
    else if (option === 'upgrade') this.upgrade = true;
    else if (isToken(option)) (this.nominated ??= new Set()).add(option);
    return false;
  };
}
