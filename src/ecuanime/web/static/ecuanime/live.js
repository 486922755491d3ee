// Keeps a list true without moving it: every few seconds a tiny question (has any ticket changed since?), and only then
// the rows that are shown and the numbers beside the lists. What is new waits behind its button. A tab that nobody sees
// asks nothing; a lost connection is said, tried again ever more slowly, and mended at once when it is back.
import { connectionBack, connectionLost } from "./connection.js";
import { phrase, toast } from "./phrases.js";

const EVERY = 10000;
const SLOWEST = 60000;

const list = document.querySelector("[data-pulse]");
let version = list?.dataset.version ?? "";
let failures = 0;
let timer = 0;
let asksAgain = false;

function address() {
  const url = new URL(list.dataset.pulse, location.href);
  const rows = [...list.querySelectorAll("[data-row]")].map((row) => row.id.slice(1));
  // A change is counted a moment before it can be read: after one, the next question is answered in full.
  url.searchParams.set("v", asksAgain ? "" : version);
  url.searchParams.set("t", rows.join(","));
  return url;
}

function put(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  for (const row of fresh.querySelectorAll("[data-row]")) {
    const old = document.getElementById(row.id);
    if (!old || old.dataset.stamp === row.dataset.stamp) continue;
    for (const name of ["cur", "shown"]) row.classList.toggle(name, old.classList.contains(name));
    const box = row.querySelector("input[name=ticket]");
    if (box) box.checked = Boolean(old.querySelector("input[name=ticket]")?.checked);
    const hadFocus = old.contains(document.activeElement);
    old.replaceWith(row);
    globalThis.htmx?.process(row);
    if (hadFocus) row.querySelector("[data-open]")?.focus({ preventScroll: true });
  }
  for (const number of fresh.querySelectorAll("[data-count]")) {
    for (const shown of document.querySelectorAll(`[data-count="${CSS.escape(number.dataset.count)}"]`)) {
      if (shown.textContent !== number.textContent) shown.textContent = number.textContent;
    }
  }
}

async function ask() {
  clearTimeout(timer);
  if (document.hidden) return;
  try {
    const answer = await fetch(address(), { headers: { "X-Live": "1" }, redirect: "error" });
    if (answer.status === 200) {
      const now = answer.headers.get("X-Version") ?? "";
      asksAgain = now !== version;
      version = now;
      put(await answer.text());
    } else if (answer.status === 401) {
      toast(phrase("signedOut"), { stay: true });
      return;
    } else if (answer.status >= 500) {
      throw new Error(String(answer.status));
    } else {
      asksAgain = false;
    }
    failures = 0;
    connectionBack();
  } catch {
    failures += 1;
    connectionLost();
  }
  timer = setTimeout(ask, failures ? Math.min(SLOWEST, 2000 * 2 ** (failures - 1)) : EVERY);
}

export function startLive() {
  if (!list) return;
  document.addEventListener("visibilitychange", () => document.hidden || ask());
  window.addEventListener("online", ask);
  timer = setTimeout(ask, EVERY);
}
