// What could stand where one writes, in a list below the field. The arrows choose, Enter or Tab takes, Escape closes.
// data-offers is an address that is asked with what is written (q) and where one stands in it (at); data-names is the
// id of a template whose options are names for @name. Without a script both are plain fields.
import { plain } from "./palette.js";
import { phrase } from "./phrases.js";

const WAIT = 120;
const MOST = 8;
const NAMING = /(?:^|[^\p{L}\p{N}_.@])@([^\s@]{0,60}(?: [^\s@]{0,60})?)$/u;

let made = 0;

// Each source answers with options that know the letters they would stand for (data-start, data-end, data-text).
async function offered(field) {
  const asked = new URLSearchParams({ q: field.value, at: field.selectionStart });
  try {
    const answer = await fetch(`${field.dataset.offers}?${asked}`);
    if (!answer.ok) return [];
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return [...page.querySelectorAll("[role=option]")];
  } catch {
    return []; // Without a connection one writes without help.
  }
}

function named(field) {
  const found = NAMING.exec(field.value.slice(0, field.selectionStart));
  if (!found) return [];
  const typed = plain(found[1]);
  const names = document.getElementById(field.dataset.names).content.querySelectorAll("[role=option]");
  const fits = (name) => name.startsWith(typed) || name.split(" ").some((word) => word.startsWith(typed));
  return [...names]
    .filter((option) => fits(plain(option.textContent)) || plain(option.dataset.text).startsWith(`@${typed}`))
    .slice(0, MOST)
    .map((option) => {
      const copy = option.cloneNode(true);
      copy.dataset.start = field.selectionStart - found[1].length - 1;
      copy.dataset.end = field.selectionStart;
      return copy;
    });
}

function listBelow(field) {
  const list = document.createElement("div");
  list.className = "ec-offers";
  list.id = `ec-offers-${(made += 1)}`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", phrase("offers"));
  list.hidden = true;
  const told = document.createElement("span");
  told.className = "visually-hidden";
  told.setAttribute("role", "status");
  field.after(list, told);
  return { list, told };
}

function describe(field, list) {
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-haspopup", "listbox");
  if (!field.matches("input")) return;
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-expanded", "false");
}

function suggest(field) {
  const isNaming = "names" in field.dataset;
  const { list, told } = listBelow(field);
  let turn = 0;
  let timer = 0;
  describe(field, list);

  const chosen = () => list.querySelector("[aria-selected=true]");

  function mark(option) {
    for (const each of list.children) each.setAttribute("aria-selected", String(each === option));
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  function show(options) {
    list.replaceChildren(...options);
    options.forEach((option, at) => (option.id = `${list.id}-${at}`));
    list.hidden = !options.length;
    if (field.matches("[role=combobox]")) field.setAttribute("aria-expanded", String(!list.hidden));
    told.textContent = options.length ? phrase("offered", { count: options.length }) : "";
    // Whoever writes @ wants a name; whoever writes a filter may be done with it, and Enter then asks for it.
    mark(isNaming ? options[0] : null);
  }

  function close() {
    turn += 1;
    clearTimeout(timer);
    show([]);
  }

  async function look() {
    const mine = (turn += 1);
    const options = isNaming ? named(field) : await offered(field);
    if (mine === turn && document.activeElement === field) show(options);
  }

  function take(option) {
    const { text, start, end } = option.dataset;
    // Letters that were written since it was offered belong to what it stands for.
    field.setRangeText(text, Number(start), Math.max(Number(end), field.selectionStart), "end");
    close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function step(by) {
    const options = [...list.children];
    const at = options.indexOf(chosen());
    mark(options.at(at < 0 && by < 0 ? -1 : (at + by) % options.length));
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    // What was offered for the last word is nothing for the next one.
    if (!isNaming && /\s/.test(field.value.charAt(field.selectionStart - 1))) close();
    timer = setTimeout(look, isNaming ? 0 : WAIT);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const option = chosen();
    if (list.hidden) {
      if (by !== 1 || isNaming) return;
      look();
    } else if (by) step(by);
    else if (event.key === "Escape") close();
    else if (option && (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey))) take(option);
    else return;
    event.preventDefault();
  });
  field.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
}

export function startSuggestions() {
  const prepare = () => {
    for (const field of document.querySelectorAll(":is([data-offers], [data-names]):not([aria-autocomplete])")) suggest(field);
  };
  prepare();
  document.addEventListener("htmx:after:swap", prepare);
}
