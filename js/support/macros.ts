import { InvalidArgumentException } from '../errors'

/** A method that a program adds to a class. */
export type Macro<Owner> = (this: Owner, ...args: never[]) => unknown

/** The methods that programs have added to a class, and the adding of more. */
export class Macros<Owner extends object> {
  readonly #prototype: Owner
  readonly #owners: string
  readonly #names = new Set<string>()

  /** @param owners - What the objects of the class are called in messages: `Builders`. */
  constructor(prototype: Owner, owners: string) {
    this.#prototype = prototype
    this.#owners = owners
  }

  /** @throws InvalidArgumentException for the name of a method that the class has. */
  add(name: string, method: Macro<Owner>): void {
    if (name in this.#prototype && !this.#names.has(name)) {
      throw new InvalidArgumentException(`${this.#owners} have a method "${name}" of their own.`)
    }
    this.#names.add(name)
    Object.defineProperty(this.#prototype, name, { value: method, configurable: true, writable: true })
  }

  /** Whether a program has added such a method. */
  has(name: string): boolean {
    return this.#names.has(name)
  }

  /** Takes all added methods away. */
  flush(): void {
    for (const name of this.#names) Reflect.deleteProperty(this.#prototype, name)
    this.#names.clear()
  }

  /** Adds every method of an object; those that were added before give way if `replaces`. */
  mix(methods: object, replaces: boolean): void {
    for (const name of namesOf(methods)) {
      const method: unknown = Reflect.get(methods, name)
      if (typeof method === 'function' && (replaces || !this.has(name))) this.add(name, method as Macro<Owner>)
    }
  }
}

/** The methods of an object and of its classes. */
function namesOf(methods: object): Set<string> {
  const names = new Set<string>()
  for (
    let owner: object | null = methods;
    owner !== null && owner !== Object.prototype;
    owner = Object.getPrototypeOf(owner)
  ) {
    for (const name of Object.getOwnPropertyNames(owner)) if (name !== 'constructor') names.add(name)
  }
  return names
}
