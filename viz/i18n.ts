/**
 * Languages: the typed catalogues and the number formats. A key missing from one language does not compile. Texts
 * reach the page through textContent and setAttribute only.
 */
import { en, type Messages } from './messages/en.ts';
import { zhCN } from './messages/zh-cn.ts';

export const LANGUAGES = ['en', 'zh-CN'] as const;
export type Language = (typeof LANGUAGES)[number];
export type MessageKey = keyof Messages;
export type Params = Record<string, string | number>;

const CATALOGUES: Record<Language, Messages> = { en, 'zh-CN': zhCN };

/** The language of `?lang=`, else the first known one among the browser's, else English. */
export function pickLanguage(asked: string | null, browser: readonly string[]): Language {
  for (const tag of [asked ?? '', ...browser].map((each) => each.toLowerCase())) {
    if (tag === 'zh' || tag.startsWith('zh-')) return 'zh-CN';
    if (tag === 'en' || tag.startsWith('en-')) return 'en';
  }
  return 'en';
}

/** Texts and numbers in one language. */
export class Wording {
  readonly language: Language;
  readonly #messages: Messages;
  readonly #percent: Intl.NumberFormat;
  readonly #whole: Intl.NumberFormat;
  readonly #decimal: Intl.NumberFormat;
  readonly #hundredths: Intl.NumberFormat;
  readonly #day: Intl.DateTimeFormat;

  constructor(language: Language) {
    this.language = language;
    this.#messages = CATALOGUES[language];
    this.#percent = new Intl.NumberFormat(language, {
      style: 'percent',
      minimumFractionDigits: 1,
      maximumFractionDigits: 1,
    });
    this.#whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
    this.#decimal = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    this.#hundredths = new Intl.NumberFormat(language, {
      minimumFractionDigits: 2,
      maximumFractionDigits: 2,
    });
    // Local times of the scenario carry no zone: they are counted as if on UTC, where no day is 23 hours long.
    this.#day = new Intl.DateTimeFormat(language, {
      timeZone: 'UTC',
      weekday: 'short',
      month: 'short',
      day: 'numeric',
    });
  }

  /** The text of `key`, with each {name} replaced. */
  text(key: MessageKey, params: Params = {}): string {
    return this.#messages[key].replace(/\{(\w+)\}/g, (whole, name: string) => {
      if (!Object.hasOwn(params, name)) return whole;
      const value = params[name];
      return typeof value === 'number' ? this.whole(value) : value;
    });
  }

  /** The text of `prefix.name` where the catalogue has it, otherwise `name` itself (a word of the scenario). */
  word(prefix: string, name: string): string {
    const key = `${prefix}.${name}`;
    return Object.hasOwn(this.#messages, key) ? this.#messages[key as MessageKey] : name;
  }

  percent(share: number): string {
    return this.#percent.format(share);
  }

  /** Percent without decimals where there are none: `90%`. */
  roundPercent(share: number): string {
    return new Intl.NumberFormat(this.language, { style: 'percent', maximumFractionDigits: 1 }).format(share);
  }

  whole(value: number): string {
    return this.#whole.format(value);
  }

  decimal(value: number): string {
    return this.#decimal.format(value);
  }

  hundredths(value: number): string {
    return this.#hundredths.format(value);
  }

  /** Day of the week and date of local `YYYY-MM-DDTHH:MM(:SS)` plus `ms`. */
  day(start: string, ms: number): string {
    return this.#day.format(localEpochMs(start) + ms);
  }
}

/** Local time counted as if on UTC, ms. */
export const localEpochMs = (start: string): number =>
  Date.parse(`${start.length === 16 ? `${start}:00` : start}Z`);

const two = (value: number): string => String(value).padStart(2, '0');

/** `8:05`, `1:02:03`, `-0:30`: minutes and seconds, with hours where there are any. `–` when not known. */
export function durationText(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return '–';
  const whole = Math.round(Math.abs(seconds));
  const sign = seconds < 0 && whole > 0 ? '−' : '';
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0
    ? `${sign}${hours}:${two(minutes)}:${two(whole % 60)}`
    : `${sign}${minutes}:${two(whole % 60)}`;
}

const MS_PER_DAY = 86_400_000;

/** Time of day `HH:MM:SS` of a local start plus `ms`, whole seconds that have begun; exact for any number of days. */
export function clockText(start: string | null, ms: number): string {
  const origin = start === null ? 0 : localEpochMs(start) % MS_PER_DAY;
  const inDay = (((origin + ms) % MS_PER_DAY) + MS_PER_DAY) % MS_PER_DAY;
  const seconds = Math.floor(inDay / 1000);
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** Time since the scored start, `+30 d 00:00:00` without the day part on the first day, `−00:30:00` in the warm-up. */
export function sinceStartText(ms: number, dayUnit: string): string {
  const sign = ms < 0 ? '−' : '+';
  const seconds = ms < 0 ? Math.ceil(-ms / 1000) : Math.floor(ms / 1000);
  const days = Math.floor(seconds / 86_400);
  const rest = seconds % 86_400;
  const time = `${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}`;
  return days > 0 ? `${sign}${days}${dayUnit} ${time}` : `${sign}${time}`;
}
