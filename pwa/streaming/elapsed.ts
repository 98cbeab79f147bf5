/** A duration as a clock: `00:07`, `12:34`, `1:02:03`. Clocks that were set back count as zero. */
export function formatElapsed(milliseconds: number): string {
  const total = Math.max(0, Math.floor(milliseconds / 1000));
  const hours = Math.floor(total / 3600);
  const minutes = twoDigits(Math.floor(total / 60) % 60);
  const seconds = twoDigits(total % 60);
  return hours === 0 ? `${minutes}:${seconds}` : `${hours}:${minutes}:${seconds}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
