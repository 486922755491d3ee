// Counts what runs: timers up from data-started, deadlines down to data-due. The server's clock is the truth; the
// browser's error is taken out with the moment the page was drawn, and no state changes without the server.
const two = (number) => String(number).padStart(2, "0");

function stopwatch(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

function timeLeft(seconds) {
  const minutes = Math.max(0, Math.floor(seconds / 60));
  return minutes < 60 ? `${minutes}\u00a0min` : `${Math.floor(minutes / 60)}\u00a0h\u00a0${two(minutes % 60)}`;
}

// What a timer showed when it was drawn, so that a wrong clock in the browser does not add or lose time.
function shownSeconds(text) {
  const parts = text.trim().split(":").map(Number);
  return parts.length === 3 && parts.every(Number.isFinite) ? parts[0] * 3600 + parts[1] * 60 + parts[2] : null;
}

const beginnings = new WeakMap();

function beginning(node) {
  const known = beginnings.get(node);
  if (known && known.started === node.dataset.started) return known;
  const now = performance.now() / 1000;
  const shown = shownSeconds(node.textContent);
  const elapsed = shown ?? (Date.now() - Date.parse(node.dataset.started)) / 1000;
  const entry = { started: node.dataset.started, at: now - elapsed };
  beginnings.set(node, entry);
  return entry;
}

function tick() {
  const now = performance.now() / 1000;
  for (const node of document.querySelectorAll("[data-started]")) {
    node.textContent = stopwatch(now - beginning(node).at);
  }
  for (const node of document.querySelectorAll("[data-due]")) {
    const words = node.querySelector("[data-clock-text]");
    if (!words) continue;
    // A text that says more than the time ("2 h 56 left") keeps its own words.
    const pattern = /(\d+\s*h\s*\d{2}|\d+\s*min)/;
    const text = words.textContent.replace(pattern, timeLeft((Date.parse(node.dataset.due) - Date.now()) / 1000));
    if (pattern.test(words.textContent) && text !== words.textContent) words.textContent = text;
  }
}

export function startClocks() {
  tick();
  setInterval(tick, 1000);
}
