// How loud it was the last time, where the browser keeps such things.
const KEY = 'beatpass.volume';
const AT_FIRST = 0.8;

export function rememberedVolume(): number {
  try {
    const kept = localStorage.getItem(KEY);
    const volume = kept === null ? AT_FIRST : Number(kept);
    return volume >= 0 && volume <= 1 ? volume : AT_FIRST;
  } catch {
    return AT_FIRST;
  }
}

export function rememberVolume(volume: number): void {
  try {
    localStorage.setItem(KEY, String(volume));
  } catch {
    // Then the next visit begins as the first did.
  }
}
