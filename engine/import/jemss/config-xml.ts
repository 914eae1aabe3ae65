/** JEMSS's configuration files: small XML trees of elements with text, read with the line of each for messages. */
import { SaxesParser } from 'saxes';
import { InputError } from '../../errors.ts';
import { LIMITS } from '../../limits.ts';
import { decodeUtf8 } from '../../scenario/strict-json.ts';
import { plainText, quote } from '../plain-text.ts';

const MOST_BYTES = 1_000_000;

export class ConfigElement {
  readonly file: string;
  readonly name: string;
  readonly line: number;
  readonly children: ConfigElement[] = [];
  private content = '';

  constructor(file: string, name: string, line: number) {
    this.file = file;
    this.name = name;
    this.line = line;
  }

  /** Text of the element itself, without spaces around it. */
  get text(): string {
    return this.content.trim();
  }

  append(text: string): void {
    this.content += text;
  }

  /** The first child of that name. */
  child(name: string): ConfigElement | undefined {
    return this.children.find((child) => child.name === name);
  }

  /** Text of a child, empty where there is none. */
  textOf(name: string): string {
    return this.child(name)?.text ?? '';
  }

  get place(): string {
    return `line ${this.line}, <${this.name}>`;
  }
}

/**
 * The root element of a configuration.
 * @param root  the name it must have
 * @throws InputError with the line of what is wrong
 */
export function readConfig(file: string, bytes: Uint8Array, root: string): ConfigElement {
  const parser = new SaxesParser({ xmlns: false, position: true });
  const open: ConfigElement[] = [];
  let top: ConfigElement | undefined;
  const refuse = (message: string): never => {
    throw InputError.at(file, `line ${parser.line}`, message);
  };
  parser.on('doctype', () => refuse('holds a document type; configurations have none'));
  parser.on('error', (error) =>
    refuse(`is not XML here: ${plainText(error.message.replace(/^\d+:\d+: /, ''))}`),
  );
  parser.on('opentag', ({ name }) => {
    if (open.length >= LIMITS.jsonDepth) refuse('has too many elements within each other');
    const element = new ConfigElement(file, name, parser.line);
    open.at(-1)?.children.push(element);
    top ??= element;
    open.push(element);
  });
  parser.on('closetag', () => open.pop());
  parser.on('text', (text) => open.at(-1)?.append(text));
  parser.on('cdata', (text) => open.at(-1)?.append(text));
  parser.write(decodeUtf8(bytes, file, MOST_BYTES)).close();
  if (top === undefined) throw InputError.at(file, '', `is empty; a <${root}> was expected`);
  if (top.name !== root)
    throw InputError.at(
      file,
      `line ${top.line}`,
      `begins with <${quote(top.name).slice(1, -1)}>; a <${root}> was expected`,
    );
  return top;
}
