import { useAnnouncerStore } from '../announcements/announcer-store';
import { useWallStore } from '../streams/wall-store';
import { inspectorWords } from '../wording/inspector-words';
import { useInspectorStore } from './inspector-store';

/** What tiles and keys ask of the inspector; comparing says what became of it. */
export function useInspect(): {
  readonly inspect: (streamId: string | undefined) => void;
  readonly compare: (streamId: string | undefined) => void;
} {
  const inspector = useInspectorStore();
  const announcer = useAnnouncerStore();
  const wall = useWallStore();

  function inspect(streamId: string | undefined): void {
    if (streamId !== undefined) inspector.toggle(streamId);
  }

  function compare(streamId: string | undefined): void {
    const view = streamId === undefined ? undefined : wall.tileOf(streamId);
    if (streamId === undefined || view === undefined) return;
    const outcome = inspector.compare(streamId);
    if (outcome === 'added') {
      announcer.say(inspectorWords.added(view.info.label, inspector.shown.length));
    }
  }

  return { inspect, compare };
}
