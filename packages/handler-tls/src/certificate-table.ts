/** Which of several certificates a server name gets: the one made out to it, to its wildcard, or none. */
export class CertificateTable<Entry> {
  readonly #byName = new Map<string, Entry>();

  /** `names` as in certificates: `www.example.com`, `*.example.com`. The first entry with a name has it. */
  add(names: readonly string[], entry: Entry): void {
    for (const name of names) if (!this.#byName.has(name)) this.#byName.set(name, entry);
  }

  /** Case and a dot at the end make no difference; a wildcard stands for exactly one label. */
  find(serverName: string): Entry | undefined {
    const name = serverName.toLowerCase().replace(/\.$/, '');
    const exact = this.#byName.get(name);
    if (exact !== undefined || name.startsWith('*')) return name.startsWith('*') ? undefined : exact;
    const dot = name.indexOf('.');
    return dot < 1 ? undefined : this.#byName.get(`*${name.slice(dot)}`);
  }
}
