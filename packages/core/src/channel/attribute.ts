let nextId = 0;
const keys = new Map<string, AttributeKey<unknown>>();

/** Names a value kept on a channel, and carries its type. Compared by identity. */
export class AttributeKey<T> {
  declare readonly type: T;
  readonly id: number;
  readonly name: string;

  /** @internal Use {@link valueOf} or {@link newInstance}. */
  constructor(name: string) {
    this.id = nextId++;
    this.name = name;
  }

  /** The key of this name, the same one at every call. Throws a TypeError without a name. */
  static valueOf<T>(name: string): AttributeKey<T> {
    return (keys.get(checkName(name)) ?? AttributeKey.#make(name)) as AttributeKey<T>;
  }

  /** A key of a name that nobody has used. Throws a TypeError when somebody has. */
  static newInstance<T>(name: string): AttributeKey<T> {
    if (keys.has(checkName(name))) throw new TypeError(`The attribute key '${name}' is already in use.`);
    return AttributeKey.#make(name) as AttributeKey<T>;
  }

  static exists(name: string): boolean {
    return keys.has(checkName(name));
  }

  static #make(name: string): AttributeKey<unknown> {
    const key = new AttributeKey<unknown>(name);
    keys.set(name, key);
    return key;
  }

  toString(): string {
    return this.name;
  }
}

/** The value of one key on one channel. A removed attribute is detached: setting it changes nothing on the channel. */
export class Attribute<T> {
  readonly key: AttributeKey<T>;
  readonly #map: AttributeMap;
  #value: T | undefined = undefined;

  /** @internal */
  constructor(map: AttributeMap, key: AttributeKey<T>) {
    this.#map = map;
    this.key = key;
  }

  get(): T | undefined {
    return this.#value;
  }

  set(value: T | undefined): void {
    this.#value = value;
  }

  getAndSet(value: T | undefined): T | undefined {
    const old = this.#value;
    this.#value = value;
    return old;
  }

  /** Sets the value if there is none, and returns the one that was there. */
  setIfAbsent(value: T): T | undefined {
    const old = this.#value;
    if (old === undefined) this.#value = value;
    return old;
  }

  compareAndSet(expected: T | undefined, value: T | undefined): boolean {
    if (this.#value !== expected) return false;
    this.#value = value;
    return true;
  }

  getAndRemove(): T | undefined {
    const old = this.getAndSet(undefined);
    this.remove();
    return old;
  }

  remove(): void {
    this.#value = undefined;
    this.#map.delete(this);
  }
}

/** The attributes of a channel, in slots numbered by the keys' ids. */
export class AttributeMap {
  readonly #slots: (Attribute<unknown> | undefined)[] = [];

  attr<T>(key: AttributeKey<T>): Attribute<T> {
    const slot = this.#slots[key.id] as Attribute<T> | undefined;
    if (slot !== undefined) return slot;
    const attribute = new Attribute<T>(this, key);
    this.#slots[key.id] = attribute;
    return attribute;
  }

  hasAttr<T>(key: AttributeKey<T>): boolean {
    return this.#slots[key.id] !== undefined;
  }

  /** @internal */
  delete<T>(attribute: Attribute<T>): void {
    if (this.#slots[attribute.key.id] === (attribute as Attribute<unknown>))
      this.#slots[attribute.key.id] = undefined;
  }
}

function checkName(name: string): string {
  if (!name) throw new TypeError('An attribute key needs a name.');
  return name;
}
