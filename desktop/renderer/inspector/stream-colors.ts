/**
 * Colors of compared streams, by their place: apart from each other also for people who see red and
 * green alike, and with contrast of 3:1 and more on the panel (WCAG 2.2, 1.4.11). The place is always
 * written beside the color.
 */
const COLORS = ['#4ea1ff', '#ffb224', '#3ecf8e', '#e58bff'] as const;

/** Color of the stream at a place, from 1. */
export function streamColor(place: number): string {
  return COLORS[(place - 1) % COLORS.length] ?? COLORS[0];
}
