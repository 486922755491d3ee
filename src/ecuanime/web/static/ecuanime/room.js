// The room of an emergency: it stays true by itself, and what is written in it survives a bad connection. Every few
// seconds a small question (has anything changed?), and only then the parts that differ are put in place, save one that
// somebody is writing in. Forms are sent without leaving the page; what could not be sent is kept and sent later, with
// a key by which the server knows it again.
import { connectionBack, connectionLost } from "./connection.js";
import { phrase, toast } from "./phrases.js";

const EVERY = 10000;
const SLOWEST = 60000;
const KEY = "ec-room:";
const TEXTS = "textarea[name], select[name], input[name]:not([type=hidden], [type=file], [type=checkbox])";

const room = document.querySelector("[data-room]");
const seen = new Map();
const unsent = new Map();
let version = room?.dataset.version ?? "";
let failures = 0;
let timer = 0;

const words = new XMLSerializer();
const bare = (part) => words.serializeToString(part).replace(/(name="csrfmiddlewaretoken" value=")[^"]*/g, "$1");
const keyOf = (form) => `${KEY}${document.body.dataset.who ?? ""}:${location.pathname}:${form.id}`;

function isChanged(field) {
  if (field.type === "file") return field.files.length > 0;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.tagName === "SELECT") return field.selectedIndex !== Math.max(0, [...field.options].findIndex((each) => each.defaultSelected));
  return field.type !== "hidden" && field.value !== field.defaultValue;
}

function isWritten(part) {
  const focus = document.activeElement;
  const isIn = part.contains(focus) && focus.matches("input, textarea, select");
  return isIn || [...part.querySelectorAll("input, textarea, select")].some(isChanged);
}

function put(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  let isWhole = true;
  for (const old of room.querySelectorAll("[data-live]")) {
    const part = fresh.getElementById(old.id);
    const now = part ? bare(part) : "";
    if (seen.get(old.id) === now) continue;
    if (isWritten(old)) {
      isWhole = false;
      continue;
    }
    seen.set(old.id, now);
    if (!part) {
      old.replaceChildren();
      continue;
    }
    const open = [...old.querySelectorAll("details[id][open]")].map((each) => each.id);
    const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
    old.replaceWith(part);
    for (const id of open) part.querySelector(`#${CSS.escape(id)}`)?.setAttribute("open", "");
    globalThis.htmx?.process(part);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }
  for (const old of room.querySelectorAll("[data-part]")) {
    const part = fresh.getElementById(old.id);
    if (part && Boolean(part.firstElementChild) !== Boolean(old.firstElementChild) && !isWritten(old)) old.replaceWith(part);
  }
  version = isWhole ? (fresh.querySelector("[data-room]")?.dataset.version ?? "") : "";
  for (const said of fresh.querySelectorAll("#toasts [data-toast] .ec-grow")) toast(said.textContent);
}

async function ask() {
  clearTimeout(timer);
  if (document.hidden) return;
  try {
    const url = new URL(room.dataset.room, location.href);
    url.searchParams.set("v", version);
    const answer = await fetch(url, { headers: { "X-Live": "1" }, redirect: "error" });
    if (answer.status === 200) put(await answer.text());
    else if (answer.status === 401 || answer.status === 403) return toast(phrase("signedOut"), { stay: true });
    else if (answer.status >= 500) throw new Error(String(answer.status));
    failures = 0;
    connectionBack();
    for (const form of [...unsent.keys()]) form.isConnected ? send(form, ...unsent.get(form)) : unsent.delete(form);
  } catch {
    failures += 1;
    connectionLost();
  }
  timer = setTimeout(ask, failures ? Math.min(SLOWEST, 2000 * 2 ** (failures - 1)) : EVERY);
}

function say(form, text) {
  let place = form.querySelector("[data-room-said]");
  if (!place) {
    place = document.createElement("p");
    place.dataset.roomSaid = "";
    place.className = "ec-bad";
    place.setAttribute("role", "alert");
    form.append(place);
  }
  place.textContent = text;
}

function keep(form) {
  const texts = Object.fromEntries([...form.querySelectorAll(TEXTS)].filter(isChanged).map((each) => [each.name, each.value]));
  try {
    if (Object.keys(texts).length) localStorage.setItem(keyOf(form), JSON.stringify(texts));
    else localStorage.removeItem(keyOf(form));
  } catch {
    // Without a store what is written lives as long as the page.
  }
}

function restore(form) {
  let texts = null;
  try {
    texts = JSON.parse(localStorage.getItem(keyOf(form)) ?? "null");
  } catch {
    return;
  }
  const fields = [...form.querySelectorAll(TEXTS)].filter((each) => texts?.[each.name] && !isChanged(each));
  for (const field of fields) field.value = texts[field.name];
  if (fields.length) toast(phrase("restored"));
}

function taken(form) {
  unsent.delete(form);
  delete form.dataset.key;
  form.reset();
  keep(form);
  form.querySelector("[data-room-said]")?.remove();
  form.closest("details")?.removeAttribute("open");
  if (form.contains(document.activeElement)) document.activeElement.blur();
}

async function send(form, name, value) {
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  form.dataset.key ||= `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 14)}`;
  const body = new FormData(form);
  body.set(name, value);
  body.set("key", form.dataset.key);
  try {
    const answer = await fetch(location.pathname, { method: "POST", body, headers: { "X-Live": "1" } });
    if (answer.status >= 502) throw new Error(String(answer.status));
    const html = await answer.text();
    const isHere = new URL(answer.url).pathname === location.pathname;
    connectionBack();
    if (answer.ok && isHere) {
      taken(form);
      put(html);
    } else {
      unsent.delete(form);
      const refusal = new DOMParser().parseFromString(html, "text/html").querySelector("main [role=alert] span");
      say(form, answer.status === 422 && refusal ? refusal.textContent : phrase(isHere ? "failed" : "signedOut"));
    }
  } catch {
    unsent.set(form, [name, value]);
    say(form, phrase("unsent"));
    connectionLost();
    clearTimeout(timer);
    timer = setTimeout(ask, 2000);
  } finally {
    form.removeAttribute("aria-busy");
  }
}

function start() {
  for (const part of room.querySelectorAll("[data-live]")) seen.set(part.id, bare(part));
  for (const form of room.querySelectorAll("form[data-keep]")) restore(form);
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-keep]");
    if (form) keep(form);
  });
  // Before the page's own keeper of forms hears of it.
  document.addEventListener(
    "submit",
    (event) => {
      if (!event.target.matches("[data-room-form]")) return;
      event.preventDefault();
      const button = event.submitter ?? event.target.querySelector("[type=submit]");
      send(event.target, button.name, button.value);
    },
    true,
  );
  // What goes the usual way leaves no copy once its page is left.
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-keep]:not([data-room-form])")) localStorage.removeItem(keyOf(event.target));
  });
  document.addEventListener("visibilitychange", () => document.hidden || ask());
  window.addEventListener("online", ask);
  if (room.dataset.room && !room.dataset.paused) timer = setTimeout(ask, EVERY);
}

if (room) start();
