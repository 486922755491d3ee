// The words the scripts say, put into the page by the server in the reader's language; and the place to say them.
export function phrase(name, values = {}) {
  const text = document.getElementById("ec-phrases")?.dataset[name] ?? "";
  return text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

export function timeNow() {
  return new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
}

// A message in the corner, read out politely; it goes by itself unless it is an error.
export function toast(text, { stay = false } = {}) {
  const corner = document.getElementById("toasts");
  const isSaid = [...(corner?.children ?? [])].some((box) => box.firstElementChild?.textContent === text);
  if (!corner || !text || isSaid) return;
  const box = document.createElement("div");
  box.className = "ec-toast";
  box.dataset.toast = stay ? "stay" : "";
  const words = document.createElement("span");
  words.className = "ec-grow";
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn btn-sm";
  close.textContent = phrase("leave");
  close.dataset.closeToast = "";
  box.append(words, close);
  corner.append(box);
  if (!stay) setTimeout(() => box.remove(), 8000);
}
