#!/usr/bin/env python3
"""Measures `gabion fix` on many fixtures: what is found, what is fixed, what is left and why.

Usage: measure_fixes.py GABION LIST OUT.json [--jobs N] [--rules FILE] [--terraform PLUGINS [--sample N]]

LIST names one file or directory a line. Each is copied, scanned, fixed with --write --unsafe, scanned and fixed again;
the originals are never touched. Counted as wrong: a fix whose finding stays, a finding that is new, an error that is
new, a second run that changes something. --rules names a file of rule ids, one a line: the share of their findings that
is fixed is printed. --terraform also asks `terraform validate`, with the AWS provider from a plugin directory, about
fixtures of plain AWS resources, before and after.
"""
import argparse
import collections
import concurrent.futures
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

QUIET = ["--no-config", "--no-gitignore"]
WRITE = ["--write", "--unsafe", "--allow-dirty"]
LED_TO = re.compile(r"^of these \d+ new, which the fixes lead to:\n((?:  .*\n)*)", re.MULTILINE)
NAMED = re.compile(r"^  ([a-z0-9-]+) \((.*?)\): ", re.MULTILINE)
SKIPPED = re.compile(r"^(?P<file>.*?):(?P<line>\d+): (?P<rule>[a-z0-9-]+) \((?P<resource>.*?)\): (?P<reason>.+)$")
PROVIDER = """terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
"""
# Configuration of Terraform itself: providers from a directory alone.
MIRROR = """provider_installation {
  filesystem_mirror {
    path = %s
  }
}
"""


def copied(source, target):
    if os.path.isdir(source):
        shutil.copytree(source, target, symlinks=True)
    else:
        os.makedirs(target)
        shutil.copy(source, target)


def scan(gabion, path):
    run = subprocess.run([gabion, "scan", *QUIET, "--format", "json", path], capture_output=True, text=True, check=False)
    try:
        return json.loads(run.stdout)
    except json.JSONDecodeError:
        sys.exit(f"{gabion} scan {path}: exit status {run.returncode}, no report: {run.stderr[-300:]}")


def fix(gabion, path):
    return subprocess.run([gabion, "fix", *QUIET, *WRITE, path], capture_output=True, text=True, check=False)


def reason_class(reason):
    """The reason without names and values, so that equal ones can be counted."""
    for start in ("the fix could not be proved: another finding would appear: ", "the fix could not be proved: "):
        if reason.startswith(start):
            rest = reason[len(start):]
            if start.endswith("appear: "):
                return "unproved: new finding of " + rest.split(" at ")[0]
            return "unproved: " + re.split(r"[:;]", rest)[0]
    if reason.startswith("needs a value that only a person knows"):
        return "by hand: a value that only a person knows"
    if ": " in reason and not reason.startswith("unsafe"):
        return "by hand: " + reason.split(": ", 1)[1].split(";")[0][:90]
    return reason[:90]


def measure(job):
    gabion, source = job
    with tempfile.TemporaryDirectory(prefix="measure-") as folder:
        work = os.path.join(folder, "w")
        copied(source, work)
        before = scan(gabion, work)
        first = fix(gabion, work)
        after = scan(gabion, work)
        second = fix(gabion, work)
    wrong = []
    # What is left of a finding may say something else, about a statement that has become smaller.
    count = lambda result: collections.Counter((f["rule"]["id"], f["resource"]) for f in result["findings"])
    errors = lambda result: sum(d["severity"] == "error" for d in result["diagnostics"])
    old, new = count(before), count(after)
    gone = sum((old - new).values())
    stated = re.search(r"(\d+) findings? fixed", first.stderr)
    if first.returncode not in (0, 1, 3):
        wrong.append(f"exit status {first.returncode}: {first.stderr[-300:]}")
    led_to = collections.Counter(NAMED.findall("".join(LED_TO.findall(first.stderr))))
    if new - old - led_to:
        wrong.append("new findings: " + ", ".join(sorted({rule for rule, _ in new - old - led_to})))
    if errors(after) > errors(before):
        wrong.append("new errors")
    if second.stdout.strip():
        wrong.append("the second run changes something: " + second.stdout[:200])
    if stated and int(stated.group(1)) != gone:
        wrong.append(f"{stated.group(1)} findings said to be fixed, {gone} are gone")
    rules = collections.defaultdict(collections.Counter)
    left = new.copy()
    for finding in before["findings"]:
        rule = rules[finding["rule"]["id"]]
        rule["findings"] += 1
        rule["fixable"] += bool(finding.get("fix") and finding["fix"]["edits"])
        subject = (finding["rule"]["id"], finding["resource"])
        if left[subject] > 0:
            left[subject] -= 1
        else:
            rule["fixed"] += 1
    reasons = collections.Counter()
    for line in first.stderr.splitlines():
        if match := SKIPPED.match(line):
            reasons[match["rule"] + "\t" + reason_class(match["reason"])] += 1
    return source, {rule: dict(counts) for rule, counts in rules.items()}, dict(reasons), wrong


def plain(source):
    """Only resources of AWS, so that a provider's schema is all that validation needs."""
    files = glob.glob(os.path.join(source, "*.tf")) if os.path.isdir(source) else [source]
    text = "".join(open(name, errors="replace", encoding="utf-8").read() for name in files)
    other = r'required_providers|^\s*terraform\s*\{|^\s*module\s|provider "(?!aws")|(?:resource|data) "(?!aws_)'
    return bool(files) and all(name.endswith(".tf") for name in files) and not re.search(other, text, re.MULTILINE)


def terraform(folder, configuration, *arguments):
    return subprocess.run(["terraform", *arguments], cwd=folder, capture_output=True, text=True, check=False,
                          env={**os.environ, "CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": configuration})


def batch_root(folder, batch, change):
    with open(os.path.join(folder, "main.tf"), "w", encoding="utf-8") as root:
        root.write(PROVIDER)
        for index, source in enumerate(batch):
            copied(source, os.path.join(folder, f"f{index}"))
            change(os.path.join(folder, f"f{index}"))
            root.write(f'module "f{index}" {{\n  source = "./f{index}"\n}}\n')


def complaints(batch, configuration, change):
    """Errors by index; or the indexes that cannot even be loaded."""
    with tempfile.TemporaryDirectory(prefix="validate-") as folder:
        batch_root(folder, batch, change)
        ready = terraform(folder, configuration, "init", "-backend=false", "-no-color")
        if ready.returncode:
            return None, {int(index) for index in re.findall(r"\bf(\d+)/", ready.stderr)}
        checked = json.loads(terraform(folder, configuration, "validate", "-json").stdout)
    errors = collections.defaultdict(collections.Counter)
    for entry in checked["diagnostics"]:
        match = re.match(r"f(\d+)/", entry.get("range", {}).get("filename", ""))
        if entry["severity"] == "error" and match:
            errors[int(match[1])][entry["summary"] + ": " + entry.get("detail", "")[:200]] += 1
    return errors, set()


def validate(gabion, sources, configuration, sample):
    accepted, refused, again = 0, [], []
    usable = [source for source in sources if plain(source)][:sample]
    for start in range(0, len(usable), 60):
        batch = usable[start:start + 60]
        before = None
        for _ in range(8):
            before, broken = complaints(batch, configuration, lambda folder: None)
            if before is not None or not broken:
                break
            batch = [source for index, source in enumerate(batch) if index not in broken]
        if before is None:
            print(f"not asked: {len(batch)} fixtures from {batch[0]} on cannot be loaded together")
            continue
        after, broken = complaints(batch, configuration, lambda folder: fix(gabion, folder))
        if after is None:
            refused.append((batch[:1], "the batch cannot be loaded after the fixes", sorted(broken)))
            continue
        for index, source in enumerate(batch):
            accepted += not before[index]
            if more := after[index] - before[index]:
                # Terraform checks in steps: what is mended in one lets it come to another mistake that was there.
                (again if before[index] else refused).append((source, list(more)[:3]))
    print(f"terraform validate: {accepted} accepted before the fixes, {len(refused)} of them refused after them; "
          f"{len(again)} refused before and after for more reasons")
    for entry in refused + again:
        print("  ", *entry)


def print_tables(results, ids):
    rules, reasons = collections.defaultdict(collections.Counter), collections.Counter()
    wrong = [(source, text) for source, _, _, texts in results for text in texts]
    for _, by_rule, why, _ in results:
        reasons.update(why)
        for rule, counts in by_rule.items():
            rules[rule].update(counts)
    total = sum((counts for counts in rules.values()), collections.Counter())
    print(f"fixtures {len(results)}, findings {total['findings']}, fixable {total['fixable']}, "
          f"fixed {total['fixed']}, wrong {len(wrong)}")
    by_reason = collections.Counter()
    for key, count in reasons.items():
        by_reason[key.split("\t")[1]] += count
    print("\nleft, by reason:")
    for reason, count in by_reason.most_common():
        print(f"{count:6} {reason}")
    chosen = ids if ids else {rule for rule, counts in rules.items() if counts["fixable"]}
    some = sum((rules[rule] for rule in chosen if rule in rules), collections.Counter())
    share = 100 * some["fixed"] / max(1, some["findings"])
    print(f"\nrules {'of the list' if ids else 'with a fix'}: {some['fixed']} of {some['findings']} findings fixed, "
          f"{share:.1f} %")
    for rule in sorted(chosen, key=lambda rule: rules[rule]["fixed"] - rules[rule]["findings"]):
        counts = rules[rule]
        if counts["findings"] > counts["fixed"]:
            why = sorted(((n, key.split("\t")[1]) for key, n in reasons.items() if key.startswith(rule + "\t")),
                         reverse=True)
            print(f"{counts['fixed']:5}/{counts['findings']:<5} {rule}: " +
                  "; ".join(f"{n} {text}" for n, text in why[:4]))
    for source, text in wrong:
        print("WRONG", source, text)
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("gabion")
    parser.add_argument("list")
    parser.add_argument("out")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--rules", help="file of rule ids, one a line")
    parser.add_argument("--terraform", metavar="CONFIG", help="Terraform CLI configuration that finds the AWS provider")
    parser.add_argument("--sample", type=int, default=300, help="how many fixtures to validate")
    arguments = parser.parse_args()
    with open(arguments.list, encoding="utf-8") as lines:
        sources = [line.strip() for line in lines if line.strip()]
    ids = set()
    if arguments.rules:
        with open(arguments.rules, encoding="utf-8") as lines:
            ids = {line.strip() for line in lines if line.strip()}
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        results = list(pool.map(measure, [(arguments.gabion, source) for source in sources]))
    with open(arguments.out, "w", encoding="utf-8") as out:
        json.dump([dict(zip(("fixture", "rules", "left", "wrong"), result)) for result in results], out, indent=1)
    wrong = print_tables(results, ids)
    if arguments.terraform:
        with tempfile.NamedTemporaryFile("w", suffix=".tfrc", encoding="utf-8") as configuration:
            configuration.write(MIRROR % json.dumps(os.path.abspath(arguments.terraform)))
            configuration.flush()
            validate(arguments.gabion, sources, configuration.name, arguments.sample)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
