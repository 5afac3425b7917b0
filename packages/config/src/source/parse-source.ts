import { parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type { MarkedFinding } from '../finding.ts';
import { Mark } from './source-file.ts';
import type { SourceFile } from './source-file.ts';

/** Parses YAML 1.2 of the core schema, and so JSON too: no tags, no merge keys, nothing that runs. */
export function parseSource(file: SourceFile, findings: MarkedFinding[]): Document.Parsed | undefined {
  const report = (offset: number, message: string): void => {
    findings.push({ severity: 'error', path: [], mark: new Mark(file, offset), message });
  };
  try {
    const document = parseDocument(file.text, {
      version: '1.2',
      schema: 'core',
      customTags: [],
      // Found while the tree is built, where both places and the path are known.
      uniqueKeys: false,
      prettyErrors: false,
      lineCounter: file.lines,
    });
    // A tag that is not of the core schema is but a warning to the parser.
    const faults = [...document.errors, ...document.warnings];
    for (const { code, message, pos } of faults) {
      const what = code === 'MULTIPLE_DOCS' ? 'a second document; a file has one' : lowered(message);
      report(pos[0], `found what is not YAML or JSON: ${what}`);
    }
    return faults.length > 0 ? undefined : document;
  } catch (cause) {
    // The parser is recursive; brackets by the thousand end it so.
    if (!(cause instanceof RangeError)) throw cause;
    report(0, 'maps and lists are nested too deeply');
    return undefined;
  }
}

function lowered(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
