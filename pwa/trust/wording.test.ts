import { describe, expect, it } from 'vitest';
import type { Verdict } from './checks';
import { PLATFORM_IDS } from './platform';
import { GUIDES, pictureWording, verdictWording } from './wording';

const verdicts: Record<Verdict, true> = {
  checking: true,
  unreachable: true,
  untrusted: true,
  'page-broken': true,
  'socket-refused': true,
  'continue-on-secure-page': true,
  'worker-refused': true,
  'worker-unsupported': true,
  'worker-broken': true,
  ready: true,
};

describe('wording of the way in', () => {
  it('says something different, and what to do, for each verdict', () => {
    for (const platform of PLATFORM_IDS) {
      const words = (Object.keys(verdicts) as Verdict[]).map((verdict) => {
        const { title, advice } = verdictWording(verdict, platform);
        expect(advice).not.toBe('');
        return title;
      });
      expect(new Set(words).size).toBe(words.length);
    }
  });

  it('names the switch that iPhones need, and no way around it', () => {
    expect(verdictWording('socket-refused', 'ios').advice).toContain('Certificate Trust Settings');
    expect(GUIDES.ios.without.text).toMatch(/^Nothing/u);
    expect(GUIDES.android.without.text).toContain('tab');
  });

  it('gives each platform its own form of the root', () => {
    expect(GUIDES.ios.download.path).toBe('/sightline-root.mobileconfig');
    expect(GUIDES.android.download.path).toBe('/sightline-root.crt');
    expect(GUIDES.computer.download.path).toBe('/sightline-root.crt');
  });

  it('marks exactly one thing in each picture', () => {
    const pictures = PLATFORM_IDS.flatMap((id) => GUIDES[id].groups)
      .flatMap(({ steps }) => steps)
      .flatMap(({ picture }) => (picture === undefined ? [] : [picture]));
    expect(pictures.length).toBeGreaterThan(8);
    for (const picture of pictures) {
      const marked = picture.rows.filter(({ isTarget }) => isTarget).length;
      expect(marked + (picture.action === undefined ? 0 : 1), picture.title).toBe(1);
      expect(pictureWording(picture)).toContain('is marked');
      // What is longer runs out of its row; a picture has no line breaks.
      for (const { label } of picture.rows) expect(label.length, label).toBeLessThan(30);
    }
  });
});
