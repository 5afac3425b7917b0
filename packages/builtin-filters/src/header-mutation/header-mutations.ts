import { utf8ToLatin1 } from '@sluice/codec-http';
import type { HttpMessage } from '@sluice/filters';
import { Template } from '../shared/template.ts';
import type { Variables } from '../shared/template.ts';
import type { HeaderMutationOptions } from './header-mutation-options.ts';

type Kind = 'set' | 'add' | 'addIfAbsent';

interface Mutation<Message> {
  readonly kind: Kind;
  readonly name: string;
  readonly value: Template<Message>;
}

/**
 * Changes to the fields of a message: removals first, then in the order of the options. Where a value
 * has a variable that is not known, `set` removes the field, whoever sent it, and `add` adds nothing.
 */
export class HeaderMutations<Message extends HttpMessage> {
  readonly #removed: readonly string[];
  readonly #mutations: readonly Mutation<Message>[];

  constructor(options: HeaderMutationOptions['request'], variables: Variables<Message>) {
    const ofKind = (kind: Kind): readonly Mutation<Message>[] =>
      Object.entries(options[kind]).map(([name, text]) => ({
        kind,
        name,
        value: new Template(utf8ToLatin1(text), variables),
      }));
    this.#removed = options.remove;
    this.#mutations = [...ofKind('set'), ...ofKind('add'), ...ofKind('addIfAbsent')];
  }

  applyTo(message: Message): void {
    const { headers } = message;
    for (const name of this.#removed) headers.delete(name);
    for (const { kind, name, value } of this.#mutations) {
      const text = value.render(message);
      if (text === undefined) {
        if (kind === 'set') headers.delete(name);
      } else if (kind === 'set') headers.set(name, text);
      else if (kind === 'add' || !headers.has(name)) headers.add(name, text);
    }
  }
}
