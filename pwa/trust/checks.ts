/**
 * The three checks of the way in, as plain data: does the secure page answer, does the secure
 * WebSocket open, can the service worker be registered. A browser does not tell a page whether
 * its certificate is trusted or was waved through after a warning; what it then refuses does.
 */

/** Where the page stands: the plain HTTP port, or the secure one. */
export type Place = 'plain' | 'secure';

/** In the order in which they are made: each makes sense only after the one before. */
export const CHECK_IDS = ['page', 'socket', 'worker'] as const;

export type CheckId = (typeof CHECK_IDS)[number];

/**
 * What a check found. `unreachable`: not even the plain port answers; `refused`: the browser or
 * something on the way does not allow it; `unsupported`: this browser has no such thing here;
 * `broken`: allowed, but what the server sent is of no use.
 */
export type Finding = 'passed' | 'unreachable' | 'refused' | 'unsupported' | 'broken';

/** All checks. What was found stays until the next run finds something else. */
export interface Checks {
  /** Counts runs, so that what an abandoned run still finds can be told. */
  readonly run: number;
  readonly isRunning: boolean;
  readonly findings: Readonly<Record<CheckId, Finding | undefined>>;
}

export type CheckEvent =
  | { readonly type: 'begun' }
  | {
      readonly type: 'found';
      readonly run: number;
      readonly id: CheckId;
      readonly finding: Finding;
    }
  | { readonly type: 'ended'; readonly run: number };

export const NOT_CHECKED: Checks = {
  run: 0,
  isRunning: false,
  findings: { page: undefined, socket: undefined, worker: undefined },
};

/** The checks after an event. Events of abandoned runs change nothing. */
export function advance(checks: Checks, event: CheckEvent): Checks {
  if (event.type === 'begun') return { ...checks, run: checks.run + 1, isRunning: true };
  if (event.run !== checks.run || !checks.isRunning) return checks;
  if (event.type === 'ended') return { ...checks, isRunning: false };
  const findings = { ...checks.findings, [event.id]: event.finding };
  if (event.finding === 'passed') return { ...checks, findings };
  // What an earlier run found behind this one no longer holds.
  for (const later of CHECK_IDS.slice(CHECK_IDS.indexOf(event.id) + 1)) findings[later] = undefined;
  return { ...checks, findings };
}

/** What the findings mean for the person; each has its own words. */
export type Verdict =
  | 'checking'
  | 'unreachable'
  | 'untrusted'
  | 'page-broken'
  | 'socket-refused'
  | 'continue-on-secure-page'
  | 'worker-refused'
  | 'worker-unsupported'
  | 'worker-broken'
  | 'ready';

/** Judges findings. */
export function verdictOf({ findings }: Checks, place: Place): Verdict {
  const { page, socket, worker } = findings;
  if (page === undefined) return 'checking';
  if (page === 'unreachable') return 'unreachable';
  if (page === 'broken') return 'page-broken';
  if (page !== 'passed') return 'untrusted';
  if (socket === undefined) return 'checking';
  if (socket !== 'passed') return 'socket-refused';
  // A service worker can only be registered by a secure page of its own origin.
  if (place === 'plain') return 'continue-on-secure-page';
  switch (worker) {
    case undefined:
      return 'checking';
    case 'passed':
      return 'ready';
    case 'unsupported':
      return 'worker-unsupported';
    case 'refused':
      return 'worker-refused';
    case 'unreachable':
    case 'broken':
      return 'worker-broken';
  }
}

/** Whether the phone still has to be taught to trust the server. */
export function needsSteps(verdict: Verdict): boolean {
  return ['untrusted', 'socket-refused', 'worker-refused'].includes(verdict);
}
