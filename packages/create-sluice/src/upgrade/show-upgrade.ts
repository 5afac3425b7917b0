import { lineDiff } from './line-diff.ts';
import type { FileChange, FoundRemoval, ProjectUpgrade } from './upgrade-project.ts';

/** What an upgrade changes, line by line, and what it leaves to a person. */
export function showUpgrade({ from, to, changes, removals }: ProjectUpgrade): string {
  if (changes.length === 0 && removals.length === 0)
    return `Nothing to change: the project is as ${to} wants it.`;
  const codemods = new Set(changes.flatMap(({ codemods }) => codemods));
  const parts = [
    `From ${from ?? 'an unknown version'} to ${to}:`,
    ...[...codemods].map(({ version, what }) => `  ${version}  ${what}`),
    ...changes.map(showChange),
  ];
  if (removals.length > 0) parts.push(`\nLeft to you:\n${removals.map(showRemoval).join('\n')}`);
  return parts.join('\n');
}

function showChange({ path, before, after }: FileChange): string {
  const lines = lineDiff(before, after).map(({ sign, line, text }) =>
    `  ${String(line).padStart(4)} ${sign} ${text}`.trimEnd(),
  );
  return `\n${path}\n${lines.join('\n')}`;
}

function showRemoval({ path, line, removal }: FoundRemoval): string {
  return `  ${path}:${line} ${removal.name} of ${removal.from} is gone. Take ${removal.instead}.`;
}
