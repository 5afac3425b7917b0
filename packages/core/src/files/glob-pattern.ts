/** What a name with `*` and `?` matches; as in a shell, no hidden files. */
export function globPattern(name: string): RegExp {
  const source = name
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^(?!\\.)${source}$`, 's');
}
