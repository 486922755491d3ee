// Light, dark or as the system says. The choice is a cookie, so that the server draws the next page right away.
const system = matchMedia("(prefers-color-scheme: dark)");

function apply(choice) {
  const root = document.documentElement;
  root.dataset.themeChoice = choice;
  root.dataset.bsTheme = choice === "auto" ? (system.matches ? "dark" : "light") : choice;
  for (const button of document.querySelectorAll("[data-set-theme]")) {
    button.setAttribute("aria-pressed", String(button.dataset.setTheme === choice));
  }
}

export function startTheme() {
  const chosen = () => document.documentElement.dataset.themeChoice || "auto";
  apply(chosen());
  system.addEventListener("change", () => apply(chosen()));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-set-theme]");
    if (!button) return;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `ec_theme=${button.dataset.setTheme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    apply(button.dataset.setTheme);
  });
}
