import { describe, expect, it } from 'vitest';
import type { TrustFacts } from '../../signal/protocol/trust-facts';
import { verdictOf, type Finding, type Place } from './checks';
import type { Probes } from './probes';
import { TrustChecker } from './trust-checker';

const facts: TrustFacts = {
  serverName: 'Studio',
  rootName: 'Sightline root of desk',
  rootFingerprint: Array.from({ length: 32 }, () => 'AB').join(':'),
  securePort: 8443,
  httpPort: 8080,
};

/** Answers at once, and remembers who was asked. */
class FakeProbes implements Probes {
  readonly asked: string[] = [];
  readonly signals: AbortSignal[] = [];
  known: TrustFacts | undefined = facts;
  findings: Record<'page' | 'socket' | 'worker', Finding> = {
    page: 'passed',
    socket: 'passed',
    worker: 'passed',
  };
  /** Held back until it is called. */
  answerPage: ((finding: Finding) => void) | undefined;
  holdsPage = false;

  facts(signal: AbortSignal): Promise<TrustFacts | undefined> {
    this.signals.push(signal);
    return Promise.resolve(this.known);
  }
  page(origin: string): Promise<Finding> {
    this.asked.push(`page ${origin}`);
    if (!this.holdsPage) return Promise.resolve(this.findings.page);
    return new Promise((resolve) => (this.answerPage = resolve));
  }
  socket(origin: string): Promise<Finding> {
    this.asked.push(`socket ${origin}`);
    return Promise.resolve(this.findings.socket);
  }
  worker(): Promise<Finding> {
    this.asked.push('worker');
    return Promise.resolve(this.findings.worker);
  }
}

function checkerAt(place: Place, probes: Probes): TrustChecker {
  const secureOriginOf = ({ securePort }: TrustFacts) => `https://desk.local:${securePort}`;
  return new TrustChecker({ place, probes, secureOriginOf });
}

describe('TrustChecker', () => {
  it('asks in order, and leaves the worker to the secure page', async () => {
    const probes = new FakeProbes();
    await checkerAt('plain', probes).check();
    expect(probes.asked).toEqual([
      'page https://desk.local:8443',
      'socket https://desk.local:8443',
    ]);
    const secure = checkerAt('secure', probes);
    await secure.check();
    expect(probes.asked.slice(2)).toHaveLength(3);
    expect(verdictOf(secure.checks, 'secure')).toBe('ready');
    expect(secure.checks.isRunning).toBe(false);
  });

  it('stops at the first that fails', async () => {
    const probes = new FakeProbes();
    probes.findings.page = 'refused';
    const checker = checkerAt('secure', probes);
    await checker.check();
    expect(probes.asked).toHaveLength(1);
    expect(verdictOf(checker.checks, 'secure')).toBe('untrusted');
    expect(checker.facts).toEqual(facts);
  });

  it('tells a server that is away from one that is not trusted', async () => {
    const probes = new FakeProbes();
    probes.known = undefined;
    const checker = checkerAt('plain', probes);
    await checker.check();
    expect(probes.asked).toEqual([]);
    expect(verdictOf(checker.checks, 'plain')).toBe('unreachable');
    probes.known = facts;
    await checker.check();
    expect(verdictOf(checker.checks, 'plain')).toBe('continue-on-secure-page');
  });

  it('drops what an abandoned run still finds', async () => {
    const probes = new FakeProbes();
    probes.holdsPage = true;
    const checker = checkerAt('plain', probes);
    const first = checker.check();
    await Promise.resolve();
    await Promise.resolve();
    const answerFirst = probes.answerPage;
    probes.holdsPage = false;
    await checker.check();
    expect(probes.signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    answerFirst?.('refused');
    await first;
    expect(answerFirst).toBeDefined();
    expect(verdictOf(checker.checks, 'plain')).toBe('continue-on-secure-page');
  });

  it('abandons its run when closed, tells nobody any more, and may be closed twice', async () => {
    const probes = new FakeProbes();
    const checker = checkerAt('plain', probes);
    const running = checker.check();
    let changes = 0;
    checker.on('changed', () => (changes += 1));
    checker.close();
    checker.close();
    await running;
    await checker.check();
    expect(probes.signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(changes).toBe(0);
  });
});
