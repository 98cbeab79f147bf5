/** Prints a figure that a test measured; the test's own name stands above it. */
export function report(what: string, milliseconds: number): void {
  console.log(`measured: ${what}: ${Math.round(milliseconds)} ms`);
}
