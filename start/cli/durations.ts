/** Formats a duration: `45 s`, `3 min 20 s`. */
export function inWords(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const [minutes, remainder] = [Math.floor(whole / 60), whole % 60];
  return remainder === 0 ? `${minutes} min` : `${minutes} min ${remainder} s`;
}

/** Formats an estimated duration: up to a minute in steps of 10 s (`20 s`), a longer one in steps of half a minute (`1.5 min`). */
export function roughly(seconds: number): string {
  if (seconds <= 60) return `${Math.max(10, Math.ceil(seconds / 10) * 10)} s`;
  return `${Math.round(seconds / 30) / 2} min`;
}
