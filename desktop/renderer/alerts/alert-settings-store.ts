import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import {
  defaultAlertSettings,
  keepAlertSettings,
  readAlertSettings,
  type AlertSettings,
} from '../health/alert-settings';
import { pageStorage } from '../host/page-storage';

/** What the operator set of the alerts; kept in the browser. */
export const useAlertSettingsStore = defineStore('alert-settings', () => {
  const settings = shallowRef<AlertSettings>(readAlertSettings(pageStorage(window)));
  /** False once the browser refused to keep a change: it holds until the page closes. */
  const areKept = ref(true);

  function change(changed: AlertSettings): void {
    settings.value = changed;
    areKept.value = keepAlertSettings(pageStorage(window), changed);
  }

  function reset(): void {
    change({ ...defaultAlertSettings, hasSound: settings.value.hasSound });
  }

  return { settings, areKept, change, reset };
});
