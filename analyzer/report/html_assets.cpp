#include "report/html.h"

namespace gabion::report {

std::string_view html_style() {
  return R"css(
:root { color-scheme: light dark; --ink: #1b1f24; --faint: #59636e; --paper: #fff; --shade: #f4f6f8; --line: #d1d9e0;
  --critical: #8b1a8b; --high: #b3261e; --medium: #8a5a00; --low: #1f6f78; --good: #1a7f37; --mark: #fff3bf;
  --added: #dafbe1; --removed: #ffebe9; --link: #0b57d0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --faint: #9aa5b1; --paper: #14181d; --shade: #1e242b;
  --line: #3a434d; --critical: #e59ae5; --high: #ff8a80; --medium: #f0b850; --low: #7fd1da; --good: #6fdd8b;
  --mark: #574a14; --added: #133d20; --removed: #4b1b1b; --link: #8ab4f8; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: anywhere; }
a { color: var(--link); }
h1 { font-size: 1.6rem; margin: 0.5rem 0; }
h2 { font-size: 1.25rem; margin: 2rem 0 0.5rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1rem 0 0.25rem; }
nav a { margin-right: 1rem; white-space: nowrap; }
.faint { color: var(--faint); }
.cards { display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 1rem 0; padding: 0; list-style: none; }
.cards li { flex: 1 1 7.5rem; overflow-wrap: normal; padding: 0.5rem 0.75rem; border: 1px solid var(--line); border-left: 0.3rem solid var(--faint);
  border-radius: 0.3rem; background: var(--shade); }
.cards b { display: block; font-size: 1.5rem; line-height: 1.2; }
.critical { --tone: var(--critical); } .high { --tone: var(--high); } .medium { --tone: var(--medium); }
.low { --tone: var(--low); } .passed { --tone: var(--good); } .failed { --tone: var(--high); }
.unknown { --tone: var(--medium); } .suppressed { --tone: var(--faint); }
.cards li.critical, .cards li.high, .cards li.medium, .cards li.low, .cards li.passed, .cards li.failed,
.cards li.unknown { border-left-color: var(--tone); }
.badge { display: inline-block; min-width: 4.6rem; padding: 0 0.4rem; border: 1px solid var(--tone, var(--faint));
  border-radius: 0.8rem; color: var(--tone, var(--faint)); font-size: 0.8rem; font-weight: 600; text-align: center;
  white-space: nowrap; }
.notice { padding: 0.5rem 0.75rem; border: 1px solid var(--tone); border-left-width: 0.3rem; border-radius: 0.3rem; }
form { display: none; gap: 0.5rem; flex-wrap: wrap; align-items: center; margin: 0.75rem 0; }
.js form { display: flex; }
form input[type=search] { flex: 1 1 14rem; }
form input[type=search], form select, form button { min-height: 2.4rem; max-width: 100%; padding: 0.25rem 0.5rem;
  color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: 0.3rem; font: inherit; }
form label { display: inline-flex; gap: 0.25rem; align-items: center; min-height: 2.4rem; }
details.finding { margin: 0.4rem 0; border: 1px solid var(--line); border-left: 0.3rem solid var(--tone, var(--faint));
  border-radius: 0.3rem; }
details.finding > summary { padding: 0.5rem 0.6rem; cursor: pointer; }
details.finding > div { padding: 0 0.75rem 0.75rem; border-top: 1px solid var(--line); }
summary code { color: var(--faint); }
[hidden] { display: none !important; }
code, pre { font: 0.875rem/1.45 ui-monospace, "SFMono-Regular", Menlo, Consolas, "Liberation Mono", monospace; }
pre { margin: 0.25rem 0; padding: 0.5rem 0; overflow-x: auto; background: var(--shade); border-radius: 0.3rem;
  overflow-wrap: normal; }
pre span { display: block; min-width: max-content; padding: 0 0.6rem; white-space: pre; }
pre span.hit { background: var(--mark); }
pre span.added { background: var(--added); } pre span.removed { background: var(--removed); }
pre i { display: inline-block; min-width: 2.5rem; margin-right: 0.75rem; color: var(--faint); font-style: normal;
  text-align: right; user-select: none; }
pre mark { color: inherit; background: none; border-radius: 0.15rem; outline: 1px solid var(--tone, var(--high)); }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 0.3rem 0.5rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { overflow-wrap: normal; }
td { overflow-wrap: break-word; }
td code { overflow-wrap: anywhere; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
table.facts th { width: 11rem; font-weight: 600; }
ol.trace { padding-left: 1.5rem; }
@media (max-width: 40rem) { body { padding: 0.6rem; } table.facts th, table.facts td { display: block; width: auto;
  border-bottom: 0; padding: 0.1rem 0; } .badge { min-width: 0; } }
@media print { :root { color-scheme: light; --ink: #000; --faint: #444; --paper: #fff; --shade: #fff; --line: #999;
  --critical: #6a006a; --high: #9c0000; --medium: #664200; --low: #004f58; --good: #005a20; --mark: #eee;
  --added: #eee; --removed: #fff; --link: #000; }
  body { max-width: none; font-size: 10pt; } form, nav { display: none !important; }
  details::details-content { content-visibility: visible; display: block; }
  details.finding > summary, h3 { break-after: avoid-page; } pre, tr { break-inside: avoid-page; }
  pre { overflow: visible; border: 1px solid var(--line); }
  pre span { min-width: 0; white-space: pre-wrap; overflow-wrap: anywhere; } .scroll { overflow: visible; } }
)css";
}

std::string_view html_script() {
  return R"js(
"use strict";
(function () {
  const form = document.getElementById("filter");
  if (!form) { return; }
  document.documentElement.classList.add("js");
  const findings = Array.from(document.querySelectorAll("details.finding"));
  const shown = document.getElementById("shown");
  const texts = new Map();
  function textOf(finding) {
    if (!texts.has(finding)) { texts.set(finding, finding.textContent.toLowerCase()); }
    return texts.get(finding);
  }
  function chosen() {
    return Array.from(form.elements.severity).filter((box) => box.checked).map((box) => box.value);
  }
  function apply() {
    const words = form.elements.q.value.toLowerCase().split(/\s+/).filter(Boolean);
    const severities = new Set(chosen());
    const rule = form.elements.rule.value;
    const module = form.elements.module.value;
    const state = form.elements.state.value;
    let instances = 0, places = 0;
    for (const finding of findings) {
      const data = finding.dataset;
      const fits = severities.has(data.severity) && (rule === "" || data.rule === rule) &&
        (module === "" || JSON.parse(data.modules).includes(module === "/" ? "" : module)) &&
        (state === "" || data.states.split(" ").includes(state)) &&
        words.every((word) => textOf(finding).includes(word));
      finding.hidden = !fits;
      if (fits) { places += 1; instances += Number(data.instances); }
    }
    shown.textContent = instances + (instances === 1 ? " finding at " : " findings at ") + places +
      (places === 1 ? " place" : " places");
  }
  function save() {
    const state = new URLSearchParams();
    const severities = chosen();
    if (form.elements.q.value) { state.set("q", form.elements.q.value); }
    if (severities.length !== form.elements.severity.length) { state.set("severity", severities.join(",")); }
    for (const name of ["rule", "module", "state"]) {
      if (form.elements[name].value) { state.set(name, form.elements[name].value); }
    }
    const text = state.toString();
    try { history.replaceState(null, "", text ? "#" + text : "#findings"); } catch (ignored) { /* not from a file */ }
  }
  function load() {
    const state = new URLSearchParams(location.hash.slice(1));
    if (!["q", "severity", "rule", "module", "state"].some((name) => state.has(name))) { return; }
    form.elements.q.value = state.get("q") || "";
    const severities = state.has("severity") ? state.get("severity").split(",") : null;
    for (const box of form.elements.severity) { box.checked = !severities || severities.includes(box.value); }
    for (const name of ["rule", "module", "state"]) { form.elements[name].value = state.get(name) || ""; }
  }
  form.addEventListener("input", () => { apply(); save(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { apply(); save(); }, 0));
  window.addEventListener("hashchange", () => { load(); apply(); });
  document.getElementById("open").addEventListener("click", () => {
    const visible = findings.filter((finding) => !finding.hidden);
    const open = visible.some((finding) => !finding.open);
    for (const finding of visible) { finding.open = open; }
  });
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = findings.filter((finding) => !finding.open);
    for (const finding of closed) { finding.open = true; }
  });
  window.addEventListener("afterprint", () => { for (const finding of closed) { finding.open = false; } });
  load();
  apply();
})();
)js";
}

}  // namespace gabion::report
