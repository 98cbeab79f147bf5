import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  advance,
  CHECK_IDS,
  needsSteps,
  NOT_CHECKED,
  verdictOf,
  type CheckEvent,
  type CheckId,
  type Checks,
  type Finding,
  type Place,
} from './checks';

const findings: Finding[] = ['passed', 'unreachable', 'refused', 'unsupported', 'broken'];

function found(...pairs: [CheckId, Finding][]): Checks {
  const begun = advance(NOT_CHECKED, { type: 'begun' });
  return pairs.reduce((checks, [id, finding]) => {
    return advance(checks, { type: 'found', run: begun.run, id, finding });
  }, begun);
}

describe('verdictOf', () => {
  it('waits for each check in turn', () => {
    expect(verdictOf(NOT_CHECKED, 'plain')).toBe('checking');
    expect(verdictOf(found(['page', 'passed']), 'plain')).toBe('checking');
    expect(verdictOf(found(['page', 'passed'], ['socket', 'passed']), 'secure')).toBe('checking');
  });

  it.each([
    ['unreachable', 'unreachable'],
    ['refused', 'untrusted'],
    ['broken', 'page-broken'],
  ] as const)('names a page that is %s', (finding, verdict) => {
    expect(verdictOf(found(['page', finding]), 'plain')).toBe(verdict);
  });

  it('names the socket that an iPhone refuses behind a warning', () => {
    const checks = found(['page', 'passed'], ['socket', 'refused']);
    expect(verdictOf(checks, 'secure')).toBe('socket-refused');
  });

  it('sends people to the secure page for the last check', () => {
    const checks = found(['page', 'passed'], ['socket', 'passed']);
    expect(verdictOf(checks, 'plain')).toBe('continue-on-secure-page');
  });

  it.each([
    ['passed', 'ready'],
    ['refused', 'worker-refused'],
    ['unsupported', 'worker-unsupported'],
    ['broken', 'worker-broken'],
  ] as const)('tells a worker that is %s', (finding, verdict) => {
    const checks = found(['page', 'passed'], ['socket', 'passed'], ['worker', finding]);
    expect(verdictOf(checks, 'secure')).toBe(verdict);
  });
});

describe('advance', () => {
  it('keeps what was found while it checks again', () => {
    const first = found(['page', 'passed'], ['socket', 'passed']);
    const again = advance(advance(first, { type: 'ended', run: 1 }), { type: 'begun' });
    expect(again.isRunning).toBe(true);
    expect(verdictOf(again, 'plain')).toBe('continue-on-secure-page');
  });

  it('forgets what lies behind a check that now fails', () => {
    const first = found(['page', 'passed'], ['socket', 'passed'], ['worker', 'passed']);
    const again = advance(first, { type: 'found', run: 1, id: 'page', finding: 'refused' });
    expect(again.findings).toEqual({ page: 'refused', socket: undefined, worker: undefined });
  });

  it('is ready on no other way than by three checks of its own runs', () => {
    const place = fc.constantFrom<Place>('plain', 'secure');
    const event = fc.oneof(
      fc.constant<CheckEvent>({ type: 'begun' }),
      fc.record({
        type: fc.constant('found' as const),
        run: fc.nat(4),
        id: fc.constantFrom(...CHECK_IDS),
        finding: fc.constantFrom(...findings),
      }),
      fc.record({ type: fc.constant('ended' as const), run: fc.nat(4) }),
    );
    fc.assert(
      fc.property(place, fc.array(event, { maxLength: 30 }), (where, events) => {
        let checks = NOT_CHECKED;
        for (const next of events) {
          const before = checks;
          checks = advance(checks, next);
          const isStale = next.type !== 'begun' && next.run !== before.run;
          if (isStale) expect(checks).toBe(before);
        }
        const verdict = verdictOf(checks, where);
        const passed = CHECK_IDS.filter((id) => checks.findings[id] === 'passed');
        if (verdict === 'ready') expect([where, passed.length]).toEqual(['secure', 3]);
        if (needsSteps(verdict)) expect(passed.length).toBeLessThan(3);
      }),
    );
  });
});
