import { describe, expect, it } from 'vitest';
import { selectorLabel } from '../../viz/coverage.ts';
import { LANGUAGES, Wording } from '../../viz/i18n.ts';
import { groupLabel } from '../../viz/tables.ts';

const english = new Wording('en');
const chinese = new Wording('zh-CN');

describe('the calls that a clause is of', () => {
  it('are named in both languages, with how many units they need', () => {
    const selector = 'zone class urban or rural, priority 1 that need 2 units or more';
    expect(selectorLabel(selector, english)).toBe(
      'Urban zones or Rural zones, Priority 1 that need 2 units or more',
    );
    expect(selectorLabel(selector, chinese)).toBe('城区或农村，优先级 1（需 2 组及以上）');
    expect(selectorLabel('all calls that need 2 units or more', chinese)).toBe('全部警情（需 2 组及以上）');
  });

  it('leave no zone class of the standards untranslated', () => {
    const classes = ['core', 'key', 'general', 'urban', 'suburb', 'rural', 'none'];
    for (const each of classes) expect(groupLabel(`zoneClass:${each}`, each, chinese)).not.toContain(each);
    expect(groupLabel('zoneClass:harbour', 'harbour', chinese)).toBe('区域类别 harbour');
  });
});

describe('what is said of figures', () => {
  it('promises an interval only where there is one', () => {
    for (const language of LANGUAGES) {
      const wording = new Wording(language);
      for (const key of [
        'coverage.achievedAbout',
        'coverage.achievedBatches',
        'coverage.achievedReplayed',
      ] as const)
        expect(wording.text(key)).toMatch(/where there is one|如有/);
    }
  });

  it('does not call the figures of a run without a log complete, since it may have been interrupted', () => {
    for (const key of [
      'noLog.map',
      'noLog.incidents',
      'problem.tablesStillWork',
      'load.cancelled',
    ] as const) {
      expect(english.text(key)).not.toContain('complete');
      expect(chinese.text(key)).not.toContain('完整');
    }
  });
});
