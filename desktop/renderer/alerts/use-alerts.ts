import { onScopeDispose, watch } from 'vue';
import { useAnnouncerStore } from '../announcements/announcer-store';
import type { Alert } from '../health/alert-engine';
import type { AlertKind } from '../health/alert-rules';
import { injected, monitorKey } from '../injection';
import { alertWords } from '../wording/alert-words';
import { useAlertSettingsStore } from './alert-settings-store';
import { AlertSound } from './alert-sound';

/** What the audience sees at once is told at once; everything else waits for a pause in speech. */
const URGENT: readonly AlertKind[] = ['frozen', 'paused'];

/** Tells of alerts as they are raised: to screen readers, and by sound where that is wanted. */
export function useAlerts(sound = new AlertSound()): void {
  const monitor = injected(monitorKey);
  const announcer = useAnnouncerStore();
  const settings = useAlertSettingsStore();

  function tell({ streamId, kind, severity }: Alert): void {
    const label = monitor.snapshotOf(streamId)?.info.label;
    if (label === undefined) return;
    const sentence = alertWords.spoken(label, kind);
    if (URGENT.includes(kind)) announcer.sayUrgently(sentence);
    else announcer.say(sentence);
    if (settings.settings.hasSound && severity !== 'notice') sound.play();
  }

  const stop = monitor.alerts.on('raised', tell);
  watch(
    () => settings.settings,
    (changed) => monitor.alerts.setSettings(changed),
  );
  onScopeDispose(() => {
    stop();
    sound.close();
  });
}
