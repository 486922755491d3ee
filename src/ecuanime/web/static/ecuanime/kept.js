// What was written into a form is kept in this tab while it is on its way. A page that says why it was not taken (its
// main part has data-not-done), a lost connection or a proxy's error leave it there, and the form shows it again; any
// other page of ours means that it was taken. The composer of tickets keeps its drafts itself. Starts itself: the page
// of a failure loads nothing else.
import { phrase, toast } from "./phrases.js";

const KEY = "ec-form";
const TEXTS = "textarea[name], select[name], input[name]:is(:not([type]), [type=text], [type=email], [type=search], [type=url], [type=tel], [type=date], [type=number])";

const here = () => location.pathname + location.search;
const cameBack = () => ["back_forward", "reload"].includes(performance.getEntriesByType("navigation")[0]?.type);

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  } catch {
    return null;
  }
}

function write(form) {
  try {
    if (form) sessionStorage.setItem(KEY, JSON.stringify(form));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Without a store the browser's own memory of forms is all there is.
  }
}

const isKept = (form) => form.method === "post" && form.querySelector("textarea, input[type=file]") && !form.closest("[data-composer]");

// Which form of a page it is: where it is sent, what it asks and what its buttons do; of some alike, which of them.
const shape = (form) => JSON.stringify([form.getAttribute("action"), ...[...form.querySelectorAll(`${TEXTS}, button[name]`)].map((each) => [each.name, each.matches("button") ? each.value : ""])]);
const alike = (wanted) => [...document.forms].filter((each) => isKept(each) && shape(each) === wanted);

function fill(kept) {
  const form = alike(kept.shape)[kept.place];
  if (!form) return;
  const fields = [...form.querySelectorAll(TEXTS)].filter((field) => (kept.texts[field.name] ?? field.value) !== field.value);
  for (const field of fields) {
    field.value = kept.texts[field.name];
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (fields.length) toast(phrase("restored"));
}

function arrive() {
  const kept = read();
  if (!kept) return;
  if (document.querySelector("[data-not-done]")) return write({ ...kept, failed: true });
  const who = document.body.dataset.who ?? "";
  const isBack = kept.page === here();
  if (who === kept.who && isBack && (kept.failed || cameBack())) fill(kept);
  const isOfAnother = who && who !== kept.who; // on the pages of signing in it is nobody
  if (!kept.failed || isBack || isOfAnother) write(null);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !isKept(form)) return;
  const texts = Object.fromEntries([...form.querySelectorAll(TEXTS)].map((field) => [field.name, field.value]));
  const place = alike(shape(form)).indexOf(form);
  write({ page: here(), shape: shape(form), place, who: document.body.dataset.who ?? "", texts });
});
window.addEventListener("pageshow", (event) => event.persisted && write(null));
arrive();
