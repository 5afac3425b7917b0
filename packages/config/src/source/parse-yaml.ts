import { parse } from 'yaml';

/** What a text in YAML, and so in JSON too, says; for files beside a configuration. Throws where it is neither. */
export function parseYaml(text: string): unknown {
  return parse(text, { version: '1.2', schema: 'core' });
}
