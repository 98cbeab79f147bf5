/** How the phone is, as far as its browser tells: nothing here is in every browser. */
import type { PhoneFacts } from '../../signal/protocol/control-reports';

/** W3C Battery Status API; Chromium only. */
interface Battery {
  readonly level: number;
  readonly charging: boolean;
}

/** W3C Network Information API; Chromium only, `type` on phones only. */
interface NetworkInformation {
  readonly type?: string;
  readonly effectiveType?: string;
}

/** The part of `window` that is read. */
export interface FactsView {
  readonly navigator: {
    readonly onLine: boolean;
    readonly getBattery?: () => Promise<Battery>;
    readonly connection?: NetworkInformation;
  };
  readonly document: Pick<Document, 'visibilityState'>;
  matchMedia(query: string): { readonly matches: boolean };
}

/** Asks for the battery once; its figures are kept up to date by the browser. */
export class PhoneFactsReader {
  readonly #view: FactsView;
  #battery: Battery | undefined;

  constructor(view: FactsView) {
    this.#view = view;
    view.navigator.getBattery?.().then(
      (battery) => {
        this.#battery = battery;
      },
      () => {
        // Not told on this page: then it is absent.
      },
    );
  }

  /** The facts of now. */
  read(): PhoneFacts {
    const { navigator, document } = this.#view;
    const { type, effectiveType } = navigator.connection ?? {};
    const network = (type ?? effectiveType)?.toLowerCase();
    const battery = this.#battery;
    return {
      ...(battery === undefined
        ? {}
        : { batteryLevel: battery.level, isCharging: battery.charging }),
      ...(network === undefined || !/^[a-z0-9-]{1,16}$/u.test(network) ? {} : { network }),
      orientation: this.#view.matchMedia('(orientation: portrait)').matches
        ? 'portrait'
        : 'landscape',
      isPageVisible: document.visibilityState === 'visible',
    };
  }
}
