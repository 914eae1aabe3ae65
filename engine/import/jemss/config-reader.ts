/** What an element of a configuration says, as the number or law that is expected of it; problems are gathered. */
import type { Problems } from '../../scenario/problems.ts';
import type { ConfigElement } from './config-xml.ts';
import { parseNumber, ValueError } from './values.ts';

/** Tells what is wrong with the elements of a configuration; what cannot be read is undefined. */
export class ConfigReader {
  private readonly problems: Problems;

  constructor(problems: Problems) {
    this.problems = problems;
  }

  refuse(element: ConfigElement, message: string): void {
    this.problems.add(element.file, element.place, message);
  }

  /** What `parse` makes of an element's text; undefined, and a problem, where it is missing or wrong. */
  read<T>(parent: ConfigElement, name: string, parse: (text: string) => T): T | undefined {
    const element = parent.child(name);
    if (element === undefined) {
      this.refuse(parent, `has no <${name}>`);
      return undefined;
    }
    try {
      return parse(element.text);
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      this.refuse(element, `"${element.text}" ${error.message}`);
      return undefined;
    }
  }

  /** A number from `from` to `to`; `otherwise` where the element is missing. */
  number(
    parent: ConfigElement,
    name: string,
    from: number,
    to: number,
    otherwise?: number,
  ): number | undefined {
    if (otherwise !== undefined && parent.child(name) === undefined) return otherwise;
    const value = this.read(parent, name, parseNumber);
    if (value === undefined) return undefined;
    if (!(value >= from && value <= to)) {
      this.refuse(parent.child(name)!, `${value} is not allowed; allowed: ${from} to ${to}`);
      return undefined;
    }
    return value;
  }
}
