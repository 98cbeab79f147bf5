/** The session that the history shows: the one that goes on, or one that was kept. */
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import type { SessionHistory, SessionRecord } from '../statistics/session-history';
import type { SessionRecorder } from '../statistics/session-recorder';
import { SessionTimeline } from '../statistics/session-timeline';
import type { ExportedSession } from './export-session';

/** Nothing in the history moves faster, in milliseconds. */
const REFRESH_MS = 1_000;

/** What is shown, replaced once a second while it goes on. */
export interface ShownSession extends ExportedSession {
  readonly isLive: boolean;
}

/** What the history is made from. */
export interface HistorySources {
  readonly recorder: Pick<SessionRecorder, 'session' | 'now' | 'restart'>;
  readonly history: Pick<SessionHistory, 'isKept' | 'sessions' | 'read' | 'remove' | 'clear'>;
}

/** Shows a session and keeps it fresh for as long as the component lives. */
export function useSession({ recorder, history }: HistorySources) {
  const earlier = shallowRef<readonly SessionRecord[]>([]);
  const shown = shallowRef<ShownSession>();
  /** Undefined is the session that goes on. */
  const chosenId = ref<string>();
  const isKept = ref(true);
  const isLoading = ref(true);

  const isLive = computed(() => chosenId.value === undefined);

  function refresh(): void {
    if (chosenId.value !== undefined) return;
    const { session } = recorder;
    if (session === undefined) {
      shown.value = undefined;
      return;
    }
    const { sessionId, startedAt, timeline } = session;
    shown.value = { sessionId, startedAt, timeline, until: recorder.now(), isLive: true };
  }

  /** Looks again at what is kept. */
  async function list(): Promise<void> {
    const sessions = await history.sessions();
    const own = recorder.session?.sessionId;
    earlier.value = sessions.filter(({ sessionId }) => sessionId !== own);
    isKept.value = history.isKept;
  }

  /** Shows a session that was kept; undefined shows the one that goes on. */
  async function choose(sessionId: string | undefined): Promise<void> {
    chosenId.value = sessionId;
    shown.value = undefined;
    refresh();
    const record = earlier.value.find((session) => session.sessionId === sessionId);
    if (record === undefined) return;
    isLoading.value = true;
    const { samples, events } = await history.read(record.sessionId);
    // Another may have been chosen meanwhile.
    if (chosenId.value !== record.sessionId) return;
    const timeline = new SessionTimeline();
    for (const event of events) timeline.addEvent(event);
    for (const sample of samples) timeline.addSample(sample);
    const until = record.endedAt ?? record.aliveAt;
    const { startedAt } = record;
    shown.value = { sessionId: record.sessionId, startedAt, timeline, until, isLive: false };
    isLoading.value = false;
  }

  /** Forgets what is shown, or everything there is. */
  async function forget(what: 'shown' | 'all'): Promise<void> {
    const sessionId = shown.value?.sessionId;
    // First of all: what the recorder writes meanwhile would bring the session back.
    if (what === 'all' || recorder.session?.sessionId === sessionId) recorder.restart();
    if (what === 'all') await history.clear();
    else if (sessionId !== undefined) await history.remove(sessionId);
    await list();
    await choose(undefined);
  }

  async function begin(): Promise<void> {
    await list();
    isLoading.value = false;
  }

  refresh();
  void begin();
  const timer = setInterval(refresh, REFRESH_MS);
  onScopeDispose(() => clearInterval(timer));

  return { shown, earlier, chosenId, isLive, isKept, isLoading, choose, forget };
}
