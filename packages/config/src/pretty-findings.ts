import { formatFinding } from './finding.ts';
import type { Finding } from './finding.ts';

export interface PrettyOptions {
  /** For a terminal that shows them. Default: false. */
  readonly colors?: boolean;
}

type Color = 'red' | 'yellow';

// ECMA-48, select graphic rendition.
const CODES: Readonly<Record<Color, number>> = { red: 31, yellow: 33 };

/** The findings for a terminal: each with its line of the file and a caret below the place. */
export function prettyFindings(findings: readonly Finding[], { colors = false }: PrettyOptions = {}): string {
  const paint = (color: Color, text: string): string =>
    colors ? `\u001b[${CODES[color]}m${text}\u001b[39m` : text;
  return findings.map((finding) => pretty(finding, paint)).join('\n');
}

function pretty(finding: Finding, paint: (color: Color, text: string) => string): string {
  const { position, severity } = finding;
  const color = severity === 'error' ? 'red' : 'yellow';
  const head = paint(color, formatFinding(finding));
  // Without a line to show, as of a file that is not there, a place tells nothing.
  if (position.text === undefined || position.text.trim() === '') return head;
  const number = String(position.line);
  const before = position.text.slice(0, position.column - 1);
  const gutter = ' '.repeat(number.length);
  // Tabs are kept, so that the caret stands where the text does.
  const caret = `${printable(before).replaceAll(/[^\t]/g, ' ')}${paint(color, '^')}`;
  return [head, `  ${number} | ${printable(position.text)}`, `  ${gutter} | ${caret}`].join('\n');
}

// What a file holds may not steer the terminal.
function printable(text: string): string {
  return text.replaceAll(/[^\P{Cc}\t]/gu, '�');
}
