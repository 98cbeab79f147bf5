/**
 * Raises and clears alerts from the facts of each stream, with hysteresis, so that none flickers.
 * Deterministic: time comes in as an argument, and a clock that jumps moves nothing on by more than
 * one step. Who shows alerts listens, or reads `alerts` after each round.
 */
import { createNanoEvents } from 'nanoevents';
import { ALERT_KINDS, type AlertKind, type AlertRule, type AlertSeverity } from './alert-rules';
import { ruleOf, type AlertSettings } from './alert-settings';
import type { HealthFacts } from './health-facts';

/** Longest time that one look counts for, in milliseconds: looks come each second. */
const MAX_STEP_MS = 2_000;

/** Something that is wrong now. */
export interface Alert {
  /** Of this alert alone; the same trouble raised again is another one. */
  readonly alertId: number;
  readonly streamId: string;
  readonly kind: AlertKind;
  readonly severity: AlertSeverity;
  /** By the clock given to `look`, in milliseconds. */
  readonly raisedAt: number;
  /** The figure that was judged last; undefined where it is unknown by now. */
  readonly value: number | undefined;
  readonly isAcknowledged: boolean;
}

interface AlertEvents {
  raised: (alert: Alert) => void;
  cleared: (alert: Alert) => void;
}

/** One rule's memory of one stream. */
interface Watch {
  /** How long it has been as it is, bad or good, in milliseconds. */
  heldMs: number;
  wasBad: boolean;
  alert: Alert | undefined;
}

interface StreamWatch {
  lookedAt: number | undefined;
  readonly rules: Map<AlertKind, Watch>;
  readonly raised: Map<AlertKind, number>;
}

/** See the head of this file. */
export class AlertEngine {
  readonly #events = createNanoEvents<AlertEvents>();
  readonly #streams = new Map<string, StreamWatch>();
  #settings: AlertSettings;
  #nextId = 1;

  constructor(settings: AlertSettings) {
    this.#settings = settings;
  }

  /** All alerts that stand, the oldest first. */
  get alerts(): readonly Alert[] {
    const standing = [...this.#streams.values()].flatMap(({ rules }) =>
      [...rules.values()].flatMap(({ alert }) => (alert === undefined ? [] : [alert])),
    );
    return standing.sort((one, other) => one.alertId - other.alertId);
  }

  /** Listens; returns the way to stop. */
  on<E extends keyof AlertEvents>(event: E, listener: AlertEvents[E]): () => void {
    return this.#events.on(event, listener);
  }

  /** Alerts of one stream, the most urgent first. */
  alertsOf(streamId: string): readonly Alert[] {
    const rules = this.#streams.get(streamId)?.rules;
    return ALERT_KINDS.flatMap((kind) => rules?.get(kind)?.alert ?? []);
  }

  /** How often each kind was raised for a stream since it came. */
  countsOf(streamId: string): ReadonlyMap<AlertKind, number> {
    return this.#streams.get(streamId)?.raised ?? new Map<AlertKind, number>();
  }

  /** Applies other settings from the next look on. */
  setSettings(settings: AlertSettings): void {
    this.#settings = settings;
  }

  /**
   * Judges a stream; to be called once a second.
   * @param now milliseconds of any steady clock; steps back and leaps count as little or nothing.
   */
  look(streamId: string, facts: HealthFacts, now: number): void {
    const stream = this.#streamOf(streamId);
    const step = Math.min(Math.max(now - (stream.lookedAt ?? now), 0), MAX_STEP_MS);
    stream.lookedAt = now;
    for (const kind of ALERT_KINDS) {
      const watch = watchOf(stream, kind);
      const rule = ruleOf(kind, this.#settings);
      if (rule === undefined) {
        this.#clear(watch);
        watch.heldMs = 0;
        continue;
      }
      const value = rule.read(facts);
      const isBad = judge(rule, value, watch.alert !== undefined);
      watch.heldMs = isBad === watch.wasBad ? watch.heldMs + step : 0;
      watch.wasBad = isBad;
      if (watch.alert !== undefined) watch.alert = { ...watch.alert, value };
      if (isBad && watch.alert === undefined && watch.heldMs >= rule.holdMs) {
        watch.alert = this.#raise(streamId, stream, kind, rule.severity, now, value);
        watch.heldMs = 0;
      } else if (!isBad && watch.alert !== undefined && watch.heldMs >= rule.releaseMs) {
        this.#clear(watch);
        watch.heldMs = 0;
      }
    }
  }

  /** Marks an alert as seen; it stays until its cause is gone. */
  acknowledge(alertId: number): void {
    for (const { rules } of this.#streams.values()) {
      for (const watch of rules.values()) {
        if (watch.alert?.alertId === alertId) {
          watch.alert = { ...watch.alert, isAcknowledged: true };
        }
      }
    }
  }

  /** Forgets a stream that has left; its alerts clear. */
  remove(streamId: string): void {
    const stream = this.#streams.get(streamId);
    this.#streams.delete(streamId);
    for (const watch of stream?.rules.values() ?? []) this.#clear(watch);
  }

  #raise(
    streamId: string,
    stream: StreamWatch,
    kind: AlertKind,
    severity: AlertSeverity,
    raisedAt: number,
    value: number | undefined,
  ): Alert {
    const alertId = this.#nextId;
    this.#nextId += 1;
    stream.raised.set(kind, (stream.raised.get(kind) ?? 0) + 1);
    const isAcknowledged = false;
    const alert = { alertId, streamId, kind, severity, raisedAt, value, isAcknowledged };
    this.#events.emit('raised', alert);
    return alert;
  }

  #clear(watch: Watch): void {
    const { alert } = watch;
    watch.alert = undefined;
    if (alert !== undefined) this.#events.emit('cleared', alert);
  }

  #streamOf(streamId: string): StreamWatch {
    const known = this.#streams.get(streamId);
    if (known !== undefined) return known;
    const stream = {
      lookedAt: undefined,
      rules: new Map<AlertKind, Watch>(),
      raised: new Map<AlertKind, number>(),
    };
    this.#streams.set(streamId, stream);
    return stream;
  }
}

function watchOf({ rules }: StreamWatch, kind: AlertKind): Watch {
  const known = rules.get(kind);
  if (known !== undefined) return known;
  const watch: Watch = { heldMs: 0, wasBad: false, alert: undefined };
  rules.set(kind, watch);
  return watch;
}

/** What is unknown is not bad. A raised alert has to come back further than it went. */
function judge(rule: AlertRule, value: number | undefined, isRaised: boolean): boolean {
  if (value === undefined) return false;
  const { isBad, limit, clearFactor } = rule;
  const isBeyond = isBad === 'above' ? value >= limit : value <= limit;
  if (isBeyond || !isRaised) return isBeyond;
  return isBad === 'above' ? value > limit * clearFactor : value < limit * clearFactor;
}
