import type { InlineConfig } from 'vite';

/** Vite builds that make up this part, run in order. */
export function desktopBuilds(): InlineConfig[] {
  return [];
}
