/**
 * Reads a large JSON file whose substance is one list in the top object (`features` of GeoJSON, `elements` of
 * Overpass), one element at a time: memory is that of the largest element, and errors know their byte.
 */
import { InputError } from '../errors.ts';
import { LIMITS } from '../limits.ts';

/** Where an element is, with a path inside it appended: `/features/17/geometry (byte 2048)`. */
export type ElementPlace = (path?: string) => string;

export type JsonObject = Record<string, unknown>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface JsonListHandlers {
  /** One element of the list, as JSON.parse gives it. */
  element(value: unknown, place: ElementPlace): void;
  /** Another member of the top object. */
  member(key: string, value: unknown): void;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** What may come next, outside a value. */
type Expect =
  | 'top'
  | 'first key'
  | 'key'
  | 'colon'
  | 'value'
  | 'comma'
  | 'first element'
  | 'element'
  | 'element comma'
  | 'end';

/**
 * Feeds the pieces of a file to the handlers.
 * @param listKey  the member of the top object that holds the list
 * @throws InputError where the text is not JSON, is nested deeper than LIMITS.jsonDepth, has no such list or two,
 *   or ends too early
 */
export async function readJsonList(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  listKey: string,
  handlers: JsonListHandlers,
): Promise<void> {
  const scanner = new ListScanner(name, listKey, handlers);
  for await (const chunk of chunks) scanner.push(chunk);
  scanner.end();
}

class ListScanner {
  private expect: Expect = 'top';
  private key = '';
  private seenList = false;
  private nElements = 0;
  /** Bytes before the current chunk. */
  private base = 0;
  // The value being captured: whether there is one, where it began, and the state of its brackets and strings.
  private capturing = false;
  private captureByte = 0;
  private scalar = false;
  private depth = 0;
  private inString = false;
  private escaped = false;
  private carried: Uint8Array[] = [];
  private carriedBytes = 0;
  private readonly utf8 = new TextDecoder('utf-8', { fatal: true });
  private readonly name: string;
  private readonly listKey: string;
  private readonly handlers: JsonListHandlers;

  constructor(name: string, listKey: string, handlers: JsonListHandlers) {
    this.name = name;
    this.listKey = listKey;
    this.handlers = handlers;
  }

  push(chunk: Uint8Array): void {
    let i = this.base === 0 && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? 3 : 0; // byte order mark
    let start = 0; // of the captured value in this chunk
    while (i < chunk.length) {
      if (!this.capturing) {
        if (this.between(chunk[i], i)) start = i;
        else i++;
        continue;
      }
      const end = this.captureUntil(chunk, i);
      if (end < 0) break;
      this.emit(chunk.subarray(start, end));
      i = end;
    }
    if (this.capturing) {
      this.carried.push(chunk.slice(start));
      this.carriedBytes += chunk.length - start;
      if (this.carriedBytes > LIMITS.jsonElementBytes) {
        throw this.error(this.captureByte, `one value of more than ${LIMITS.jsonElementBytes} bytes`);
      }
    }
    this.base += chunk.length;
  }

  end(): void {
    if (this.expect !== 'end') {
      throw this.error(this.base, 'the file ends here, in the middle; copy or download it again');
    }
    if (!this.seenList) throw this.error(0, `the file has no list "${this.listKey}"`);
  }

  /** Handles one byte outside a value; true when a value starts at it. */
  private between(byte: number, i: number): boolean {
    if (isSpace(byte)) return false;
    switch (this.expect) {
      case 'top':
        if (byte !== OPEN_BRACE) break;
        this.expect = 'first key';
        return false;
      case 'first key':
      case 'key':
        if (byte === QUOTE) return this.startCapture(byte, i);
        if (byte !== CLOSE_BRACE || this.expect === 'key') break;
        this.expect = 'end';
        return false;
      case 'colon':
        if (byte !== COLON) break;
        this.expect = 'value';
        return false;
      case 'value':
        if (this.key !== this.listKey) return this.startCapture(byte, i);
        if (byte !== OPEN_BRACKET) throw this.error(this.base + i, `"${this.listKey}" must be a list`);
        if (this.seenList) throw this.error(this.base + i, `"${this.listKey}" appears twice`);
        this.seenList = true;
        this.expect = 'first element';
        return false;
      case 'comma':
        if (byte !== COMMA && byte !== CLOSE_BRACE) break;
        this.expect = byte === COMMA ? 'key' : 'end';
        return false;
      case 'first element':
      case 'element':
        if (byte !== CLOSE_BRACKET) return this.startCapture(byte, i);
        if (this.expect === 'element') break;
        this.expect = 'comma';
        return false;
      case 'element comma':
        if (byte !== COMMA && byte !== CLOSE_BRACKET) break;
        this.expect = byte === COMMA ? 'element' : 'comma';
        return false;
      case 'end':
        break;
    }
    throw this.error(
      this.base + i,
      `not JSON here: found ${printByte(byte)}, expected ${EXPECTED[this.expect]}`,
    );
  }

  private startCapture(byte: number, i: number): boolean {
    this.capturing = true;
    this.captureByte = this.base + i;
    this.scalar = byte !== OPEN_BRACE && byte !== OPEN_BRACKET && byte !== QUOTE;
    this.depth = 0;
    this.inString = false;
    this.escaped = false;
    if (byte === COMMA || byte === COLON || byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      throw this.error(this.captureByte, `not JSON here: found ${printByte(byte)}, expected a value`);
    }
    return true;
  }

  /** Position just after the captured value, or -1 when the chunk ends before it does. */
  private captureUntil(chunk: Uint8Array, from: number): number {
    let { depth, inString, escaped } = this;
    for (let i = from; i < chunk.length; i++) {
      const byte = chunk[i];
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) {
          inString = false;
          if (depth === 0) return i + 1;
        }
      } else if (byte === QUOTE && !this.scalar) {
        inString = true;
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        if (++depth > LIMITS.jsonDepth) {
          throw this.error(this.base + i, `nested deeper than ${LIMITS.jsonDepth} levels`);
        }
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        if (depth === 0) return i; // the bracket after a scalar belongs to what is around it
        if (--depth === 0) return i + 1;
      } else if (depth === 0 && (byte === COMMA || isSpace(byte))) {
        return i;
      }
    }
    this.depth = depth;
    this.inString = inString;
    this.escaped = escaped;
    return -1;
  }

  private emit(tail: Uint8Array): void {
    this.capturing = false;
    let bytes = tail;
    if (this.carriedBytes > 0) {
      bytes = new Uint8Array(this.carriedBytes + tail.length);
      let at = 0;
      for (const piece of this.carried) {
        bytes.set(piece, at);
        at += piece.length;
      }
      bytes.set(tail, at);
      this.carried = [];
      this.carriedBytes = 0;
    }
    const isElement = this.expect === 'element' || this.expect === 'first element';
    const [ix, byte] = [this.nElements, this.captureByte];
    const place: ElementPlace = (path = '') => `/${this.listKey}/${ix}${path} (byte ${byte})`;
    let value: unknown;
    try {
      value = JSON.parse(this.utf8.decode(bytes));
    } catch {
      throw this.error(
        this.captureByte,
        `${isElement ? `/${this.listKey}/${ix}` : 'the value'} that starts here is not JSON in UTF-8`,
      );
    }
    if (isElement) {
      this.nElements++;
      this.expect = 'element comma';
      this.handlers.element(value, place);
    } else if (this.expect === 'value') {
      this.expect = 'comma';
      this.handlers.member(this.key, value);
    } else {
      this.key = String(value);
      this.expect = 'colon';
    }
  }

  private error(byte: number, message: string): InputError {
    return InputError.at(this.name, `byte ${byte}`, message);
  }
}

const EXPECTED: Record<Expect, string> = {
  top: '"{"',
  'first key': 'a key or "}"',
  key: 'a key',
  colon: '":"',
  value: 'a value',
  comma: '"," or "}"',
  'first element': 'an element or "]"',
  element: 'an element',
  'element comma': '"," or "]"',
  end: 'nothing more',
};

const printByte = (byte: number): string =>
  byte > 0x20 && byte < 0x7f ? `"${String.fromCharCode(byte)}"` : `byte value ${byte}`;
