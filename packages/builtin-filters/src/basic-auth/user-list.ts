import { readFileSync } from 'node:fs';
import { SluiceError } from '@sluice/core';
import type { OptionFault } from '../shared/option-fault.ts';
import type { BasicAuthOptions } from './basic-auth-options.ts';
import { parsePasswordHash } from './password-hash.ts';
import type { PasswordHash } from './password-hash.ts';

/** Users by name. */
export type UserList = ReadonlyMap<string, PasswordHash>;

/**
 * The users of the options and of their file. Throws a SluiceError that names the place of what is
 * wrong, also when nobody is named: nobody could get in.
 */
export function readUsers({ users, usersFile, usersText }: BasicAuthOptions): UserList {
  const list = new Map<string, PasswordHash>();
  for (const [at, { name, hash }] of users.entries()) addUser(list, name, hash, `users[${at}]`);
  if (usersFile !== undefined) addUsers(list, usersFile, usersText ?? readUsersFile(usersFile));
  if (list.size === 0) throw usersError('there is no user; name some in users or usersFile');
  return list;
}

/** What {@link readUsers} refuses. */
export function usersFault(options: BasicAuthOptions): OptionFault | undefined {
  try {
    readUsers(options);
    return undefined;
  } catch (cause) {
    if (!(cause instanceof SluiceError)) throw cause;
    return { option: options.usersFile === undefined ? 'users' : 'usersFile', message: `${cause.message}.` };
  }
}

/** The files that the options name. */
export function usersFiles({ usersFile }: Partial<BasicAuthOptions>): readonly string[] {
  return usersFile === undefined ? [] : [usersFile];
}

function addUsers(list: Map<string, PasswordHash>, path: string, content: string): void {
  for (const [at, line] of content.split('\n').entries()) {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) continue;
    const colon = text.indexOf(':');
    addUser(list, text.slice(0, Math.max(0, colon)), text.slice(colon + 1), `${path}:${at + 1}`);
  }
}

function addUser(list: Map<string, PasswordHash>, name: string, hash: string, place: string): void {
  const parsed = parsePasswordHash(hash);
  if (name === '' || parsed === undefined)
    throw usersError(`${place}: expected name:$scrypt$ln=14,r=8,p=5$<salt>$<key>`);
  if (list.has(name)) throw usersError(`${place}: there are two users named ${JSON.stringify(name)}`);
  list.set(name, parsed);
}

function readUsersFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : `${code}`;
    throw usersError(
      `${path} can't be read: ${why}; expected a file with a line name:hash for each user`,
      cause,
    );
  }
}

function usersError(message: string, cause?: unknown): SluiceError {
  return new SluiceError('SLUICE_BASIC_AUTH_USERS', `basic-auth: ${message}`, { cause });
}
