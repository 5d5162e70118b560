/* Keys of the review desk. The desk works without: every key stands for a button, a link or a field of the page. */
(() => {
  "use strict";

  const keys = document.getElementById("keys");
  const choice = document.getElementById("keys-switch");
  const words = document.getElementById("keys-words");
  const name = "desk-keys"; // what somebody has chosen stays with this browser
  const read = () => { try { return window.localStorage.getItem(name) !== "off"; } catch { return true; } };
  const keep = (on) => { try { window.localStorage.setItem(name, on ? "on" : "off"); } catch { /* for this page only */ } };
  let on = read();

  const show = () => {
    choice.setAttribute("aria-pressed", String(on));
    choice.textContent = on ? words.dataset.on : words.dataset.off;
  };
  if (keys) {
    keys.hidden = false;
    show();
    choice.addEventListener("click", () => { on = !on; keep(on); show(); });
  }

  document.addEventListener("keydown", (event) => {
    if (!on || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const wanted = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!wanted) return;
    event.preventDefault();
    wanted.focus(); // a second press, of Enter, does it: a slip of one finger approves nothing
  });
})();
