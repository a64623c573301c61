(() => {
  const root = document.documentElement;
  const button = document.getElementById("theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  // Pages opened from a file may have no storage.
  const storage = { get: () => { try { return localStorage.getItem("theme"); } catch { return null; } },
                    set: (value) => { try { localStorage.setItem("theme", value); } catch { /* not kept */ } } };
  const current = () => root.dataset.theme || (system.matches ? "dark" : "light");
  const other = () => (current() === "dark" ? "light" : "dark");
  const label = () => { button.querySelector("span").textContent = other() === "dark" ? "Dark" : "Light";
                        button.setAttribute("aria-label", `Switch to the ${other()} theme`); };
  const saved = storage.get();
  if (saved === "dark" || saved === "light") root.dataset.theme = saved;
  button.addEventListener("click", () => { root.dataset.theme = other(); storage.set(root.dataset.theme); label(); });
  system.addEventListener("change", label);
  button.hidden = false;
  label();
})();
