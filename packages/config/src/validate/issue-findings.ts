import { nearestName } from '@sluice/core';
import type { z } from 'zod';
import type { MarkedFinding } from '../finding.ts';
import { nodeAt } from '../source/config-node.ts';
import type { ConfigPath } from '../source/config-path.ts';
import type { ConfigSource } from '../source/config-source.ts';
import { bestBranch } from './best-branch.ts';
import { describeValue } from './describe-value.ts';
import { choiceOf, EXPECTED, oneOf } from './expectation.ts';
import { branchOf, definitionOf, knownKeys, schemasAt } from './schema-walk.ts';
import { isSecretAt } from './secret-places.ts';

type Issue = z.core.$ZodIssue;

/** The issues of a schema as findings at their places, in words that say what was found. */
export class IssueFindings {
  readonly #source: ConfigSource;
  readonly #root: z.ZodType;
  readonly #findings: MarkedFinding[] = [];
  /** Keys that were probably meant where another was found: that they are missing goes without saying. */
  readonly #meant = new Set<string>();
  /** Maps with such a key: what is wrong with the map as a whole goes away with it. */
  readonly #misspelt = new Set<string>();

  constructor(source: ConfigSource, root: z.ZodType) {
    this.#source = source;
    this.#root = root;
  }

  of(issues: readonly Issue[]): readonly MarkedFinding[] {
    this.#addAll(issues, [], this.#root);
    return this.#findings;
  }

  /** `at` is what the paths of the issues are relative to, `schema` what stands there. */
  #addAll(issues: readonly Issue[], at: ConfigPath, schema: z.ZodType): void {
    for (const issue of issues) if (issue.code === 'unrecognized_keys') this.#unknownKeys(issue, at, schema);
    // What a value of another kind lacks besides is of no use, such as the length of a text that is a list.
    const otherKinds = new Set(issues.filter(isOtherKind).map(pathKey));
    for (const issue of issues) {
      const isSaid = !isOtherKind(issue) && otherKinds.has(pathKey(issue));
      if (issue.code !== 'unrecognized_keys' && !isSaid) this.#add(issue, at, schema);
    }
  }

  #add(issue: Issue, at: ConfigPath, schema: z.ZodType): void {
    const local = issue.path.map(stepOf);
    const path = [...at, ...local];
    if (issue.code === 'invalid_union') {
      this.#union(issue, path, schema, local);
      return;
    }
    if (issue.code === 'invalid_key') {
      this.#push(path, `found the key ${describeValue(path.at(-1))}, ${firstMessage(issue.issues)}`, true);
      return;
    }
    if (issue.code === 'invalid_element') {
      this.#addAll(issue.issues, path, schemasAt(schema, local)[0] ?? schema);
      return;
    }
    if (issue.code === 'custom' && nodeAt(this.#source.root, path)?.kind === 'map') {
      if (!this.#misspelt.has(JSON.stringify(path))) this.#push(path, issue.message);
      return;
    }
    const message = isWholeNumber(issue, schemasAt(schema, local))
      ? `${EXPECTED}a whole number`
      : issue.message;
    this.#wrongValue(path, message, issue.code === 'invalid_value' ? issue.values : []);
  }

  #wrongValue(path: ConfigPath, message: string, values: readonly unknown[]): void {
    const node = nodeAt(this.#source.root, path);
    if (node === undefined) {
      if (!this.#meant.has(JSON.stringify(path)))
        this.#push(path, isOurs(message) ? `missing, ${message}` : message);
      return;
    }
    const value = this.#source.get(path);
    const isSecret = this.#isSecret(path);
    const names = values.filter((each) => typeof each === 'string');
    const near = typeof value === 'string' && !isSecret ? nearestName(value, names) : undefined;
    const expected = isOurs(message) && values.length > 0 ? `${EXPECTED}${choiceOf(values, near)}` : message;
    const found = `found ${isSecret ? 'a secret' : describeValue(value)}`;
    // What a schema's author says of a whole map speaks for itself.
    const isWhole = node.kind !== 'scalar' && !isOurs(message);
    const text = isWhole ? message : `${found}${isOurs(message) ? ', ' : ': '}${expected}`;
    this.#push(path, `${text}.${hintAt(near)}`.replace('..', '.'));
  }

  #unknownKeys(issue: z.core.$ZodIssueUnrecognizedKeys, at: ConfigPath, schema: z.ZodType): void {
    const local = issue.path.map(stepOf);
    const known = knownKeys(schema, local, this.#source.get(at), issue.keys);
    const free = known.filter((key) => this.#source.get([...at, ...local, key]) === undefined);
    for (const key of issue.keys) {
      const near = nearestName(key, free) ?? nearestName(key, known);
      if (near !== undefined) {
        this.#meant.add(JSON.stringify([...at, ...local, near]));
        this.#misspelt.add(JSON.stringify([...at, ...local]));
      }
      const choice = `${EXPECTED}${choiceOf(known, near)}`;
      this.#push([...at, ...local, key], `found an unknown key, ${choice}.${hintAt(near)}`, true);
    }
  }

  #union(issue: z.core.$ZodIssueInvalidUnion, path: ConfigPath, schema: z.ZodType, local: ConfigPath): void {
    if ('discriminator' in issue && issue.discriminator !== undefined) {
      const values = 'options' in issue && Array.isArray(issue.options) ? (issue.options as unknown[]) : [];
      this.#wrongValue(path, `${EXPECTED}${oneOf(values)}`, values);
      return;
    }
    const best = bestBranch(issue.errors);
    const branch = best === undefined ? undefined : branchOf(schema, local, best);
    if (best !== undefined && branch !== undefined) {
      this.#addAll(issue.errors[best] ?? [], path, branch);
      return;
    }
    const kinds = issue.errors.flatMap(([first]) => (first ? first.message.replace(EXPECTED, '') : []));
    this.#wrongValue(path, `${EXPECTED}${[...new Set(kinds)].join(' or ')}`, []);
  }

  #push(path: ConfigPath, message: string, isKey = false): void {
    const mark = isKey ? this.#source.keyMarkAt(path) : this.#source.markAt(path);
    this.#findings.push({
      severity: 'error',
      path,
      mark,
      message: message.endsWith('.') || message.endsWith('?') ? message : `${message}.`,
      isSecret: this.#isSecret(path),
    });
  }

  #isSecret(path: ConfigPath): boolean {
    return isSecretAt(this.#source, this.#root, path);
  }
}

function isOurs(message: string): boolean {
  return message.startsWith(EXPECTED);
}

function hintAt(near: string | undefined): string {
  return near === undefined ? '' : ` Did you mean "${near}"?`;
}

function stepOf(step: PropertyKey): string | number {
  return typeof step === 'number' ? step : String(step);
}

function firstMessage([first]: readonly Issue[]): string {
  return first?.message ?? `${EXPECTED}another`;
}

function isOtherKind({ code }: Issue): boolean {
  return code === 'invalid_type';
}

function pathKey({ path }: Issue): string {
  return JSON.stringify(path);
}

/** The issue speaks of a number where the schema goes on to ask for a whole one. */
function isWholeNumber(issue: Issue, schemas: readonly z.ZodType[]): boolean {
  const isNumber = issue.code === 'invalid_type' && issue.expected === 'number' && isOurs(issue.message);
  return isNumber && schemas.some((each) => definitionOf(each).format === 'safeint');
}
