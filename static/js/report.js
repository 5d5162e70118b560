/* Comforts of the report's form: live sums, Enter goes down, sending waits for autosave. The form works without. */
(() => {
  "use strict";

  /* Keys of the review desk: a, n, p. Only outside of fields, and never with another key held. */
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest("input, textarea, select, button, a, summary, [contenteditable]")) return;
    const wanted = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!wanted) return;
    event.preventDefault();
    wanted.focus(); // a second press of Enter does it: a slip of one finger approves nothing
  });

  const form = document.getElementById("report-form");
  if (!form) return;

  /* The same numbers as the server reads: digits, commas between thousands, a point. Anything else is no number. */
  const scale = 6;
  const readNumber = (text) => {
    const plain = text.trim().replace(/[\u2212\u2013]/g, "-").replace(/(\d)[ \u00a0\u202f](?=\d{3}(?!\d))/g, "$1");
    const shape = /^([+-]?)(\d{1,3}(?:,\d{3})+|\d+)?(?:\.(\d*))?$/.exec(plain);
    if (!shape || (!shape[2] && !shape[3]) || (shape[3] || "").length > scale) return null;
    const digits = (shape[2] || "0").replace(/,/g, "") + (shape[3] || "").padEnd(scale, "0");
    return BigInt(digits) * (shape[1] === "-" ? -1n : 1n); // millionths, so that sums are exact
  };
  const writeNumber = (number) => {
    const digits = (number < 0n ? -number : number).toString().padStart(scale + 1, "0");
    const whole = digits.slice(0, -scale).replace(/\B(?=(\d{3})+$)/g, ",");
    const rest = digits.slice(-scale).replace(/0+$/, "");
    return (number < 0n ? "-" : "") + whole + (rest ? "." + rest : "");
  };
  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));

  const reasonOf = (id) => document.getElementById(id.replace(/-(amount|base)$/, "-status"))?.value || "";

  // Too small to give: nothing can be reckoned with it here.
  const isWithheld = (id) => /^\s*[<≤]/.test(document.getElementById(id)?.value || "") || reasonOf(id) === "withheld";

  const valueOf = (id) => {
    const input = id ? document.getElementById(id) : null;
    return input && !isWithheld(id) ? readNumber(input.value) : null;
  };

  const isFilled = (id) => valueOf(id) !== null || Boolean(reasonOf(id));

  const tell = (output) => {
    const ids = output.dataset.parts.split(" ").filter(Boolean);
    const parts = ids.map(valueOf).filter((number) => number !== null);
    const unknown = valueOf(output.dataset.unknown);
    const total = valueOf(output.dataset.total);
    if (unknown !== null) parts.push(unknown);
    if (!parts.length) return "";
    const sum = parts.reduce((one, other) => one + other, 0n);
    const values = { sum: writeNumber(sum) };
    if (total === null) return fill(output.dataset.alone, values);
    values.total = writeNumber(total);
    if (sum > total) return fill(output.dataset.over, values);
    const words = fill(output.dataset.of, values);
    if (!output.dataset.unknown || unknown !== null || !ids.every(isFilled) || ids.some(isWithheld)) return words;
    const rest = { name: output.dataset.unknownName, rest: writeNumber(total - sum) };
    return `${words} ${fill(output.dataset.rest, rest)}`;
  };

  const sums = [...form.querySelectorAll("[data-sum]")];
  const addUp = () => sums.forEach((output) => {
    const words = tell(output);
    if (output.textContent !== words) output.textContent = words;
  });
  form.addEventListener("input", addUp);
  addUp();

  /* Enter goes down to the next figure. Buttons still send the form. */
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches("input[data-figure], input[type=radio]")) return;
    event.preventDefault();
    const fields = [...form.querySelectorAll("input[data-figure], input[type=radio]:checked, input[type=radio][value=yes]")];
    const next = fields[fields.indexOf(event.target) + 1];
    if (next) {
      next.focus();
      if (next.select) next.select();
    }
  });

  /* Sending waits for a save that is under way: otherwise the form would conflict with itself. */
  const autosave = document.getElementById("autosave");
  let saving = false;
  let waiting = null;
  let dirty = form.dataset.unsaved === "true";
  autosave.addEventListener("htmx:beforeRequest", () => { saving = true; dirty = false; });
  autosave.addEventListener("htmx:afterRequest", (event) => {
    saving = false;
    if (!event.detail.successful) dirty = true;
    if (!waiting) return;
    const button = waiting;
    waiting = null;
    // after the swap, when the form holds the new version
    window.setTimeout(() => form.requestSubmit(button), 50);
  });
  form.addEventListener("input", () => { dirty = true; });
  form.addEventListener("submit", (event) => {
    if (saving) {
      event.preventDefault();
      waiting = event.submitter;
      return;
    }
    dirty = false;
  });
  window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
})();
