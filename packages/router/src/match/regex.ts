import { createRequire } from 'node:module';
import { SluiceError } from '@sluice/core';
import type { RE2JS } from 're2js';

/** A regular expression that is matched against a whole text, in time linear in its length. */
export interface Regex {
  testExact(text: string): boolean;
}

type Engine = typeof RE2JS;

const ENGINE = 're2js';
let engine: Engine | undefined;

/**
 * Compiles an expression in RE2 syntax: no back-references and no look-around, so that no client can
 * make it run long. Throws a {@link SluiceError} for what is not such an expression, or when the
 * optional package `re2js` is not installed.
 */
export function compileRegex(source: string, ignoreCase = false): Regex {
  engine ??= loadRegexEngine();
  try {
    return engine.compile(source, ignoreCase ? engine.CASE_INSENSITIVE : 0);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SluiceError('SLUICE_REGEX', `expected a regular expression in RE2 syntax (${why})`, { cause });
  }
}

/**
 * JavaScript's own engine backtracks: a client's path could keep it busy for minutes. Throws a
 * {@link SluiceError} that says what to do when the package is not installed.
 */
export function loadRegexEngine(name: string = ENGINE): Engine {
  try {
    const { RE2JS } = createRequire(import.meta.url)(name) as { RE2JS: Engine };
    return RE2JS;
  } catch (cause) {
    throw new SluiceError(
      'SLUICE_REGEX_ENGINE',
      `no regular expression: they need the optional package ${name}, which is not installed (npm install ${name})`,
      { cause },
    );
  }
}
