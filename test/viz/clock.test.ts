import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ReplayClock, SPEEDS } from '../../viz/clock.ts';
import { clockText, durationText, LANGUAGES, pickLanguage, sinceStartText, Wording } from '../../viz/i18n.ts';
import { en } from '../../viz/messages/en.ts';
import { zhCN } from '../../viz/messages/zh-cn.ts';

const DAY_MS = 86_400_000;

describe('the clock of the replay', () => {
  it('starts at the scored start, after the warm-up', () => {
    expect(new ReplayClock(-7_200_000, DAY_MS).nowMs).toBe(0);
    expect(new ReplayClock(0, DAY_MS).nowMs).toBe(0);
  });

  it('moves by real time times speed, to the millisecond, after 30 days as on the first', () => {
    for (const startMs of [0, 30 * DAY_MS]) {
      const clock = new ReplayClock(0, 60 * DAY_MS);
      clock.seek(startMs);
      clock.speed = 60;
      clock.toggle();
      for (let frame = 0; frame < 1000; frame++) clock.tick(16);
      expect(clock.nowMs).toBe(startMs + 1000 * 16 * 60);
    }
  });

  it('stands while paused, stops at the end, and plays from the beginning again', () => {
    const clock = new ReplayClock(-1000, 10_000);
    clock.tick(100);
    expect(clock.nowMs).toBe(0);
    clock.speed = 600;
    clock.toggle();
    clock.tick(100);
    expect([clock.nowMs, clock.playing]).toEqual([10_000, false]);
    clock.toggle();
    expect([clock.nowMs, clock.playing]).toEqual([-1000, true]);
  });

  it('does not leap when the page was asleep', () => {
    const clock = new ReplayClock(0, DAY_MS);
    clock.speed = 1;
    clock.toggle();
    clock.tick(3_600_000);
    expect(clock.nowMs).toBe(250);
  });

  it('steps through every speed and no further', () => {
    const clock = new ReplayClock(0, DAY_MS);
    clock.speed = SPEEDS[0];
    clock.changeSpeed(-1);
    expect(clock.speed).toBe(1);
    const seen = SPEEDS.map(() => {
      const { speed } = clock;
      clock.changeSpeed(1);
      return speed;
    });
    expect(seen).toEqual([...SPEEDS]);
    expect(clock.speed).toBe(600);
  });
});

describe('times as text', () => {
  it('count local time from the start of the run, 30 days later and in the warm-up as well', () => {
    const start = '2026-03-02T08:30';
    expect(clockText(start, 0)).toBe('08:30:00');
    expect(clockText(start, 30 * DAY_MS + 1234)).toBe('08:30:01');
    expect(clockText(start, -9 * 3_600_000)).toBe('23:30:00');
    expect(clockText(null, 61_000)).toBe('00:01:01');
    expect(sinceStartText(30 * DAY_MS + 3_661_000, ' d')).toBe('+30 d 01:01:01');
    expect(sinceStartText(-1_800_000, ' d')).toBe('−00:30:00');
    expect(new Wording('en').day(start, 30 * DAY_MS)).toBe('Wed, Apr 1');
    expect(new Wording('zh-CN').day(start, 30 * DAY_MS)).toContain('4月1日');
  });

  it('show durations in minutes and seconds, hours where there are any, a dash where unknown', () => {
    expect([0, 59.6, 61, 3600, -30, null, NaN].map(durationText)).toEqual([
      '0:00',
      '1:00',
      '1:01',
      '1:00:00',
      '−0:30',
      '–',
      '–',
    ]);
  });
});

describe('languages', () => {
  it('follow ?lang=, then the browser, then English', () => {
    expect(pickLanguage('zh', ['en-GB'])).toBe('zh-CN');
    expect(pickLanguage(null, ['fr-FR', 'zh-Hant-TW', 'en'])).toBe('zh-CN');
    expect(pickLanguage('xx', ['fr-FR'])).toBe('en');
    expect(pickLanguage('EN-us', ['zh-CN'])).toBe('en');
  });

  it('use the same words to fill in, and leave no text empty', () => {
    const holes = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort();
    for (const key of Object.keys(en) as (keyof typeof en)[]) {
      expect([key, holes(zhCN[key])]).toEqual([key, holes(en[key])]);
      expect(zhCN[key].trim()).not.toBe('');
    }
  });

  it('hold no text that nothing shows', () => {
    const folder = join(import.meta.dirname, '../../viz');
    const source = readdirSync(folder)
      .filter((name) => /\.(ts|html)$/.test(name))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
    const unused = Object.keys(en).filter((key) => {
      if (source.includes(`'${key}'`) || source.includes(`"${key}"`)) return false;
      // keys put together: text(`tier.${tier}`), word('clock', name)
      const [, prefix] = /^(.*)\.[^.]*$/.exec(key) ?? [];
      return !source.includes(`\`${prefix}.\${`) && !source.includes(`word('${prefix}'`);
    });
    expect(unused).toEqual([]);
  });

  it('leave a scenario word alone that no catalogue knows, even one that an object would know', () => {
    for (const language of LANGUAGES) {
      const wording = new Wording(language);
      for (const name of ['core-ish', 'constructor', '__proto__', '{n}']) {
        expect(wording.word('group.zoneClass', name)).toBe(name);
      }
      expect(wording.text('problem.badJson', { file: '{reason}', reason: 'x' })).toContain('{reason}');
    }
  });
});
